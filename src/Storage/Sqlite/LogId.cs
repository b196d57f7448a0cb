namespace Customer360.Storage.Sqlite;

/// <summary>A message's place as one number: partition × 2^40 + position. A block of the log has the id of its last message.</summary>
internal static class LogId
{
    private const int PositionBits = 40;

    public static long Of(int partition, long position) => ((long)partition << PositionBits) | position;

    public static int Partition(long id) => (int)(id >> PositionBits);

    public static long Position(long id) => id & ((1L << PositionBits) - 1);
}
