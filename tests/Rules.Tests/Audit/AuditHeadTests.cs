using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Audit;
using static Customer360.Rules.Tests.Audit.AuditLogModel;

namespace Customer360.Rules.Tests.Audit;

/// <summary>The head: its text, its root, and hashes of identifiers.</summary>
public sealed class AuditHeadTests
{
    [Fact]
    public void Write_WhenReadBack_IsTheSame()
    {
        AuditHead head = HeadOf(Rows(5));

        AuditHead? read = AuditHead.Read(head.Write());

        Assert.Equal(head.Chains.AsEnumerable(), read!.Chains.AsEnumerable());
        Assert.Equal(10, head.Size);
    }

    [Fact]
    public void Read_WhenSignaturesFollow_IsTheSame() =>
        Assert.NotNull(
            AuditHead.Read(
                HeadOf(Rows(5)).Write() + "\n— witness Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5\n"
            )
        );

    [Fact]
    public void Read_WhenAPartIsChanged_IsNoHead()
    {
        string text = HeadOf(Rows(5)).Write();

        Assert.Null(AuditHead.Read(text.Replace("chain 3 5", "chain 3 4", StringComparison.Ordinal)));
        Assert.Null(AuditHead.Read(text.Replace("\n10\n", "\n11\n", StringComparison.Ordinal)));
        Assert.Null(AuditHead.Read(text.Replace("chain 3 ", "chain 4 ", StringComparison.Ordinal)));
        Assert.Null(AuditHead.Read(text[..^20]));
        Assert.Null(AuditHead.Read(""));
        Assert.Null(AuditHead.Read("\0\nchain"));
    }

    /// <summary>RFC 6962 by its own recursion, written anew: sixteen leaves are a whole tree.</summary>
    [Fact]
    public void Root_IsTheTreeHashOfTheChains()
    {
        AuditHead head = HeadOf(Rows(5));
        List<byte[]> level =
        [
            .. head.Chains.Select(chain =>
            {
                string place = $"{chain.Chain:x8}{chain.Size:x16}";
                return SHA256.HashData([0, .. Convert.FromHexString(place), .. chain.Hash]);
            }),
        ];
        while (level.Count > 1)
        {
            level = [.. level.Chunk(2).Select(pair => SHA256.HashData([1, .. pair[0], .. pair[1]]))];
        }

        Assert.Equal(level[0], head.Root());
    }

    /// <summary>The documented form of a hash, put together by hand.</summary>
    [Fact]
    public void Hash_IsOfDomainPlacePreviousAndRecord()
    {
        byte[] record = RecordOf("one");
        byte[] previous = SHA256.HashData("before"u8);

        Assert.Equal(
            SHA256.HashData([
                .. Encoding.ASCII.GetBytes("customer360 audit 1\n"),
                .. Convert.FromHexString("00000005"),
                .. Convert.FromHexString("0000000000000102"),
                .. previous,
                .. record,
            ]),
            AuditChain.Hash(5, 0x102, previous, record)
        );
    }

    [Fact]
    public void Hash_OfALongRecord_IsOfAllOfIt()
    {
        byte[] record = new byte[100_000];
        byte[] other = [.. record];
        other[^1] = 1;

        Assert.NotEqual(
            AuditChain.Hash(0, 1, AuditChain.Beginning.AsSpan(), record),
            AuditChain.Hash(0, 1, AuditChain.Beginning.AsSpan(), other)
        );
    }

    [Fact]
    public void HashOfAnIdentifier_DependsOnTheKeyAndShowsNothing()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];
        string hash = new AuditHash(key).Of("email:ada@example.com");

        Assert.Equal(hash, new AuditHash(key).Of("email:ada@example.com"));
        Assert.NotEqual(hash, new AuditHash(key).Of("email:ida@example.com"));
        Assert.NotEqual(hash, new AuditHash([.. key.Reverse()]).Of("email:ada@example.com"));
        Assert.Matches("^x_[0-9a-f]{32}$", hash);
    }

    [Fact]
    public void HashOfAnIdentifier_WithoutAKey_IsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => new AuditHash().Of("email:ada@example.com"));
        Assert.Throws<ArgumentException>(() => new AuditHash(new byte[31]));
        var hash = new AuditHash(new byte[32]);
        hash.Use(new byte[32]);
        Assert.Throws<InvalidOperationException>(() => hash.Use(new byte[33]));
    }
}
