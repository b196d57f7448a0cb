using System.Collections.Immutable;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;

namespace Customer360.Api.Endpoints.Receipts;

/// <summary><c>GET /v1/receipts/{messageId}</c>: what became of a message, and where it went.</summary>
internal sealed class ReceiptsReader(IGrainFactory grains)
{
    /// <summary>The name of the route parameter.</summary>
    public const string MessageId = "messageId";

    private const int MessageIdLengthMax = 100;

    public async Task Get(HttpContext context)
    {
        ImmutableArray<StoredEnvelope> stored = await Find(ProfilesPath.Value(context, MessageId));
        if (stored.IsEmpty)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("message"));
            return;
        }

        // An id is a message's own in its partition. A sender who gave it to messages of several anchors is shown the
        // one that came first, and where the others are.
        ImmutableArray<StoredEnvelope> inOrder = [.. stored.OrderBy(one => one.Envelope.ReceivedAt)];
        StoredEnvelope message = inOrder[0];
        IntakeStatus partition = await grains.GetGrain<IIntakeGrain>(message.Partition).GetStatus();
        MessageOutcome outcome = await new MessageOutcomes(grains).Of(
            message.Envelope,
            message.Position,
            partition.AppliedPosition
        );
        context.Response.Headers.CacheControl = "no-store";
        await ProfilesJson.Write(
            context.Response,
            writer => MessageReceipt.Write(writer, message, outcome, inOrder.AsSpan()[1..])
        );
    }

    /// <summary>An id that no message can have is not asked for.</summary>
    private async Task<ImmutableArray<StoredEnvelope>> Find(string? messageId) =>
        messageId is { Length: >= 1 and <= MessageIdLengthMax } && !messageId.Contains('\0', StringComparison.Ordinal)
            ? await grains.GetGrain<IMessageLogGrain>(0).Find(messageId)
            : [];
}
