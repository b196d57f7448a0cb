using System.Collections.Immutable;

namespace Customer360.Rules.Audit;

/// <summary>The ends of the chains as their one writer has them in memory, to which it adds records.</summary>
public sealed class AuditChains
{
    private readonly AuditChainHead[] _heads = [.. AuditHead.Empty.Chains];

    public AuditHead Head => new([.. _heads]);

    /// <summary>Takes over where the chains end in the store.</summary>
    public void Set(AuditHead head) => head.Chains.CopyTo(_heads);

    /// <summary>Adds a record; answers where it stands and its hash.</summary>
    public AuditChainHead Add(int chain, ReadOnlySpan<byte> record)
    {
        AuditChainHead last = _heads[chain];
        long seq = last.Size + 1;
        ImmutableArray<byte> hash = AuditChain.Hash(chain, seq, last.Hash.AsSpan(), record);
        return _heads[chain] = new AuditChainHead(chain, seq, hash);
    }
}
