using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Customer360.Rules.Profiles;

/// <summary>
/// An entry of a fold: it has a key, and two entries of one key make one, in whatever order they come.
/// </summary>
public interface IFoldEntry<T>
    where T : struct
{
    /// <summary>The order of the keys.</summary>
    static abstract int CompareKeys(in T left, in T right);

    /// <summary>
    /// Joins two entries of one key; false where the left one already says it all. Commutative, associative.
    /// </summary>
    static abstract bool TryCombine(in T left, in T right, out T combined);

    /// <summary>True of an entry that is dropped before all others where there are too many. Default: none is.</summary>
    static virtual bool GivesWay(in T entry) => false;
}

/// <summary>Joins sorted lists of entries.</summary>
internal static class FoldEntries
{
    private const int StackMax = 128;

    /// <summary>
    /// The union by key, its first <paramref name="countMax"/> entries; of too many, those that give way are dropped first.
    /// </summary>
    /// <remarks>
    /// Keeping the smallest keys is order-free, and so is keeping them behind those that don't give way, since that is an order
    /// of the keys, too: whether an entry gives way depends on its source, which is part of its key. An entry is dropped only where <paramref name="countMax"/> smaller
    /// keys are known, and no later message takes a key away, so it would be dropped in every order; and an entry that
    /// is kept at the end was among the smallest of every part that had it, so no part of it was ever dropped. For the
    /// same reason <paramref name="isTruncated"/> is exactly "there were more keys than that", however the parts were
    /// grouped.
    /// </remarks>
    /// <param name="left">Sorted; each key once; at most <paramref name="countMax"/>.</param>
    /// <param name="right">Sorted; each key once; any number.</param>
    /// <param name="countMax">How many entries a fold keeps.</param>
    /// <param name="isTruncated">Set where an entry is dropped, otherwise left as it is.</param>
    public static ImmutableArray<T> Union<T>(
        ImmutableArray<T> left,
        ReadOnlySpan<T> right,
        int countMax,
        ref bool isTruncated
    )
        where T : struct, IFoldEntry<T>
    {
        if (right.IsEmpty)
        {
            return left;
        }

        Span<int> places = right.Length <= StackMax ? stackalloc int[right.Length] : new int[right.Length];
        int added = Locate(left.AsSpan(), right, places);
        return added == 0 ? Update(left, right, places) : Insert(left, right, places, added, countMax, ref isTruncated);
    }

    /// <summary>
    /// Per entry of the right: its index in the left, or the complement of where it would go. Returns how many are
    /// new.
    /// </summary>
    private static int Locate<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<int> places)
        where T : struct, IFoldEntry<T>
    {
        int added = 0;
        int low = 0;
        for (int index = 0; index < right.Length; index++)
        {
            int high = left.Length - 1;
            int place = -1;
            while (low <= high)
            {
                int middle = (low + high) >>> 1;
                int order = T.CompareKeys(left[middle], right[index]);
                if (order == 0)
                {
                    place = middle;
                    low = middle;
                    break;
                }

                if (order < 0)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle - 1;
                }
            }

            bool isNew = place < 0;
            places[index] = isNew ? ~low : place;
            added += isNew ? 1 : 0;
        }

        return added;
    }

    private static ImmutableArray<T> Update<T>(ImmutableArray<T> left, ReadOnlySpan<T> right, Span<int> places)
        where T : struct, IFoldEntry<T>
    {
        T[]? updated = null;
        for (int index = 0; index < right.Length; index++)
        {
            int place = places[index];
            if (T.TryCombine(left[place], right[index], out T combined))
            {
                updated ??= left.AsSpan().ToArray();
                updated[place] = combined;
            }
        }

        return updated is null ? left : ImmutableCollectionsMarshal.AsImmutableArray(updated);
    }

    private static ImmutableArray<T> Insert<T>(
        ImmutableArray<T> left,
        ReadOnlySpan<T> right,
        Span<int> places,
        int added,
        int countMax,
        ref bool isTruncated
    )
        where T : struct, IFoldEntry<T>
    {
        int count = left.Length + added;
        var union = new T[count];
        int taken = 0;
        int filled = 0;
        for (int index = 0; index < right.Length; index++)
        {
            int place = places[index];
            int until = place < 0 ? ~place : place;
            filled += Copy(left.AsSpan()[taken..until], union.AsSpan(filled));
            taken = until;
            if (place < 0)
            {
                union[filled++] = right[index];
            }
            else
            {
                T.TryCombine(left[place], right[index], out union[filled++]);
                taken++;
            }
        }

        Copy(left.AsSpan()[taken..], union.AsSpan(filled));
        isTruncated |= count > countMax;
        return ImmutableCollectionsMarshal.AsImmutableArray(count > countMax ? Cut(union, countMax) : union);
    }

    /// <summary>Drops from the end what gives way, then from the end what does not, until so many are left.</summary>
    private static T[] Cut<T>(T[] union, int countMax)
        where T : struct, IFoldEntry<T>
    {
        int excess = union.Length - countMax;
        int yielding = Math.Min(excess, union.Count(entry => T.GivesWay(entry)));
        int others = excess - yielding;
        var kept = new T[countMax];
        int place = countMax;
        for (int index = union.Length - 1; index >= 0; index--)
        {
            ref int toDrop = ref others;
            if (T.GivesWay(union[index]))
            {
                toDrop = ref yielding;
            }

            if (toDrop > 0)
            {
                toDrop--;
            }
            else
            {
                kept[--place] = union[index];
            }
        }

        return kept;
    }

    private static int Copy<T>(ReadOnlySpan<T> from, Span<T> to)
    {
        int count = Math.Min(from.Length, to.Length);
        from[..count].CopyTo(to);
        return count;
    }
}
