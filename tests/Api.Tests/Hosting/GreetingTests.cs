using Customer360.Api.Hosting;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Tests.Hosting;

/// <summary>What a person in Development reads on the console.</summary>
public sealed class GreetingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-greeting-").FullName;

    [Fact]
    public void Text_WithMadeKeys_ShowsThemAndLinesThatUseThem()
    {
        var made = DevelopmentKeys.ReadOrMake(_folder);

        string text = Greeting.Text(
            ["http://localhost:8361"],
            "/data (SQLite)",
            new KnownKeys(new ApiKeys([]), made),
            false
        );

        Assert.Contains("Customer 360 Grid is ready on http://localhost:8361", text, StringComparison.Ordinal);
        Assert.Contains("port 8360 is taken", text, StringComparison.Ordinal);
        Assert.Contains(
            $"made now and kept in {Path.Combine(_folder, DevelopmentKeys.FileName)}",
            text,
            StringComparison.Ordinal
        );
        Assert.All(made.Keys, pair => Assert.Contains(pair.Secret, text, StringComparison.Ordinal));
        string collect = made.Keys.Single(pair => pair.Key.Roles == Roles.Collect).Secret;
        Assert.Contains(
            $"curl -u {collect}: 'http://localhost:8361/v1/identify?wait=applied' -d '{{\"userId\":",
            text,
            StringComparison.Ordinal
        );
        string read = made.Keys.Single(pair => pair.Key.Roles == Roles.Read).Secret;
        Assert.Contains(
            $"curl -H 'Authorization: Bearer {read}' http://localhost:8361/v1/profiles/",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Text_WithKeysOfTheSettings_ShowsNoSecret()
    {
        string text = Greeting.Text(
            ["http://localhost:8360"],
            "/data (SQLite)",
            new KnownKeys(new ApiKeys([]), Made: null),
            true
        );

        Assert.Contains("those of the settings", text, StringComparison.Ordinal);
        Assert.Contains("curl -u COLLECT_KEY:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("is taken", text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
