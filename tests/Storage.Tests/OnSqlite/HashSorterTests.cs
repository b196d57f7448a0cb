using Customer360.Storage.Sqlite.Runs;

namespace Customer360.Storage.Tests.OnSqlite;

public sealed class HashSorterTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1_000, 1_000_000)]
    [InlineData(40_000, 1_000_000)]
    [InlineData(40_000, 3)]
    public void Sort_WhateverTheHashes_GivesTheOrderOfTheEntries(int count, int hashes)
    {
        var random = new Random(count + hashes);
        long[] known = [.. Enumerable.Range(0, hashes).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))];
        var sorter = new HashSorter<AnchorEntry>();
        // It sorts twice, the second time in the memory of the first, which holds other entries.
        foreach (int size in (int[])[count, (count / 2) + 1])
        {
            AnchorEntry[] entries =
            [
                .. Enumerable
                    .Range(0, size)
                    .Select(id => new AnchorEntry(known[random.Next(hashes)], random.Next(5), id)),
            ];
            random.Shuffle(entries);
            entries.CopyTo(sorter.Begin(size));

            AnchorEntry[] sorted = sorter.Sort(size).ToArray();

            Assert.Equal(entries.Order(), sorted);
        }
    }
}
