namespace Customer360.Rules.Profiles.Mastership;

/// <summary>
/// Chooses the winner of a field from its candidates, and says why each other one is overruled. The strategy decides; where
/// it sees no difference the later word (time, then arrival), then the ordinally greater source: a total order, so
/// the grouping of folds can't be seen in the result. Before any strategy, what is only claimed gives way to what is
/// believed, whatever rank its source has: whoever holds a public key would else decide. And what an officer has put right at a
/// person's request stands against every word before it, whatever the strategy and whoever may write the field; against a later
/// word it stands by the strategy, of which it ranks first.
/// </summary>
/// <param name="master">The rule that the field is under.</param>
/// <param name="candidates">One per source, by source; of a public one a second that was signed.</param>
internal readonly ref struct MasterSelection(FieldMaster master, ReadOnlySpan<Trait> candidates)
{
    private readonly ReadOnlySpan<Trait> _candidates = candidates;

    /// <summary>A source that is believed has spoken, and may write the field.</summary>
    private readonly bool _hasBelieved = HasBelieved(master, candidates);

    /// <summary>The latest correction; -1: there is none.</summary>
    private readonly int _correction = LatestCorrection(candidates);

    /// <summary>The index of the winner; -1 where no source that has spoken may write the field.</summary>
    public int Winner()
    {
        int winner = -1;
        int winnersHolders = 0;
        bool isCounted = master.Rule.Strategy == MasterStrategy.MostFrequent;
        for (int index = 0; index < _candidates.Length; index++)
        {
            if (!MayWin(index))
            {
                continue;
            }

            int holders = isCounted ? Holders(index) : 0;
            if (winner < 0 || IsAhead(index, holders, winner, winnersHolders))
            {
                winner = index;
                winnersHolders = holders;
            }
        }

        return winner;
    }

    /// <summary>True where the candidate's source may write the field.</summary>
    public bool MayWrite(int index) => MayWrite(master, _candidates[index]);

    private static bool MayWrite(FieldMaster master, in Trait candidate) =>
        candidate.IsCorrection || master.MayWrite(candidate.Source);

    private bool MayWin(int index) =>
        MayWrite(index) && !(_hasBelieved && _candidates[index].IsClaimed) && !IsPutRight(index);

    /// <summary>It was said before somebody put the field right.</summary>
    private bool IsPutRight(int index) =>
        _correction >= 0 && index != _correction && _candidates[index].CompareTimes(_candidates[_correction]) <= 0;

    private static int LatestCorrection(ReadOnlySpan<Trait> candidates)
    {
        int latest = -1;
        for (int index = 0; index < candidates.Length; index++)
        {
            if (
                candidates[index].IsCorrection && (latest < 0 || candidates[index].CompareTimes(candidates[latest]) > 0)
            )
            {
                latest = index;
            }
        }

        return latest;
    }

    private static bool HasBelieved(FieldMaster master, ReadOnlySpan<Trait> candidates)
    {
        foreach (ref readonly Trait candidate in candidates)
        {
            if (!candidate.IsClaimed && MayWrite(master, candidate))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why a candidate that may write the field lost; <see cref="Overruled"/> lists the words.</summary>
    public Overruled WhyOverruled(int loser, int winner)
    {
        if (!MayWin(loser))
        {
            return IsPutRight(loser) ? Overruled.Corrected : Overruled.Claimed;
        }

        MasterStrategy strategy = master.Rule.Strategy;
        bool isCounted = strategy == MasterStrategy.MostFrequent;
        int byStrategy = ByStrategy(winner, isCounted ? Holders(winner) : 0, loser, isCounted ? Holders(loser) : 0);
        bool isAnotherTime = _candidates[loser].At != _candidates[winner].At;
        return strategy switch
        {
            MasterStrategy.First => isAnotherTime ? Overruled.Newer : Overruled.TieBreak,
            MasterStrategy.Latest => isAnotherTime ? Overruled.Older : Overruled.TieBreak,
            _ when byStrategy == 0 => isAnotherTime ? Overruled.Older : Overruled.TieBreak,
            MasterStrategy.SourcePriority => Overruled.LowerRank,
            MasterStrategy.MostFrequent => Overruled.FewerSources,
            _ when _candidates[loser].IsRemoved => Overruled.Removed,
            MasterStrategy.Max => Overruled.Smaller,
            _ => Overruled.Greater,
        };
    }

    private bool IsAhead(int index, int holders, int winner, int winnersHolders)
    {
        int byStrategy = ByStrategy(index, holders, winner, winnersHolders);
        // Candidates stand by source, so of two that are equal in all else the greater source stays.
        return byStrategy > 0 || (byStrategy == 0 && _candidates[index].CompareTimes(_candidates[winner]) >= 0);
    }

    /// <summary>Above zero where the strategy puts the left candidate before the right one, zero where it can't tell.</summary>
    private int ByStrategy(int left, int leftHolders, int right, int rightHolders) =>
        master.Rule.Strategy switch
        {
            MasterStrategy.First => _candidates[right].CompareTimes(_candidates[left]),
            MasterStrategy.SourcePriority => RankOf(right).CompareTo(RankOf(left)),
            MasterStrategy.MostFrequent => leftHolders.CompareTo(rightHolders),
            MasterStrategy.Max => CompareValues(left, right, isMin: false),
            MasterStrategy.Min => CompareValues(left, right, isMin: true),
            _ => 0,
        };

    private int RankOf(int index) => _candidates[index].IsCorrection ? -1 : master.RankOf(_candidates[index].Source);

    /// <summary>A source that has removed its value has none to compare: it is behind every value, for both.</summary>
    private int CompareValues(int left, int right, bool isMin)
    {
        bool isLeftRemoved = _candidates[left].IsRemoved;
        bool isRightRemoved = _candidates[right].IsRemoved;
        if (isLeftRemoved || isRightRemoved)
        {
            return isRightRemoved.CompareTo(isLeftRemoved);
        }

        int order = TraitValueOrder.Compare(_candidates[left].ValueJson.Span, _candidates[right].ValueJson.Span);
        return isMin ? -order : order;
    }

    /// <summary>How many words that may win hold this candidate's value.</summary>
    /// <remarks>
    /// Quadratic in the sources of one field, which are as many as the operator has given keys. Equal are values of equal
    /// canonical bytes; a removal is a value like others.
    /// </remarks>
    private int Holders(int index)
    {
        ReadOnlySpan<byte> value = _candidates[index].ValueJson.Span;
        int holders = 0;
        for (int other = 0; other < _candidates.Length; other++)
        {
            holders += MayWin(other) && _candidates[other].ValueJson.Span.SequenceEqual(value) ? 1 : 0;
        }

        return holders;
    }
}

/// <summary>Why a candidate did not win its field.</summary>
internal enum Overruled
{
    Older,
    Newer,

    /// <summary>Nothing but the arrival or the source's name told the two apart.</summary>
    TieBreak,
    LowerRank,
    FewerSources,
    Smaller,
    Greater,

    /// <summary>It is a removal, and there are values to compare.</summary>
    Removed,

    /// <summary>A public source claims it, and a source that is believed has spoken.</summary>
    Claimed,

    /// <summary>It was said before an officer put the field right.</summary>
    Corrected,
}
