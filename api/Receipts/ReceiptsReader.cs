using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Receipts;

/// <summary><c>GET /v1/receipts/{messageId}</c>: what became of a message, and where it went.</summary>
internal sealed class ReceiptsReader(ProfileAccess access)
{
    /// <summary>The name of the route parameter.</summary>
    public const string MessageId = "messageId";

    public async Task Get(HttpContext context)
    {
        Outcome<FollowedMessage> found = await access.GetReceipt(
            Asker.Of(context),
            PathValues.Value(context, MessageId),
            context.RequestAborted
        );
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        context.Response.MarkUnstored();
        await JsonAnswer.Write(context.Response, writer => MessageReceipt.Write(writer, found.Value));
    }
}
