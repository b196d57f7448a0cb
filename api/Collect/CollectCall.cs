using Customer360.Api.Problems;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Collect;

/// <summary>What a collect call asks for, apart from its body.</summary>
/// <param name="Kind">The kind that the path gives; null: a batch, whose messages say theirs.</param>
/// <param name="WithReceipts">The header <c>X-Receipts: true</c>: say what became of each message.</param>
/// <param name="WaitUntilApplied">The parameter <c>wait=applied</c>: answer when the profiles show the messages.</param>
public readonly record struct CollectCall(EventKind? Kind, bool WithReceipts, bool WaitUntilApplied)
{
    private const string ReceiptsHeader = "X-Receipts";

    /// <summary>Reads header and parameter.</summary>
    public static Outcome<CollectCall> Read(HttpRequest request, EventKind? kind)
    {
        bool withReceipts = string.Equals(request.Headers[ReceiptsHeader], "true", StringComparison.OrdinalIgnoreCase);
        string? wait = request.QueryString.HasValue ? request.Query["wait"] : default;
        return wait is null or "applied"
            ? new CollectCall(kind, withReceipts, wait is not null)
            : new ParameterInvalid("wait", "applied is the only value");
    }
}
