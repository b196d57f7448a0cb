using System.Collections.Immutable;

namespace Customer360.Rules.Consent.Wire.Tcf;

/// <summary>Vendors with consecutive ids, both ends included.</summary>
public readonly record struct TcfVendorRange(int First, int Last);

/// <summary>A set of vendors, kept as ranges: a short string can name all 65,535, and name each of them 4,095 times.</summary>
public sealed class TcfVendors
{
    private TcfVendors(ImmutableArray<TcfVendorRange> ranges) => Ranges = ranges;

    /// <summary>Ascending, without a vendor twice.</summary>
    public ImmutableArray<TcfVendorRange> Ranges { get; }

    /// <summary>True where the set has the vendor.</summary>
    public bool Contains(int vendor)
    {
        foreach (TcfVendorRange range in Ranges)
        {
            if (range.First <= vendor && vendor <= range.Last)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ascending.</summary>
    public IEnumerable<int> Ids =>
        Ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1));

    /// <summary>Reads a set that begins with its highest id: a bit for each, or ranges.</summary>
    internal static TcfVendors Read(ref Base64UrlBits bits)
    {
        int vendorMax = bits.ReadInt(16);
        return bits.ReadFlag() ? ReadRanges(ref bits, vendorMax) : ReadField(ref bits, vendorMax);
    }

    /// <summary>Reads ranges; one that ends before it begins, or that goes past the highest id, breaks the string.</summary>
    internal static TcfVendors ReadRanges(ref Base64UrlBits bits, int vendorMax)
    {
        int count = bits.ReadInt(12);
        List<TcfVendorRange> ranges = [];
        for (int i = 0; i < count && !bits.IsBroken; i++)
        {
            bool isRange = bits.ReadFlag();
            int first = bits.ReadInt(16);
            int last = isRange ? bits.ReadInt(16) : first;
            if (first < 1 || last < first || last > vendorMax)
            {
                bits.Break();
            }

            ranges.Add(new TcfVendorRange(first, last));
        }

        return new TcfVendors(Apart(ranges));
    }

    /// <summary>Joins the ranges that touch: ranges may be written in any order, and more than once.</summary>
    private static ImmutableArray<TcfVendorRange> Apart(List<TcfVendorRange> ranges)
    {
        ranges.Sort((one, other) => one.First.CompareTo(other.First));
        var apart = ImmutableArray.CreateBuilder<TcfVendorRange>();
        foreach (TcfVendorRange range in ranges)
        {
            if (apart.Count > 0 && range.First <= apart[^1].Last + 1)
            {
                apart[^1] = apart[^1] with { Last = Math.Max(range.Last, apart[^1].Last) };
            }
            else
            {
                apart.Add(range);
            }
        }

        return apart.ToImmutable();
    }

    private static TcfVendors ReadField(ref Base64UrlBits bits, int vendorMax)
    {
        if (vendorMax > bits.Left)
        {
            bits.Break();
        }

        var ranges = ImmutableArray.CreateBuilder<TcfVendorRange>();
        int first = 0;
        for (int vendor = 1; vendor <= vendorMax && !bits.IsBroken; vendor++)
        {
            bool isIn = bits.ReadFlag();
            if (isIn && first == 0)
            {
                first = vendor;
            }
            else if (!isIn && first > 0)
            {
                ranges.Add(new TcfVendorRange(first, vendor - 1));
                first = 0;
            }
        }

        if (first > 0)
        {
            ranges.Add(new TcfVendorRange(first, vendorMax));
        }

        return new TcfVendors(ranges.ToImmutable());
    }
}
