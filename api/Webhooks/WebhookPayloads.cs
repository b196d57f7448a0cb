using System.Text.Json;
using System.Text.Json.Serialization;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Backlog;

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

/// <summary>What a source of webhooks has left to be done.</summary>
/// <param name="Parts">In the order of their coming.</param>
/// <param name="Reads">Records to be read from the CRM, each once.</param>
public sealed record WebhookBacklogAnswer(SetAsidePartAnswer[] Parts, ReadRequestAnswer[] Reads)
{
    internal static WebhookBacklogAnswer From(WebhookBacklog backlog) =>
        new([.. backlog.Parts.Select(SetAsidePartAnswer.From)], [.. backlog.Reads.Select(ReadRequestAnswer.From)]);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WebhookBacklogAnswer))]
[JsonSerializable(typeof(WebhookReceipt))]
internal sealed partial class WebhooksJson : JsonSerializerContext;
