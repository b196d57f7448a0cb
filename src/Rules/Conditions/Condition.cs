using System.Text.Json;

namespace Customer360.Rules.Conditions;

/// <summary>
/// An if of a policy file: immutable, and asked with what is known and the time. <see cref="Evaluate"/> says only what it comes
/// to; <see cref="Trace"/> says it with every value that was compared.
/// </summary>
public abstract class Condition
{
    /// <summary>What is true of everybody: an "all" without parts.</summary>
    public static Condition Always { get; } = new AllOf([]);

    /// <summary>The facts that it asks for; one may be there twice.</summary>
    public abstract IEnumerable<string> Facts { get; }

    public abstract Truth Evaluate(FactSet facts, DateTimeOffset at);

    /// <summary>The same, with each part's outcome. Nothing is passed over, so that it shows all that stands against it.</summary>
    public abstract ConditionTrace Trace(FactSet facts, DateTimeOffset at);

    /// <summary>
    /// The next time after <paramref name="at"/> at which it may come to something else while no fact changes; null: never.
    /// Whoever keeps an outcome asks again then.
    /// </summary>
    public abstract DateTimeOffset? NextChange(FactSet facts, DateTimeOffset at);

    /// <summary>Writes its canonical form, in the words of policy files.</summary>
    public abstract void WriteJson(Utf8JsonWriter writer);

    /// <summary>The earlier of two times, where null is never.</summary>
    internal static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right : left;
}
