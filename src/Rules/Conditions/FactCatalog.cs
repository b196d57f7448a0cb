using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Customer360.Rules.Conditions;

/// <summary>
/// The facts that a kind of policy may ask for and of which kind each is, so that a misspelt name is a fault of the file and not
/// a rule that never counts.
/// </summary>
public sealed class FactCatalog
{
    private readonly FrozenDictionary<string, FactKind> _known;
    private readonly ImmutableArray<(string Prefix, FactKind Kind)> _open;

    /// <param name="known">By name; <see cref="FactKind.Missing"/>: it may be of any kind.</param>
    /// <param name="open">A prefix, <c>custom.</c>, below which any name goes; null: there is none.</param>
    public FactCatalog(IEnumerable<KeyValuePair<string, FactKind>> known, string? open)
        : this(known, open is null ? [] : [(open, FactKind.Missing)]) { }

    /// <param name="known">By name; <see cref="FactKind.Missing"/>: it may be of any kind.</param>
    /// <param name="open">Prefixes below which any name goes, and of which kind each is.</param>
    public FactCatalog(
        IEnumerable<KeyValuePair<string, FactKind>> known,
        ImmutableArray<(string Prefix, FactKind Kind)> open
    )
    {
        _known = known.ToFrozenDictionary(StringComparer.Ordinal);
        _open = open;
    }

    /// <summary>The same with their kinds: for a catalogue that has them all, and others.</summary>
    internal IEnumerable<KeyValuePair<string, FactKind>> KnownKinds => _known;

    /// <summary>The known names, with the open prefix, for messages.</summary>
    public string Names =>
        string.Join(", ", _known.Keys.Order(StringComparer.Ordinal).Concat(_open.Select(one => $"{one.Prefix}NAME")));

    /// <summary>The known names, without what stands below the open prefix.</summary>
    public IEnumerable<string> Known => _known.Keys;

    /// <summary>The fact's kind; null: there is no such fact.</summary>
    public FactKind? KindOf(string name)
    {
        if (_known.TryGetValue(name, out FactKind kind))
        {
            return kind;
        }

        foreach ((string prefix, FactKind below) in _open)
        {
            if (name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return below;
            }
        }

        return null;
    }
}
