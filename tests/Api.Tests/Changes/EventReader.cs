using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Customer360.Api.Tests.Changes;

/// <param name="Id">Null: as before.</param>
/// <param name="Name">Null: no event, but a comment or an id alone.</param>
internal sealed record ServerSentEvent(string? Id, string? Name, JsonElement Data);

/// <summary>Reads a stream of server-sent events over real HTTP, as a browser reads it: it keeps the last id.</summary>
internal sealed class EventReader : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventReader(HttpClient client, HttpResponseMessage response, StreamReader reader) =>
        (_client, _response, _reader) = (client, response, reader);

    public string? LastId { get; private set; }

    public int Beats { get; private set; }

    public HttpResponseMessage Response => _response;

    /// <summary>Opens a stream; where it is refused the status says so.</summary>
    public static async Task<EventReader> OpenAsync(Uri address, string path, string key, string? lastEventId = null)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new EventReader(client, response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null where the stream has ended.</summary>
    public async Task<ServerSentEvent?> Next()
    {
        while (await Block() is { } block)
        {
            if (block.Name is not null)
            {
                return block;
            }

            Beats++;
        }

        return null;
    }

    /// <summary>The next event of which something holds.</summary>
    public async Task<ServerSentEvent> Next(Func<ServerSentEvent, bool> isMeant)
    {
        while (true)
        {
            ServerSentEvent next = await Next() ?? throw new InvalidOperationException("The stream has ended.");
            if (isMeant(next))
            {
                return next;
            }
        }
    }

    /// <summary>Waits for a comment.</summary>
    public async Task Beat()
    {
        ServerSentEvent? block = await Block();
        Assert.NotNull(block);
        Assert.Null(block.Name);
        Beats++;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
        _client.Dispose();
    }

    private async Task<ServerSentEvent?> Block()
    {
        Assert.Equal(HttpStatusCode.OK, _response.StatusCode);
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        string? id = null;
        string? name = null;
        JsonElement data = default;
        while (await _reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length == 0)
            {
                return new ServerSentEvent(id, name, data);
            }

            string[] parts = line.Split(": ", 2);
            switch (parts[0])
            {
                case "id":
                    id = LastId = parts[1];
                    break;
                case "event":
                    name = parts[1];
                    break;
                case "data":
                    data = JsonSerializer.Deserialize<JsonElement>(parts[1]);
                    break;
            }
        }

        return null;
    }
}
