using System.Buffers;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Receipts;

/// <summary><c>GET /v1/receipts/{messageId}</c>: what became of a message, and where it went.</summary>
internal sealed class ReceiptsReader(ProfileAccess access)
{
    /// <summary>The name of the route parameter.</summary>
    public const string MessageId = "messageId";

    public async Task<Results<Answer<RawJson<ReceiptAnswer>>, ProblemResult>> Get(HttpContext context)
    {
        Outcome<FollowedMessage> found = await access.GetReceipt(
            Asker.Of(context),
            PathValues.Value(context, MessageId),
            context.RequestAborted
        );
        if (!found.Succeeded)
        {
            return new ProblemResult(found.Refusal);
        }

        context.Response.MarkUnstored();
        ArrayBufferWriter<byte> receipt = new();
        using (var writer = new Utf8JsonWriter(receipt, AnswerJson.Options))
        {
            MessageReceipt.Write(writer, found.Value);
        }

        return new Answer<RawJson<ReceiptAnswer>>(new(receipt.WrittenMemory));
    }
}
