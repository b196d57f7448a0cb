using System.Text.Json;
using System.Text.Json.Serialization;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Reads;

namespace Customer360.Api.Webhooks;

/// <summary>A part of a webhook that could not be read. What it holds is not shown: it may be anybody's data.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Reason">Why it can't be read.</param>
/// <param name="Place">The member or the rule that it is about.</param>
/// <param name="ReceivedAt">UTC.</param>
/// <param name="Characters">How long it is.</param>
public sealed record SetAsidePartAnswer(string Id, string Reason, string? Place, DateTime ReceivedAt, int Characters)
{
    internal static SetAsidePartAnswer From(SetAsidePart part) =>
        new(part.Id, part.Reason, part.Place, part.At.UtcDateTime, part.Length);
}

/// <summary>A record that has to be read from the CRM.</summary>
/// <param name="Object">The kind of record, as the CRM names it.</param>
/// <param name="Id">The record; null: all of the kind that changed since <paramref name="At"/>.</param>
/// <param name="Account">The account of the CRM, where one address takes the notices of several.</param>
/// <param name="Reason">
/// <c>created</c>, <c>restored</c>, <c>merged</c>, <c>deleted</c>, <c>changed</c>, <c>gap</c> or <c>overflow</c>.
/// </param>
/// <param name="At">When it changed, UTC; null: not known.</param>
public sealed record ReadRequestAnswer(string Object, string? Id, string? Account, string Reason, DateTime? At)
{
    internal static ReadRequestAnswer From(ReadRequest read) =>
        new(
            read.Object,
            read.Id,
            read.Account,
            JsonNamingPolicy.CamelCase.ConvertName(read.Reason.ToString()),
            read.At?.UtcDateTime
        );
}

/// <summary>Why the last attempt to read records failed.</summary>
/// <param name="Reason">
/// <c>token_refused</c>, <c>permission_missing</c>, <c>account_other</c>, <c>limit_reached</c>, <c>daily_limit_reached</c>,
/// <c>locked</c>, <c>unavailable</c>, <c>request_refused</c>, <c>answer_unreadable</c>, <c>answer_too_large</c>, <c>redirected</c>,
/// <c>message_refused</c> or <c>not_stored</c>.
/// </param>
/// <param name="Code">The CRM's name for it, where it has one.</param>
/// <param name="InARow">Failures since the last success.</param>
public sealed record ReadFailureAnswer(string Reason, string? Code, int InARow);

/// <summary>How the reading of a source's records goes.</summary>
/// <param name="State">
/// <c>off</c>: no token is set, or no address where the CRM has none of its own. <c>stopped</c>: the CRM refuses the token; it is asked
/// again after a restart. <c>idle</c>: there is nothing to be read. <c>reading</c>: there is.
/// </param>
/// <param name="Waiting">Requests that are left.</param>
/// <param name="LastAttemptAt">When the CRM was last asked, UTC.</param>
/// <param name="LastSuccessAt">When it last answered, UTC.</param>
/// <param name="LastFailure">Null after a success.</param>
/// <param name="NextAttemptAt">When it is asked again at the earliest, UTC; null: as soon as there is something to be read.</param>
public sealed record ReadingAnswer(
    string State,
    int Waiting,
    DateTime? LastAttemptAt,
    DateTime? LastSuccessAt,
    ReadFailureAnswer? LastFailure,
    DateTime? NextAttemptAt
)
{
    internal static ReadingAnswer From(WebhookBacklog backlog, bool isOn)
    {
        ReadProgress progress = backlog.Progress;
        return new ReadingAnswer(
            !isOn ? "off"
                : progress.IsStopped ? "stopped"
                : backlog.Reads.IsEmpty ? "idle"
                : "reading",
            backlog.Reads.Length,
            progress.LastAttemptAt?.UtcDateTime,
            progress.LastSuccessAt?.UtcDateTime,
            progress.Fault is { } fault
                ? new ReadFailureAnswer(ReadFaultNames.Of(fault), progress.Code, progress.FailuresInARow)
                : null,
            progress.NextAttemptAt?.UtcDateTime
        );
    }
}

/// <summary>What a source of webhooks has left to be done.</summary>
/// <param name="Parts">In the order of their coming.</param>
/// <param name="Reads">Records to be read from the CRM, each once, in the order in which they are.</param>
/// <param name="Reading">How the reading of them goes.</param>
public sealed record WebhookBacklogAnswer(SetAsidePartAnswer[] Parts, ReadRequestAnswer[] Reads, ReadingAnswer Reading)
{
    internal static WebhookBacklogAnswer From(WebhookBacklog backlog, bool isReadingOn) =>
        new(
            [.. backlog.Parts.Select(SetAsidePartAnswer.From)],
            [.. backlog.Reads.Select(ReadRequestAnswer.From)],
            ReadingAnswer.From(backlog, isReadingOn)
        );
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WebhookBacklogAnswer))]
[JsonSerializable(typeof(WebhookReceipt))]
internal sealed partial class WebhooksJson : JsonSerializerContext;
