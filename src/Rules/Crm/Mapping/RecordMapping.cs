using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Mapping;

/// <summary>What a rule makes of a record.</summary>
public enum RuleResult
{
    /// <summary>A message about a person.</summary>
    Message = 1,

    /// <summary>Nothing: the record is passed over, whatever other rules say.</summary>
    Skip = 2,

    /// <summary>Records that have to be read from the source, which has sent their ids only.</summary>
    Read = 3,

    /// <summary>The person has to be forgotten.</summary>
    Forget = 4,
}

/// <summary>A condition of a rule: what has to stand in a place of the record.</summary>
/// <param name="Value">The place.</param>
/// <param name="AnyOf">One of these texts; null: anything. Empty: nothing may stand there.</param>
public sealed record RuleCondition(ValueSource Value, ImmutableArray<string>? AnyOf)
{
    public bool Holds(RecordContext context)
    {
        string[] texts = [.. Value.FindTexts(context)];
        return AnyOf switch
        {
            null => texts.Length > 0,
            { IsEmpty: true } => texts.Length == 0,
            { } wanted => texts.Any(text => wanted.Contains(text, StringComparer.Ordinal)),
        };
    }
}

/// <summary>An identifier that a record has: its type, and where its value stands.</summary>
public sealed record IdentifierMapping(string Type, ValueSource Value);

/// <summary>What a record of a kind comes to. Every rule whose conditions hold counts, in their order.</summary>
/// <param name="Name">Part of the ids of its messages: with another name, a repeat of a delivery is another message.</param>
/// <param name="Result">What it makes of the record.</param>
public sealed record MappingRule(string Name, RuleResult Result)
{
    /// <summary>All have to hold; none: every record.</summary>
    public ImmutableArray<RuleCondition> When { get; init; } = [];

    /// <summary>Of a message.</summary>
    public EventKind Kind { get; init; }

    /// <summary>Of a track: the event's name.</summary>
    public ValueSource? Event { get; init; }

    /// <summary>Of a message: the company.</summary>
    public ValueSource? Group { get; init; }

    /// <summary>When it happened.</summary>
    public ValueSource? Time { get; init; }

    public FieldUnit TimeUnit { get; init; } = FieldUnit.Usual;

    public ImmutableArray<IdentifierMapping> Identifiers { get; init; } = [];

    public ImmutableArray<FieldMapping> Fields { get; init; } = [];

    /// <summary>Of a skip: why.</summary>
    public string Because { get; init; } = "";

    /// <summary>Of a read: the kind of record.</summary>
    public ValueSource? Object { get; init; }

    /// <summary>Of a read: the ids.</summary>
    public ValueSource? Record { get; init; }
}

/// <summary>How a source's bodies are read.</summary>
/// <param name="Records">Where its records stand in the body.</param>
/// <param name="Id">What a repeat of a record has in common with it: the number of a delivery, of an event.</param>
/// <param name="Rules">What they come to.</param>
public sealed record RecordMapping(FieldPath Records, ValueSource Id, ImmutableArray<MappingRule> Rules);
