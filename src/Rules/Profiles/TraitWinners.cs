using System.Collections;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Rules.Profiles;

/// <summary>
/// A fold's traits as their readers see them: per name the value that the policy chooses from the latest word of each
/// source. What is only claimed is not among them where a source that is believed has spoken. A trait whose master has removed it is left out, and so is one that no source wrote that may.
/// </summary>
public readonly struct TraitWinners(ProfileFold fold, MastershipPolicy policy) : IEnumerable<Trait>
{
    public Enumerator GetEnumerator() => new(fold, policy);

    IEnumerator<Trait> IEnumerable<Trait>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The winner of one name; null where the profile does not show it.</summary>
    public Trait? Find(string name)
    {
        foreach (Trait winner in this)
        {
            if (string.Equals(winner.Name, name, StringComparison.Ordinal))
            {
                return winner;
            }
        }

        return null;
    }

    /// <summary>Goes by name (ordinal).</summary>
    public struct Enumerator(ProfileFold fold, MastershipPolicy policy) : IEnumerator<Trait>
    {
        private int _from = 0;
        private int _until = 0;
        private int _winner = 0;

        public readonly Trait Current => fold.Traits[_winner];

        readonly object IEnumerator.Current => Current;

        /// <summary>What every source says of the current trait, by source, the winner among them.</summary>
        internal readonly ReadOnlySpan<Trait> Candidates => fold.Traits.AsSpan()[_from.._until];

        /// <summary>The profile shows the current trait.</summary>
        internal readonly bool IsPresent => _winner >= 0 && !fold.Traits[_winner].IsRemoved;

        public bool MoveNext()
        {
            while (MoveField())
            {
                if (IsPresent)
                {
                    return true;
                }
            }

            return false;
        }

        public void Reset() => _until = 0;

        public readonly void Dispose()
        {
            // Nothing to give back; the interface asks for it.
        }

        /// <summary>Goes to the next name that anybody wrote, also where the profile does not show it.</summary>
        internal bool MoveField()
        {
            ReadOnlySpan<Trait> traits = fold.Traits.AsSpan();
            if (_until == traits.Length)
            {
                return false;
            }

            _from = _until;
            _winner = _from;
            _until++;
            while (
                _until < traits.Length
                && string.Equals(traits[_until].Name, traits[_from].Name, StringComparison.Ordinal)
            )
            {
                // The latest, chosen on the way, because it is what most rules want. The entries of a name stand by
                // source, so of two that are equal in all else the greater source stays.
                _winner = traits[_until].CompareWords(traits[_winner]) >= 0 ? _until : _winner;
                _until++;
            }

            FieldMaster master = policy.MasterOf(traits[_from].Name);
            if (!master.IsPlain)
            {
                int winner = new MasterSelection(master, traits[_from.._until]).Winner();
                _winner = winner < 0 ? winner : _from + winner;
            }

            return true;
        }
    }
}
