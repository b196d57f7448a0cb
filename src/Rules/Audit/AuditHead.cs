using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Audit;

/// <summary>Where a chain ends.</summary>
/// <param name="Chain">Its number.</param>
/// <param name="Size">Its records; the last one has this number.</param>
/// <param name="Hash">The hash of the last one, or <see cref="AuditChain.Beginning"/>.</param>
public sealed record AuditChainHead(int Chain, long Size, ImmutableArray<byte> Hash)
{
    public static AuditChainHead Empty(int chain) => new(chain, 0, AuditChain.Beginning);

    public bool Equals(AuditChainHead? other) =>
        other is not null
        && Chain == other.Chain
        && Size == other.Size
        && Hash.AsSpan().SequenceEqual(other.Hash.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Chain, Size);
}

/// <summary>
/// Where all chains end: who keeps this text outside the store can say later whether the log still begins with what it held then.
/// </summary>
/// <param name="Chains">All of them, by number.</param>
/// <remarks>
/// As text it has the form of a checkpoint of transparency logs (C2SP tlog-checkpoint) without a signature: origin, number of
/// records, root in base64; then a line <c>chain NUMBER SIZE HASH</c> for each chain. The root is the Merkle tree hash of RFC 6962
/// over the chains in their order; a leaf is chain, size and hash, with the numbers in 4 and 8 bytes, big-endian.
/// </remarks>
public sealed record AuditHead(ImmutableArray<AuditChainHead> Chains)
{
    private const string Origin = "customer360/audit";
    private const string ChainWord = "chain";

    /// <summary>Of a log without records.</summary>
    public static AuditHead Empty { get; } = Of([]);

    /// <summary>Records of all chains.</summary>
    public long Size => Chains.Sum(chain => chain.Size);

    /// <summary>See the remarks.</summary>
    public byte[] Root() =>
        Root([.. Chains.Select(chain => (byte[])[.. AuditChain.Place(chain.Chain, chain.Size), .. chain.Hash])]);

    /// <summary>Fills in the chains that have no record.</summary>
    public static AuditHead Of(IEnumerable<AuditChainHead> known)
    {
        Dictionary<int, AuditChainHead> byNumber = known.ToDictionary(chain => chain.Chain);
        return new AuditHead([
            .. Enumerable
                .Range(0, AuditChain.Count)
                .Select(chain => byNumber.GetValueOrDefault(chain) ?? AuditChainHead.Empty(chain)),
        ]);
    }

    public string Write()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root())}\n");
        foreach (AuditChainHead chain in Chains)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{ChainWord} {chain.Chain} {chain.Size} {Convert.ToBase64String(chain.Hash.AsSpan())}\n"
            );
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; signatures may follow behind an empty line. Null where it is no head, or its
    /// own parts contradict each other.</summary>
    public static AuditHead? Read(string text)
    {
        string[] lines = [.. text.ReplaceLineEndings("\n").Split('\n').TakeWhile(line => line.Length > 0)];
        if (lines.Length != 3 + AuditChain.Count || lines[0] != Origin)
        {
            return null;
        }

        ImmutableArray<AuditChainHead?> chains = [.. lines.Skip(3).Select(ReadChain)];
        if (
            chains.Any(chain => chain is null)
            || chains.Select(chain => chain!.Chain).Distinct().Count() != chains.Length
        )
        {
            return null;
        }

        AuditHead head = Of(chains!);
        return head.Write().Split('\n').Take(3).SequenceEqual(lines.Take(3)) ? head : null;
    }

    private static AuditChainHead? ReadChain(string line)
    {
        byte[] hash = new byte[AuditChain.HashLength];
        return
            line.Split(' ') is [ChainWord, var number, var size, var text]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int chain)
            && chain < AuditChain.Count
            && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long records)
            && Convert.TryFromBase64String(text, hash, out int length)
            && length == AuditChain.HashLength
            ? new AuditChainHead(chain, records, [.. hash])
            : null;
    }

    /// <summary>MTH of RFC 6962, section 2.1.</summary>
    private static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1)
        {
            return SHA256.HashData([0, .. leaves[0]]);
        }

        int left = 1;
        while (left * 2 < leaves.Length)
        {
            left *= 2;
        }

        return SHA256.HashData([1, .. Root(leaves[..left]), .. Root(leaves[left..])]);
    }
}
