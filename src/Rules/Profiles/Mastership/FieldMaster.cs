using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Customer360.Rules.Profiles.Mastership;

/// <summary>A rule made ready to be asked: ranks and writers by look-up.</summary>
internal sealed class FieldMaster
{
    private readonly FrozenDictionary<string, int> _ranks;
    private readonly FrozenSet<string>? _writers;

    /// <param name="rule">Without faults.</param>
    /// <param name="defaultOrder">The sources that rank behind the rule's own.</param>
    public FieldMaster(MastershipRule rule, ImmutableArray<string> defaultOrder)
    {
        Rule = rule;
        _ranks = rule
            .Sources.Concat(defaultOrder)
            .Distinct(StringComparer.Ordinal)
            .Select((source, rank) => (source, rank))
            .ToFrozenDictionary(one => one.source, one => one.rank, StringComparer.Ordinal);
        _writers = rule.Writers?.ToFrozenSet(StringComparer.Ordinal);
        IsPlain = rule.Strategy == MasterStrategy.Latest && _writers is null;
    }

    public MastershipRule Rule { get; }

    /// <summary>The latest of all candidates wins, as without any rule.</summary>
    public bool IsPlain { get; }

    public bool MayWrite(string source) => _writers is null || _writers.Contains(source);

    /// <summary>0 is the highest; <see cref="int.MaxValue"/>: the source has no rank.</summary>
    public int RankOf(string source) => _ranks.TryGetValue(source, out int rank) ? rank : int.MaxValue;
}
