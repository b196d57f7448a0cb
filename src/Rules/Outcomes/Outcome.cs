using System.Diagnostics.CodeAnalysis;

namespace Customer360.Rules.Outcomes;

/// <summary>What a rule or an action came to: a value, or a refusal that the caller is told.</summary>
/// <remarks>Exceptions are for bugs and outages; whatever a caller can bring about is a <see cref="Refusal"/>.</remarks>
public readonly struct Outcome<T>
    where T : notnull
{
    private Outcome(T? value, Refusal? refusal)
    {
        Value = value;
        Refusal = refusal;
    }

    public T? Value { get; }

    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}
