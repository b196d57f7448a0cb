using System.Collections.Immutable;

namespace Customer360.Rules.Audit;

/// <summary>
/// Checks an audit log record by record, in the order of their numbers, and keeps a little of each chain: it reads logs of any
/// length. It tells a change of the store; it can't tell a log that somebody who holds the store has written anew from the
/// beginning, for which a head that was kept elsewhere is there.
/// </summary>
public sealed class AuditVerifier
{
    private readonly AuditChainWalk[] _chains;
    private readonly SortedDictionary<int, AuditBreak> _strange = [];
    private long _records;

    /// <param name="heads">What the log must begin with: a head that was kept elsewhere, and the store's own where it has one.</param>
    public AuditVerifier(params ImmutableArray<AuditHead> heads)
    {
        _chains =
        [
            .. Enumerable
                .Range(0, AuditChain.Count)
                .Select(chain => new AuditChainWalk(chain, [.. heads.Select(head => head.Chains[chain])])),
        ];
    }

    /// <summary>Takes the next record.</summary>
    public void Add(AuditRow row)
    {
        _records++;
        if (row.Chain is >= 0 and < AuditChain.Count)
        {
            _chains[row.Chain].Add(row);
        }
        else
        {
            _strange.TryAdd(
                row.Chain,
                new AuditBreak(
                    row.Chain,
                    row.Seq,
                    AuditBreakKind.Inserted,
                    null,
                    Convert.ToHexStringLower(row.Hash.AsSpan())
                )
            );
        }
    }

    /// <summary>Says what was found. Call it once, behind the last record.</summary>
    public AuditReport Finish()
    {
        AuditBreak?[] breaks = [.. _chains.Select(chain => chain.Finish())];
        return new AuditReport(
            AuditHead.Of(_chains.Select(chain => chain.Head)),
            _records,
            [.. breaks.OfType<AuditBreak>(), .. _strange.Values]
        );
    }
}
