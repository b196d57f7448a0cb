using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Customer360.Rules.Crm.Salesforce;

/// <summary>The header of a change event.</summary>
/// <param name="Object">The kind of record.</param>
/// <param name="ChangeType"><c>CREATE</c>, <c>UPDATE</c>, <c>DELETE</c>, <c>UNDELETE</c>, the four with <c>GAP_</c>, or <c>GAP_OVERFLOW</c>.</param>
/// <param name="RecordIds">As written: several where one change was made to several records.</param>
/// <param name="At">When it was committed. Changes of one transaction are a tick apart, in their order.</param>
/// <param name="Key">What a repeat has in common with it, apart from the record.</param>
/// <param name="Changed">Names of fields, or bitmaps; empty of a new record, of which every field is new.</param>
/// <param name="Nulled">Fields that have no value any more, likewise.</param>
/// <param name="Diffed">Fields of which only the difference is told, likewise.</param>
internal sealed record ChangeHeader(
    string Object,
    string ChangeType,
    ImmutableArray<string> RecordIds,
    DateTimeOffset At,
    string Key,
    ImmutableArray<string> Changed,
    ImmutableArray<string> Nulled,
    ImmutableArray<string> Diffed
)
{
    private const string GapPrefix = "GAP_";

    /// <summary>Who wrote, for example <c>com/salesforce/api/rest/60.0;client=crm-sync</c>.</summary>
    public string? Origin { get; init; }

    public bool IsGap => ChangeType.StartsWith(GapPrefix, StringComparison.Ordinal);

    public bool IsOverflow => ChangeType == GapPrefix + "OVERFLOW";

    /// <summary>The connected app that wrote; null where the origin does not name one.</summary>
    public string? Client =>
        Origin
            ?.Split(';')
            .FirstOrDefault(part => part.StartsWith("client=", StringComparison.Ordinal))
            ?["client=".Length..];

    /// <summary>Reads it; else names the member that is missing.</summary>
    public static ChangeHeader? Read(JsonElement header, out string? missing)
    {
        string? entity = CrmJson.Text(header, "entityName");
        string? type = CrmJson.Text(header, "changeType");
        DateTimeOffset? at = CrmJson.Milliseconds(header, "commitTimestamp");
        string? transaction = CrmJson.Text(header, "transactionKey");
        missing =
            entity is null ? "entityName"
            : type is null ? "changeType"
            : at is null ? "commitTimestamp"
            : transaction is null ? "transactionKey"
            : null;
        if (missing is not null)
        {
            return null;
        }

        // Changes of one transaction are numbered; a change by itself need not be.
        int sequence = int.TryParse(
            CrmJson.Digits(header, "sequenceNumber"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int number
        )
            ? number
            : 0;
        return new ChangeHeader(
            entity!,
            type!,
            [.. CrmJson.Texts(header, "recordIds")],
            // All changes of a transaction have its time; a tick is less than the millisecond that it has.
            at!.Value.AddTicks(Math.Min(sequence, TimeSpan.TicksPerMillisecond - 1)),
            string.Create(CultureInfo.InvariantCulture, $"salesforce:{transaction}:{sequence}"),
            [.. CrmJson.Texts(header, "changedFields")],
            [.. CrmJson.Texts(header, "nulledFields")],
            [.. CrmJson.Texts(header, "diffFields")]
        )
        {
            Origin = CrmJson.Text(header, "changeOrigin"),
        };
    }
}
