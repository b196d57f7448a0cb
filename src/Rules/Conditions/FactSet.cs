namespace Customer360.Rules.Conditions;

/// <summary>What is known at a decision, by the fact's name. Not changed after it is made.</summary>
public class FactSet
{
    private readonly Dictionary<string, FactValue> _values;

    public FactSet(IEnumerable<KeyValuePair<string, FactValue>> values) =>
        _values = new Dictionary<string, FactValue>(values, StringComparer.Ordinal);

    public static FactSet Empty { get; } = new([]);

    public IReadOnlyDictionary<string, FactValue> Values => _values;

    /// <summary>What was known before, for conditions on a change; null: nobody knows.</summary>
    public FactSet? Before { get; init; }

    /// <summary>The fact; <see cref="FactValue.Missing"/> where nobody has said it.</summary>
    public virtual FactValue this[string name] => _values.GetValueOrDefault(name) ?? FactValue.Missing;

    /// <summary>The next time after <paramref name="at"/> at which the fact may be another by itself; null (the default): never.</summary>
    public virtual DateTimeOffset? NextChangeOf(string name, DateTimeOffset at) => null;

    /// <summary>The same facts with one said anew.</summary>
    public FactSet With(string name, FactValue value) =>
        new(_values.Where(one => one.Key != name).Append(new(name, value))) { Before = Before };
}
