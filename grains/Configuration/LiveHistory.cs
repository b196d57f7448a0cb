using System.Collections.Immutable;

namespace Customer360.Grains;

/// <summary>
/// What the grains that own a live configuration have in common: entries, the oldest first, the last of which counts; and
/// that nobody is told of one that is not stored.
/// </summary>
internal static class LiveHistory
{
    /// <summary>The entry that counts, or null.</summary>
    public static T? Last<T>(ImmutableArray<T> entries)
        where T : class => entries.IsEmpty ? null : entries[^1];

    /// <summary>The entries and one more; the oldest go where there are too many, or they are too large together.</summary>
    /// <param name="countMax">Entries at most.</param>
    /// <param name="sizeMax">Of all entries together; the newest stays in any case.</param>
    public static ImmutableArray<T> With<T>(
        ImmutableArray<T> entries,
        T added,
        int countMax,
        Func<T, long> sizeOf,
        long sizeMax
    )
    {
        ImmutableArray<T> all = entries.Add(added);
        long size = all.Sum(sizeOf);
        int first = 0;
        while (first < all.Length - 1 && (all.Length - first > countMax || size > sizeMax))
        {
            size -= sizeOf(all[first]);
            first++;
        }

        return all[first..];
    }

    /// <summary>Writes a state that was changed; where that fails it is as before, and the next call reads it anew.</summary>
    /// <param name="undo">Takes the change back.</param>
    /// <param name="grain">Whose state it is.</param>
    public static async Task Save<T>(IPersistentState<T> stored, Action undo, IGrainBase grain)
    {
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            // Whether it was stored is not known.
            undo();
            grain.DeactivateOnIdle();
            throw;
        }
    }
}
