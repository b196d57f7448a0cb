using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Customer360.Api.Commands;

/// <summary>Calls the grid as any caller does, and sends again what is put off (429, 503) when the grid says.</summary>
internal sealed class GridClient : IDisposable
{
    /// <summary>Times that a request is sent at most.</summary>
    private const int AttemptsMax = 30;

    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly AuthenticationHeaderValue _key;

    public GridClient(HttpMessageHandler handler, Uri url, string key, TimeProvider time)
    {
        _http = new HttpClient(handler) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(100) };
        _key = new AuthenticationHeaderValue("Bearer", key);
        _time = time;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The answer to a GET, or null where there is nothing (404).</summary>
    /// <exception cref="CommandException">It is none that helps.</exception>
    public async Task<JsonElement?> Find(string path, CancellationToken cancelled)
    {
        (HttpStatusCode status, string body) = await Send(HttpMethod.Get, path, null, [], cancelled);
        return status == HttpStatusCode.NotFound ? null : Parse(status, body, path);
    }

    /// <summary>The answer to a GET of something that must be there.</summary>
    /// <inheritdoc cref="Find"/>
    public async Task<JsonElement> Get(string path, CancellationToken cancelled) =>
        await Find(path, cancelled)
        ?? throw new CommandException(CommandExit.Failed, $"The grid has nothing at {path}: is it an older release?");

    /// <inheritdoc cref="Find"/>
    public async Task<JsonElement> Post(
        string path,
        string json,
        CancellationToken cancelled,
        params (string Name, string Value)[] headers
    )
    {
        (HttpStatusCode status, string body) = await Send(
            HttpMethod.Post,
            path,
            (json, "application/json"),
            headers,
            cancelled
        );
        return Parse(status, body, path);
    }

    /// <inheritdoc cref="Find"/>
    public async Task<JsonElement> Put(string path, string text, string contentType, CancellationToken cancelled)
    {
        (HttpStatusCode status, string body) = await Send(HttpMethod.Put, path, (text, contentType), [], cancelled);
        return Parse(status, body, path);
    }

    /// <summary>Sends what HubSpot would, signed as HubSpot signs (v3).</summary>
    /// <returns>False: the grid does not know the secret.</returns>
    /// <inheritdoc cref="Find"/>
    public async Task<bool> SendHubSpot(string path, string json, string secret, CancellationToken cancelled)
    {
        string timestamp = _time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        string address = _http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path;
        byte[] signature = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(secret),
            Encoding.UTF8.GetBytes($"POST{address}{json}{timestamp}")
        );
        (HttpStatusCode status, string body) = await Send(
            HttpMethod.Post,
            path,
            (json, "application/json"),
            [("X-HubSpot-Signature-v3", Convert.ToBase64String(signature)), ("X-HubSpot-Request-Timestamp", timestamp)],
            cancelled
        );
        if (status == HttpStatusCode.Unauthorized)
        {
            return false;
        }

        Parse(status, body, path);
        return true;
    }

    private async Task<(HttpStatusCode Status, string Body)> Send(
        HttpMethod method,
        string path,
        (string Text, string ContentType)? content,
        (string Name, string Value)[] headers,
        CancellationToken cancelled
    )
    {
        for (int attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = _key;
            foreach ((string name, string value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            request.Content = content is { } sent
                ? new StringContent(sent.Text, Encoding.UTF8, sent.ContentType)
                : null;
            HttpResponseMessage response;
            try
            {
                response = await _http.SendAsync(request, cancelled);
            }
            catch (Exception exception)
                when (exception is HttpRequestException
                    || (exception is TaskCanceledException && !cancelled.IsCancellationRequested)
                )
            {
                throw new CommandException(
                    CommandExit.NotReachable,
                    $"The grid does not answer at {_http.BaseAddress} ({exception.GetBaseException().Message.TrimEnd('.')}). "
                        + "Start it with 'dotnet run --project api', or name another with --url.",
                    exception
                );
            }

            using (response)
            {
                bool isPutOff =
                    response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
                if (!isPutOff || attempt == AttemptsMax)
                {
                    return (response.StatusCode, await response.Content.ReadAsStringAsync(cancelled));
                }

                // The grid says when to come again; no longer than a person at a terminal waits without a word.
                TimeSpan pause = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
                await Task.Delay(pause < s_pauseMax ? pause : s_pauseMax, _time, cancelled);
            }
        }
    }

    private static JsonElement Parse(HttpStatusCode status, string body, string path)
    {
        if (status == HttpStatusCode.Unauthorized)
        {
            throw new CommandException(CommandExit.NotAllowed, "The grid does not know the key.");
        }

        if (status == HttpStatusCode.Forbidden)
        {
            throw new CommandException(
                CommandExit.NotAllowed,
                "The key's role is too low: the command needs a key with the role admin."
            );
        }

        if ((int)status >= 400)
        {
            throw new CommandException(
                CommandExit.Failed,
                $"The grid refused {path} with {(int)status}: {DetailOf(body)}"
            );
        }

        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    private static string DetailOf(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.GetRawText();
        }
        catch (JsonException)
        {
            return "an answer that is no JSON. Is it a grid?";
        }
    }
}

/// <summary>Exit codes of commands that call a grid.</summary>
internal enum CommandExit
{
    Done = 0,

    /// <summary>The grid refused something, or the call was not understood.</summary>
    Failed = 1,
    NotReachable = 2,
    NotAllowed = 3,

    /// <summary>The grid has data of its own.</summary>
    HasData = 4,
}

/// <summary>The command can't go on, and says why in a sentence.</summary>
internal sealed class CommandException(CommandExit exit, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public CommandExit Exit { get; } = exit;
}
