using System.Collections.Immutable;

namespace Customer360.Rules.Events;

/// <summary>
/// A part of a message that could not be read or kept. The message was taken without it; its receipt says so.
/// </summary>
/// <param name="Field">One of the spec's fields (<c>timestamp</c>), else <c>message</c>: a name may hold a person's data.</param>
/// <param name="Reason">One of <see cref="LeftOutReasons"/>.</param>
public readonly record struct LeftOutPart(string Field, string Reason);

/// <summary>Why a part was left out. The codes are what receipts, envelopes and metrics hold.</summary>
public static class LeftOutReasons
{
    /// <summary>Another type than the spec's: a text for an object, an object for a text.</summary>
    public const string WrongType = "wrong_type";

    /// <summary>No time, or one of which nobody knows whether day or month comes first.</summary>
    public const string NotATime = "not_a_time";

    /// <summary>What programs write for "no time": year 1, all zeros, the first instant of 1970.</summary>
    public const string ZeroTime = "zero_time";

    /// <summary>A time that can't be: before 1970, or more than a day after its receipt.</summary>
    public const string ImpossibleTime = "impossible_time";

    /// <summary>Longer than what is kept of such a part.</summary>
    public const string TooLong = "too_long";

    /// <summary>What senders write for "no id" (<see cref="Identifiers.Placeholders"/>).</summary>
    public const string Placeholder = "placeholder";

    /// <summary>U+0000 was taken out of it, or what is no character was replaced by U+FFFD.</summary>
    public const string NotStorable = "not_storable";

    /// <summary>A number that is no finite double: it is kept as a text.</summary>
    public const string NumberOutOfRange = "number_out_of_range";

    /// <summary>
    /// <c>context.userIdSignature</c> does not prove the message's user id, or the source has no secret to check it with. The
    /// message counts as one without a signature.
    /// </summary>
    public const string WrongSignature = "wrong_signature";

    /// <summary>Nested deeper than 32 levels: <c>null</c> stands for what lay below.</summary>
    public const string TooDeep = "too_deep";
}

/// <summary>Collects what is left out of a message: nearly always nothing, and each field and reason once.</summary>
internal struct LeftOutParts
{
    private ImmutableArray<LeftOutPart> _parts = [];

    public LeftOutParts() { }

    public readonly ImmutableArray<LeftOutPart> Parts => _parts;

    public void Add(string field, string reason)
    {
        var part = new LeftOutPart(field, reason);
        if (!_parts.Contains(part))
        {
            _parts = _parts.Add(part);
        }
    }
}
