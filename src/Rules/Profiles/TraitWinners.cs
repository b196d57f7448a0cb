using System.Collections;

namespace Customer360.Rules.Profiles;

/// <summary>
/// A fold's traits as their readers see them: per name the value that is the latest over all sources (time, then
/// message id, then bytes, then source). A trait whose latest word is "removed" is left out: that word is a source's
/// too, and overrules older ones.
/// </summary>
public readonly struct TraitWinners(ProfileFold fold) : IEnumerable<Trait>
{
    public Enumerator GetEnumerator() => new(fold);

    IEnumerator<Trait> IEnumerable<Trait>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The winner of one name; null where no source has it or it is removed.</summary>
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
    public struct Enumerator(ProfileFold fold) : IEnumerator<Trait>
    {
        private int _from = 0;
        private int _until = 0;
        private int _winner = 0;

        public readonly Trait Current => fold.Traits[_winner];

        readonly object IEnumerator.Current => Current;

        /// <summary>What every source says of the current trait, by source, the winner among them.</summary>
        public readonly ReadOnlySpan<Trait> Candidates => fold.Traits.AsSpan()[_from.._until];

        public bool MoveNext()
        {
            do
            {
                if (_until == fold.Traits.Length)
                {
                    return false;
                }

                TakeName();
            } while (fold.Traits[_winner].IsRemoved);
            return true;
        }

        public void Reset() => _until = 0;

        public readonly void Dispose()
        {
            // Nothing to give back; the interface asks for it.
        }

        private void TakeName()
        {
            ReadOnlySpan<Trait> traits = fold.Traits.AsSpan();
            _from = _until;
            _winner = _from;
            _until++;
            while (
                _until < traits.Length
                && string.Equals(traits[_until].Name, traits[_from].Name, StringComparison.Ordinal)
            )
            {
                // The entries of a name stand by source, so of two that are equal in all else the greater source
                // stays.
                _winner = traits[_until].CompareTimes(traits[_winner]) >= 0 ? _until : _winner;
                _until++;
            }
        }
    }
}
