using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;

namespace Customer360.Grains;

/// <summary>
/// Identifiers that a decision left out, and until when they are not asked about again. In memory only, and only for as long as
/// the rules that left them out are in force: others may decide otherwise.
/// </summary>
internal sealed class DeclinedIdentifiers(IPolicy<IdentityRules> source, TimeSpan keptFor, TimeProvider time)
{
    /// <summary>What is remembered; beyond, all are forgotten and asked about again.</summary>
    private const int Most = 100;

    // Most customers have none.
    private Dictionary<Identifier, DateTimeOffset>? _until;
    private IdentityRules? _by;

    public bool Contains(Identifier identifier) =>
        _until is not null
        && ReferenceEquals(_by, source.Current)
        && _until.TryGetValue(identifier, out DateTimeOffset until)
        && time.GetUtcNow() < until;

    public void Add(ImmutableArray<Identifier> identifiers)
    {
        if (identifiers.IsEmpty)
        {
            return;
        }

        _until ??= [];
        IdentityRules rules = source.Current;
        if (!ReferenceEquals(_by, rules) || _until.Count > Most)
        {
            _until.Clear();
        }

        _by = rules;
        foreach (Identifier identifier in identifiers)
        {
            _until[identifier] = time.GetUtcNow() + keptFor;
        }
    }
}
