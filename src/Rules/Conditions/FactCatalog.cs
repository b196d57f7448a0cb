using System.Collections.Frozen;

namespace Customer360.Rules.Conditions;

/// <summary>
/// The facts that a kind of policy may ask for and of which kind each is, so that a misspelt name is a fault of the file and not
/// a rule that never counts.
/// </summary>
/// <param name="known">By name; <see cref="FactKind.Missing"/>: it may be of any kind.</param>
/// <param name="open">A prefix, <c>custom.</c>, below which any name goes; null: there is none.</param>
public sealed class FactCatalog(IEnumerable<KeyValuePair<string, FactKind>> known, string? open)
{
    private readonly FrozenDictionary<string, FactKind> _known = known.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The known names, with the open prefix, for messages.</summary>
    public string Names =>
        string.Join(", ", _known.Keys.Order(StringComparer.Ordinal).Concat(open is null ? [] : [$"{open}NAME"]));

    /// <summary>The known names, without what stands below the open prefix.</summary>
    public IEnumerable<string> Known => _known.Keys;

    /// <summary>The fact's kind; null: there is no such fact.</summary>
    public FactKind? KindOf(string name)
    {
        if (_known.TryGetValue(name, out FactKind kind))
        {
            return kind;
        }

        return open is not null && name.Length > open.Length && name.StartsWith(open, StringComparison.Ordinal)
            ? FactKind.Missing
            : null;
    }
}
