using System.Buffers;
using System.Text;
using Customer360.Api.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Customer360.Api.Changes;

/// <summary>Writes server-sent events (WHATWG HTML, 9.2). Each goes out at once; a reader that does not keep up makes the next write wait.</summary>
internal sealed class EventStream
{
    public const string ContentType = "text/event-stream";

    private readonly HttpResponse _response;
    private readonly CancellationToken _stop;

    private EventStream(HttpResponse response, CancellationToken stop) => (_response, _stop) = (response, stop);

    /// <summary>Begins the answer. From here on a refusal is an event, and no status.</summary>
    /// <param name="id">Where the reader is; null: nothing has to be known.</param>
    public static async Task<EventStream> Begin(
        HttpContext context,
        int retryMilliseconds,
        string? id,
        CancellationToken stop
    )
    {
        HttpResponse response = context.Response;
        response.ContentType = ContentType;
        response.MarkUnstored();
        // Proxies that gather answers would hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var stream = new EventStream(response, stop);
        await stream.Write(
            id is null ? $"retry: {retryMilliseconds}\n\n" : $"retry: {retryMilliseconds}\nid: {id}\n\n"
        );
        return stream;
    }

    /// <summary>A comment: it says that the stream lives. An id without an event is kept by readers as where they are.</summary>
    public Task Beat(string? id) => Write(id is null ? ":\n\n" : $":\nid: {id}\n\n");

    /// <summary>The last event.</summary>
    /// <param name="code">Why there are no more: a word.</param>
    public Task End(string code) => Send("ended", id: null, Encoding.ASCII.GetBytes($"{{\"code\":\"{code}\"}}"));

    /// <param name="id">From where it is gone on; null: as before.</param>
    /// <param name="json">One line of JSON: ours has no line breaks.</param>
    public async Task Send(string name, string? id, ReadOnlyMemory<byte> json)
    {
        string head = id is null ? $"event: {name}\ndata: " : $"id: {id}\nevent: {name}\ndata: ";
        Encoding.UTF8.GetBytes(head, _response.BodyWriter);
        _response.BodyWriter.Write(json.Span);
        await Write("\n\n");
    }

    private async Task Write(string text)
    {
        Encoding.UTF8.GetBytes(text, _response.BodyWriter);
        await _response.BodyWriter.FlushAsync(_stop);
    }
}
