using Customer360.Api.OpenApi;

namespace Customer360.Api.Docs;

/// <summary>The page at <c>/</c>. It says what this is and where to go on, and nothing about anybody.</summary>
internal static class WelcomePage
{
    public static RouteDescription Description { get; } =
        new("getWelcome", "Operations", "Says in a browser what this is and where to go on.")
        {
            Answer = new RouteAnswer(StatusCodes.Status200OK, "A page.", "text/html; charset=utf-8", "<!doctype html>"),
        };

    /// <param name="tryPath">Where the API can be tried, or null.</param>
    public static string Html(string? tryPath) =>
        $$$"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Customer 360 Grid</title></head>
            <body>
            <main>
            <h1>Customer 360 Grid</h1>
            <p>It takes customer events in as Segment's SDKs send them, finds out which of them are of one person, and answers
            with that person's profile.</p>
            <ul>
            {{{(
                tryPath is null
                    ? ""
                    : $"<li><a href=\"{tryPath}\">Try the API</a> (a key is in the output of the start)</li>\n"
            )}}}<li><a href="{{{OpenApiRegistration.Path}}}">What the API can do</a>, for programs (OpenAPI)</li>
            <li><a href="/health/ready">Whether it is ready</a></li>
            </ul>
            <p>There are pages for people, too, which this process does not have: they were left out when it was built, for want of
            Node 20 and npm, or the setting CUSTOMER360__CONSOLE__ENABLED is false. Install Node, build again with
            <code>dotnet build api</code>, and they are here.</p>
            <p>Send an event, then read the profile. COLLECT_KEY and READ_KEY are keys of the settings:</p>
            <pre>curl -u COLLECT_KEY: 'http://localhost:8360/v1/identify?wait=applied' -d '{"userId":"jane","traits":{"plan":"pro"}}'
            curl -H 'Authorization: Bearer READ_KEY' http://localhost:8360/v1/profiles/user_id:jane</pre>
            </main>
            </body>
            </html>

            """.ReplaceLineEndings(
            "\n"
        );
}
