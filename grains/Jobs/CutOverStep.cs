using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>What a step of a cut-over, or of its roll back, does. The names are stored and part of the API.</summary>
internal enum StepKind
{
    /// <summary>Identifiers leave a customer for one of their own.</summary>
    Split = 1,

    /// <summary>A younger customer goes into an older one.</summary>
    Merge = 2,

    /// <summary>A customer takes an identifier on that nobody owned.</summary>
    Link = 3,

    /// <summary>An identifier stops linking.</summary>
    Quarantine = 4,

    /// <summary>An identifier links again.</summary>
    Release = 5,

    /// <summary>Of a roll back: a merge is taken back.</summary>
    UndoMerge = 6,

    /// <summary>Of a roll back: what was split off comes back.</summary>
    Rejoin = 7,

    /// <summary>Of a roll back: a customer lets go of what it took on.</summary>
    Unlink = 8,
}

/// <summary>How a step ended. The names are stored and part of the API.</summary>
internal enum StepOutcome
{
    /// <summary>Written down, and perhaps under way.</summary>
    Pending = 1,
    Done = 2,

    /// <summary>It no longer applies: the grid has changed since it was worked out.</summary>
    Changed = 3,

    /// <summary>It applies and is not allowed; the reason says why.</summary>
    Refused = 4,
}

/// <summary>A step, written down before it is done, so that whoever resumes repeats it and a roll back finds it.</summary>
/// <param name="Id">Of a merge the merge's id, of a split the split's: what their decision records have.</param>
/// <param name="CustomerId">The older customer; of a quarantine the owner, or empty.</param>
/// <param name="OtherCustomerId">The younger customer: merged away, or got by a split.</param>
/// <param name="Identifiers">What leaves, is linked or quarantined. Of a merge: empty.</param>
/// <param name="Stays">What stays with the older customer in any case.</param>
/// <param name="MessageId">The message that causes it, or empty.</param>
/// <param name="Because">As in the dry run's edges.</param>
/// <param name="At">When it was written down.</param>
internal sealed record CutOverStep(
    string Id,
    StepKind Kind,
    string CustomerId,
    string? OtherCustomerId,
    ImmutableArray<Identifier> Identifiers,
    ImmutableArray<Identifier> Stays,
    string MessageId,
    string Source,
    string Because,
    DateTimeOffset At
)
{
    /// <summary>Of a step that takes one back: that one's id.</summary>
    public string? Undoes { get; init; }

    /// <summary>Of a quarantine: with how many anchors the identifier came.</summary>
    public int Degree { get; init; }

    /// <summary>The dry run had named one of the customers.</summary>
    public bool IsForeseen { get; init; }

    /// <summary>Of a link: the message only claims it.</summary>
    public bool IsClaimed { get; init; }

    public StepOutcome Outcome { get; init; } = StepOutcome.Pending;

    /// <summary>Why it was not done, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// <c>{"id","kind","outcome","reason"?,"customerId","otherCustomerId"?,"identifiers":["type:value"],"messageId","source",
    /// "because","at","undoes"?,"degree"?,"foreseen","claimed"?,"stays"?:["type:value"]}</c>
    /// </summary>
    /// <param name="isPublic">True: without what only a roll back needs.</param>
    public void Write(Utf8JsonWriter writer, bool isPublic)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, Id);
        writer.WriteString("kind"u8, JsonNamingPolicy.CamelCase.ConvertName(Kind.ToString()));
        writer.WriteString("outcome"u8, JsonNamingPolicy.CamelCase.ConvertName(Outcome.ToString()));
        writer.WriteIfAny("reason"u8, Reason);
        writer.WriteString("customerId"u8, CustomerId);
        writer.WriteIfAny("otherCustomerId"u8, OtherCustomerId);
        writer.WriteIdentifiers("identifiers"u8, Identifiers);
        writer.WriteString("messageId"u8, MessageId);
        writer.WriteString("source"u8, Source);
        writer.WriteString("because"u8, Because);
        writer.WriteString("at"u8, At.UtcDateTime);
        writer.WriteIfAny("undoes"u8, Undoes);
        if (Degree > 0)
        {
            writer.WriteNumber("degree"u8, Degree);
        }

        writer.WriteBoolean("foreseen"u8, IsForeseen);
        if (IsClaimed)
        {
            writer.WriteBoolean("claimed"u8, true);
        }

        if (!isPublic)
        {
            writer.WriteIdentifiers("stays"u8, Stays);
        }

        writer.WriteEndObject();
    }

    public static CutOverStep Read(JsonElement step) =>
        new(
            step.GetProperty("id"u8).GetString()!,
            Enum.Parse<StepKind>(step.GetProperty("kind"u8).GetString()!, ignoreCase: true),
            step.GetProperty("customerId"u8).GetString()!,
            step.TextOrNull("otherCustomerId"u8),
            step.IdentifiersOf("identifiers"u8),
            step.IdentifiersOf("stays"u8),
            step.GetProperty("messageId"u8).GetString()!,
            step.GetProperty("source"u8).GetString()!,
            step.GetProperty("because"u8).GetString()!,
            step.GetProperty("at"u8).GetDateTimeOffset()
        )
        {
            Undoes = step.TextOrNull("undoes"u8),
            Degree = step.TryGetProperty("degree"u8, out JsonElement degree) ? degree.GetInt32() : 0,
            IsForeseen = step.GetProperty("foreseen"u8).GetBoolean(),
            IsClaimed = step.TryGetProperty("claimed"u8, out JsonElement claimed) && claimed.GetBoolean(),
            Outcome = Enum.Parse<StepOutcome>(step.GetProperty("outcome"u8).GetString()!, ignoreCase: true),
            Reason = step.TextOrNull("reason"u8),
        };
}
