using System.Collections.Immutable;

namespace Customer360.Rules.Audit;

/// <summary>
/// Walks along one chain. Up to the first record that does not follow, it keeps the newest hashes; from there on it only looks
/// for what explains the break, since a record's hash tells at which place it was written.
/// </summary>
internal sealed class AuditChainWalk(int chain, ImmutableArray<AuditChainHead> heads)
{
    // How many records a place may be away from where its own hash says it belongs, to be recognised as moved.
    private const int ReachMax = 256;

    private readonly Queue<AuditChainHead> _recent = new([AuditChainHead.Empty(chain)]);
    private readonly List<AuditRow> _unplaced = [];
    private readonly Dictionary<int, AuditBreak> _rewritten = [];
    private AuditChainHead _last = AuditChainHead.Empty(chain);
    private ImmutableArray<byte>? _own;
    private AuditChainHead? _resumed;
    private AuditRow? _first;
    private AuditBreak? _found;

    /// <summary>Where the chain ends as far as it is whole.</summary>
    public AuditChainHead Head => _last;

    public void Add(AuditRow row)
    {
        if (_found is not null)
        {
            return;
        }

        if (_first is not null)
        {
            Explain(row);
        }
        else if (row.Seq == _last.Size + 1 && Follows(row, _last, out AuditChainHead next))
        {
            Advance(next);
        }
        else
        {
            Break(row);
        }
    }

    /// <summary>The first break; null where there is none.</summary>
    public AuditBreak? Finish()
    {
        if (_first is { } first)
        {
            return _found ?? Unexplained(first);
        }

        return _rewritten.Values.OrderBy(one => one.Seq).FirstOrDefault()
            ?? heads
                .Where(head => head.Size > _last.Size)
                .Select(head => At(_last.Size + 1, AuditBreakKind.Truncated, head.Hash, null))
                .FirstOrDefault();
    }

    private void Advance(AuditChainHead next)
    {
        _last = next;
        _recent.Enqueue(next);
        if (_recent.Count > ReachMax)
        {
            _recent.Dequeue();
        }

        for (int index = 0; index < heads.Length; index++)
        {
            AuditChainHead head = heads[index];
            if (head.Size == next.Size && !head.Equals(next))
            {
                _rewritten[index] = At(next.Size, AuditBreakKind.Rewritten, head.Hash, next.Hash);
            }
        }
    }

    private void Break(AuditRow row)
    {
        _first = row;
        if (Follows(row, _last, out AuditChainHead renumbered))
        {
            // It is the right record, and says that it is another.
            _found = At(renumbered.Size, AuditBreakKind.Changed, renumbered.Hash, row.Hash);
            return;
        }

        if (row.Seq <= _last.Size)
        {
            // The place is taken, by a record that follows.
            _found = At(row.Seq, AuditBreakKind.Inserted, HashAt(row.Seq), row.Hash);
            return;
        }

        // Its hash may say that it follows an earlier record: what stands between them came later.
        foreach (AuditChainHead place in _recent)
        {
            if (place.Size < _last.Size && Follows(row, place, out AuditChainHead own))
            {
                _found = At(own.Size, AuditBreakKind.Inserted, own.Hash, HashAt(own.Size));
                return;
            }
        }

        _unplaced.Add(row);
    }

    /// <summary>Looks at a later record: does it say why the first one did not follow?</summary>
    private void Explain(AuditRow row)
    {
        AuditRow first = _first!;
        if (_resumed is null && Follows(row, _last, out AuditChainHead owner))
        {
            // This is the record that belongs where the break is.
            _resumed = owner;
            _own = owner.Hash;
            PlaceOthers();
            return;
        }

        if (_resumed is not null)
        {
            Keep(row);
            PlaceOthers();
            return;
        }

        if (_unplaced.Count == 1 && first.Seq == _last.Size + 1 && row.Seq == first.Seq + 1)
        {
            ExplainByNext(first, row);
        }

        Keep(row);
    }

    private void ExplainByNext(AuditRow first, AuditRow next)
    {
        ImmutableArray<byte> computed = HashOf(first, first.Seq, _last.Hash);
        if (IsHash(next, next.Seq, first.Hash) || IsHash(next, next.Seq, computed))
        {
            _found = At(first.Seq, AuditBreakKind.Changed, computed, first.Hash);
            return;
        }

        // Records behind a gap may have been given new numbers; their hashes still have the old ones.
        for (int gap = 1; gap <= ReachMax; gap++)
        {
            if (IsHash(next, next.Seq + gap, first.Hash))
            {
                _found = At(first.Seq, AuditBreakKind.Missing, null, first.Hash);
                return;
            }
        }
    }

    /// <summary>The records that were passed over are placed behind the one that was found, where they follow it.</summary>
    private void PlaceOthers()
    {
        bool placed;
        do
        {
            placed = false;
            foreach (AuditRow row in _unplaced)
            {
                if (Follows(row, _resumed!, out AuditChainHead next))
                {
                    _resumed = next;
                    placed = true;
                    if (ReferenceEquals(row, _first))
                    {
                        // Both are true records, and they stand the wrong way round.
                        _found = At(_last.Size + 1, AuditBreakKind.Reordered, _own, _first.Hash);
                        return;
                    }
                }
            }
        } while (placed);
    }

    private void Keep(AuditRow row)
    {
        if (_unplaced.Count < ReachMax)
        {
            _unplaced.Add(row);
        }
    }

    /// <summary>Nothing later explained it.</summary>
    private AuditBreak Unexplained(AuditRow first)
    {
        long seq = _last.Size + 1;
        if (_resumed is not null)
        {
            // The record of this place is there, further on: what stands before it is none of the chain's.
            return At(seq, AuditBreakKind.Inserted, _own, first.Hash);
        }

        return first.Seq == seq
            ? At(seq, AuditBreakKind.Changed, HashOf(first, seq, _last.Hash), first.Hash)
            : At(seq, AuditBreakKind.Missing, null, first.Hash);
    }

    private bool Follows(AuditRow row, AuditChainHead place, out AuditChainHead next)
    {
        next = new AuditChainHead(chain, place.Size + 1, row.Hash);
        return IsHash(row, next.Size, place.Hash);
    }

    private bool IsHash(AuditRow row, long seq, ImmutableArray<byte> previous) =>
        HashOf(row, seq, previous).AsSpan().SequenceEqual(row.Hash.AsSpan());

    private ImmutableArray<byte> HashOf(AuditRow row, long seq, ImmutableArray<byte> previous) =>
        AuditChain.Hash(chain, seq, previous.AsSpan(), row.Record.Span);

    private ImmutableArray<byte>? HashAt(long seq) => _recent.FirstOrDefault(place => place.Size == seq)?.Hash;

    private AuditBreak At(long seq, AuditBreakKind kind, ImmutableArray<byte>? expected, ImmutableArray<byte>? found) =>
        new(chain, seq, kind, Text(expected), Text(found));

    private static string? Text(ImmutableArray<byte>? hash) =>
        hash is { } bytes ? Convert.ToHexStringLower(bytes.AsSpan()) : null;
}
