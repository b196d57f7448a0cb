using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Collect;

/// <summary>Checks the body of a collect call. Its messages are not read yet.</summary>
public static class CollectPayload
{
    /// <summary>
    /// Finds the messages, all of them or the one that the body is. Points into the body's buffer; its depth is bounded.
    /// </summary>
    public static Outcome<SentBody> Parse(RequestBody body, bool isBatch, int depthMax)
    {
        if (body.Bytes.IsEmpty)
        {
            return new BodyNotJson("it is empty");
        }

        SentBody sent;
        try
        {
            sent = isBatch ? SentBody.OfBatch(body.Bytes, depthMax) : SentBody.OfMessage(body.Bytes, depthMax);
        }
        catch (JsonException)
        {
            return new BodyNotJson("it can't be parsed");
        }

        if (sent.IsObject)
        {
            return sent;
        }

        sent.Dispose();
        return new BodyNotJson("it must be an object");
    }
}
