namespace Customer360.Storage.Sqlite.Runs;

/// <summary>
/// Keeps the best entries, up to a limit, of all that it is offered from memory and from the runs: the next page of a
/// timeline, or of an anchor's messages by position.
/// </summary>
/// <remarks>Holds at most twice its limit (and a little) of entries, 24 bytes each.</remarks>
internal sealed class EntryCollector
{
    private readonly int _limit;
    private readonly long _fromTime;
    private readonly long _toTime;
    private readonly AnchorEntry? _after;
    private readonly long? _afterPosition;
    private readonly Comparison<AnchorEntry> _order;
    private readonly List<AnchorEntry> _kept = [];

    private EntryCollector(
        int limit,
        long fromTime,
        long toTime,
        bool descending,
        AnchorEntry? after,
        long? afterPosition,
        Comparison<AnchorEntry> order
    )
    {
        this._limit = limit;
        this._fromTime = fromTime;
        this._toTime = toTime;
        this._after = after;
        this._afterPosition = afterPosition;
        this._order = order;
        Descending = descending;
    }

    public bool Descending { get; }

    /// <summary>A page in time order, behind an entry of the page before.</summary>
    /// <param name="limit">Entries at most.</param>
    /// <param name="fromTime">Inclusive, microseconds.</param>
    /// <param name="toTime">Exclusive, microseconds.</param>
    /// <param name="descending">Newest first.</param>
    /// <param name="after">The last entry of the page before (its hash does not matter).</param>
    public static EntryCollector ByTime(int limit, long fromTime, long toTime, bool descending, AnchorEntry? after) =>
        new(limit, fromTime, toTime, descending, after, null, descending ? LaterFirst : EarlierFirst);

    /// <summary>A page in the order of positions.</summary>
    public static EntryCollector ByPosition(int limit, long afterPosition) =>
        new(limit, long.MinValue, long.MaxValue, descending: false, null, afterPosition, LowerPositionFirst);

    /// <summary>The lowest entry of an anchor that can matter.</summary>
    public AnchorEntry FirstOf(long hash) =>
        !Descending && _after is { } place && place.Time >= _fromTime
            ? new(hash, place.Time, place.Id + 1)
            : new(hash, _fromTime, long.MinValue);

    /// <summary>The first entry of an anchor, rising, that can't matter any more.</summary>
    public AnchorEntry LastOf(long hash) =>
        Descending && _after is { } place && place.Time < _toTime
            ? new(hash, place.Time, place.Id)
            : new(hash, _toTime, long.MinValue);

    /// <summary>Takes an entry if it is in range.</summary>
    /// <param name="entry">Offered in time order, for one anchor and one run.</param>
    /// <param name="taken">How many of that sequence were taken; the caller keeps it.</param>
    /// <returns>False where nothing that follows in this sequence can belong to the page.</returns>
    public bool Offer(AnchorEntry entry, ref int taken)
    {
        if (Descending ? entry.Time < _fromTime : entry.Time >= _toTime)
        {
            return false;
        }

        if (_afterPosition is { } position)
        {
            if (LogId.Position(entry.Id) > position)
            {
                Keep(entry);
            }

            return true;
        }

        Keep(entry);
        taken++;
        return taken < _limit;
    }

    /// <summary>Takes entries in no order.</summary>
    public void OfferAll(List<AnchorEntry> entries)
    {
        foreach (AnchorEntry entry in entries)
        {
            bool inRange = entry.CompareTo(FirstOf(entry.Hash)) >= 0 && entry.CompareTo(LastOf(entry.Hash)) < 0;
            if (inRange && (_afterPosition is not { } position || LogId.Position(entry.Id) > position))
            {
                Keep(entry);
            }
        }
    }

    /// <summary>The page, in order, each row once.</summary>
    public List<AnchorEntry> ToPage()
    {
        Trim();
        return _kept;
    }

    private static int EarlierFirst(AnchorEntry left, AnchorEntry right)
    {
        int byTime = left.Time.CompareTo(right.Time);
        return byTime != 0 ? byTime : left.Id.CompareTo(right.Id);
    }

    private static int LaterFirst(AnchorEntry left, AnchorEntry right) => EarlierFirst(right, left);

    private static int LowerPositionFirst(AnchorEntry left, AnchorEntry right)
    {
        int byPosition = LogId.Position(left.Id).CompareTo(LogId.Position(right.Id));
        return byPosition != 0 ? byPosition : left.Id.CompareTo(right.Id);
    }

    private void Keep(AnchorEntry entry)
    {
        _kept.Add(entry);
        if (_kept.Count >= (2 * _limit) + 1_024)
        {
            Trim();
        }
    }

    private void Trim()
    {
        _kept.Sort(_order);
        int count = 0;
        for (int index = 0; index < _kept.Count && count < _limit; index++)
        {
            // A row that was moved to a run while we looked is met in memory and in the run.
            if (count == 0 || _kept[count - 1].Id != _kept[index].Id)
            {
                _kept[count++] = _kept[index];
            }
        }

        _kept.RemoveRange(count, _kept.Count - count);
    }
}
