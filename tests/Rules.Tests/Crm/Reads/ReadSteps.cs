using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Reads;
using Customer360.Rules.Crm.Sources;
using Customer360.Rules.Events;

namespace Customer360.Rules.Tests.Crm.Reads;

/// <summary>Plans steps and answers their calls.</summary>
internal static class ReadSteps
{
    public static DateTimeOffset At { get; } = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    public static CrmKnowledge Known { get; } =
        CrmKnowledge.None with
        {
            Account = "7",
            Fields = CrmKnowledge.None.Fields.SetItem(
                "Contact",
                ["Id", "IsDeleted", "SystemModstamp", "MasterRecordId", "FirstName"]
            ),
        };

    public static ReadRequest Of(string kind, string? id, ReadReason reason = ReadReason.Created) =>
        new(kind, id, reason, At) { Account = char.IsAsciiLetterLower(kind[0]) ? "7" : null };

    public static WebhookBacklog Backlog(params ReadRequest[] reads) =>
        WebhookBacklog.Empty with
        {
            Reads = [.. reads],
        };

    public static ReadStep? Next(SourceKind kind, WebhookBacklog backlog, CrmKnowledge? known = null) =>
        ReadPlan.Next(new WebhookSource("crm", kind, null!), backlog, known ?? Known);

    public static ReadStep Answered(
        this ReadStep step,
        int status,
        string body,
        params (string Name, string Value)[] headers
    ) =>
        step.With(
            new CrmAnswer(status, Encoding.UTF8.GetBytes(body), At)
            {
                Headers = headers.ToImmutableDictionary(
                    one => one.Name,
                    one => one.Value,
                    StringComparer.OrdinalIgnoreCase
                ),
            }
        );

    public static string BodyOf(ReadStep step) => Encoding.UTF8.GetString(step.Call!.Body!.Value.Span);

    /// <summary>A line a message.</summary>
    public static string[] Messages(ReadStep step) =>
        [
            .. step
                .Findings.SelectMany(finding => finding.Messages)
                .Select(message =>
                    $"{EventKinds.Text(message.Kind)} {message.MessageId} "
                    + $"[{string.Join(' ', message.Ids.Select(id => $"{id.Type}:{id.Value}"))}] {message.Event}"
                    + string.Join(' ', message.Fields.Select(field => $"{field.Name}={Readings.Text(field.ValueJson)}"))
                ),
        ];

    public static string[] Ids(ImmutableArray<ReadRequest> reads) =>
        [.. reads.Select(read => $"{read.Object} {read.Id ?? "*"}")];
}
