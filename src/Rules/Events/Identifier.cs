using System.Diagnostics.CodeAnalysis;

namespace Customer360.Rules.Events;

/// <summary>
/// One thing that points at a person: a type (<c>user_id</c>, <c>email</c>, <c>ios.idfa</c>, …) and a normalized value.
/// </summary>
/// <remarks>
/// Written as <c>type:value</c>, which is also the key of its grain. A type holds no colon, so the first colon divides.
/// A value made by a caller becomes an identifier only through <see cref="Identity.IdentityRules"/>, which normalizes it.
/// </remarks>
public readonly record struct Identifier : IComparable<Identifier>
{
    private Identifier(string type, string value)
    {
        Type = type;
        Value = value;
    }

    public string Type { get; }

    public string Value { get; }

    /// <summary>Makes an identifier of a type and a value that is already in normal form.</summary>
    /// <exception cref="ArgumentException">The type is empty or holds a colon, or the value is empty.</exception>
    public static Identifier Create(string type, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (type.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("An identifier type holds no colon.", nameof(type));
        }

        return new Identifier(type, value);
    }

    /// <summary>Reads <c>type:value</c>. False where there is no type, no colon or no value.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Identifier identifier)
    {
        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon <= 0 || colon == text!.Length - 1)
        {
            identifier = default;
            return false;
        }

        identifier = new Identifier(text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>Reads <c>type:value</c> that this grid has written itself.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static Identifier Parse(string text) =>
        TryParse(text, out Identifier identifier)
            ? identifier
            : throw new FormatException("An identifier is written type:value.");

    /// <summary>Of the value alone: there are few types, and millions of values.</summary>
    public override int GetHashCode() => Value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public int CompareTo(Identifier other)
    {
        int byType = string.CompareOrdinal(Type, other.Type);
        return byType != 0 ? byType : string.CompareOrdinal(Value, other.Value);
    }

    public override string ToString() => string.Concat(Type, ":", Value);

    public static bool operator <(Identifier left, Identifier right) => left.CompareTo(right) < 0;

    public static bool operator >(Identifier left, Identifier right) => left.CompareTo(right) > 0;

    public static bool operator <=(Identifier left, Identifier right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Identifier left, Identifier right) => left.CompareTo(right) >= 0;
}
