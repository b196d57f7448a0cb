namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>A TC string as a plain model, with a writer of its own that follows the specification field by field.</summary>
internal sealed class TcfModel
{
    public int Version { get; set; } = 2;
    public DateTimeOffset Created { get; set; } = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
    public DateTimeOffset LastUpdated { get; set; } = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
    public int CmpId { get; set; } = 31;
    public int CmpVersion { get; set; } = 640;
    public int ConsentScreen { get; set; } = 1;
    public string Language { get; set; } = "EN";
    public int VendorListVersion { get; set; } = 126;
    public int PolicyVersion { get; set; } = 5;
    public bool IsServiceSpecific { get; set; } = true;
    public bool UsesNonStandardTexts { get; set; }
    public int[] SpecialFeatures { get; set; } = [];
    public int[] Purposes { get; set; } = [];
    public int[] LegitimateInterests { get; set; } = [];
    public bool PurposeOneTreatment { get; set; }
    public string Country { get; set; } = "DE";
    public Vendors VendorConsents { get; set; } = new([]);
    public Vendors VendorLegitimateInterests { get; set; } = new([]);
    public List<(int Purpose, int Type, Vendors Vendors)> Restrictions { get; } = [];
    public Vendors? Disclosed { get; set; } = new([]);
    public PublisherModel? Publisher { get; set; }
    public bool IsPublisherFirst { get; set; }
    public int Fill { get; set; } = 6;

    /// <summary>A set of vendors, written as bits or as ranges.</summary>
    public sealed record Vendors(int[] Ids, bool IsRange = false)
    {
        public void Write(BitText bits)
        {
            int max = Ids.Length == 0 ? 0 : Ids.Max();
            bits.Write(max, 16).Write(IsRange);
            if (IsRange)
            {
                WriteRanges(bits);
            }
            else
            {
                bits.WriteIds(Ids, max);
            }
        }

        public void WriteRanges(BitText bits)
        {
            List<(int First, int Last)> ranges = [];
            foreach (int id in Ids.Distinct().Order())
            {
                if (ranges.Count > 0 && ranges[^1].Last == id - 1)
                {
                    ranges[^1] = (ranges[^1].First, id);
                }
                else
                {
                    ranges.Add((id, id));
                }
            }

            bits.Write(ranges.Count, 12);
            foreach ((int first, int last) in ranges)
            {
                bits.Write(last > first).Write(first, 16);
                if (last > first)
                {
                    bits.Write(last, 16);
                }
            }
        }
    }

    public sealed record PublisherModel(
        int[] Purposes,
        int[] LegitimateInterests,
        int Custom,
        int[] CustomIds,
        int[] CustomLi
    );

    /// <summary>The fields before the vendors: 213 bits.</summary>
    public BitText Head() =>
        new BitText()
            .Write(Version, 6)
            .Write(Created.ToUnixTimeMilliseconds() / 100, 36)
            .Write(LastUpdated.ToUnixTimeMilliseconds() / 100, 36)
            .Write(CmpId, 12)
            .Write(CmpVersion, 12)
            .Write(ConsentScreen, 6)
            .Write(Language[0] - 'A', 6)
            .Write(Language[1] - 'A', 6)
            .Write(VendorListVersion, 12)
            .Write(PolicyVersion, 6)
            .Write(IsServiceSpecific)
            .Write(UsesNonStandardTexts)
            .WriteIds(SpecialFeatures, 12)
            .WriteIds(Purposes, 24)
            .WriteIds(LegitimateInterests, 24)
            .Write(PurposeOneTreatment)
            .Write(Country[0] - 'A', 6)
            .Write(Country[1] - 'A', 6);

    public BitText Core()
    {
        BitText bits = Head();
        VendorConsents.Write(bits);
        VendorLegitimateInterests.Write(bits);
        bits.Write(Restrictions.Count, 12);
        foreach ((int purpose, int type, Vendors vendors) in Restrictions)
        {
            bits.Write(purpose, 6).Write(type, 2);
            vendors.WriteRanges(bits);
        }

        return bits;
    }

    public string Text()
    {
        List<string> segments = [];
        if (Disclosed is not null)
        {
            BitText bits = new BitText().Write(1, 3);
            Disclosed.Write(bits);
            segments.Add(bits.ToText(Fill));
        }

        if (Publisher is { } publisher)
        {
            BitText bits = new BitText()
                .Write(3, 3)
                .WriteIds(publisher.Purposes, 24)
                .WriteIds(publisher.LegitimateInterests, 24)
                .Write(publisher.Custom, 6)
                .WriteIds(publisher.CustomIds, publisher.Custom)
                .WriteIds(publisher.CustomLi, publisher.Custom);
            segments.Insert(IsPublisherFirst ? 0 : segments.Count, bits.ToText(Fill));
        }

        return string.Join('.', segments.Prepend(Core().ToText(Fill)));
    }

    /// <summary>Any string that can be written, from a seed.</summary>
    public static TcfModel Random(int seed)
    {
        var random = new Random(seed);
        int[] Some(int max) => [.. Enumerable.Range(1, max).Where(_ => random.Next(3) == 0)];
        Vendors Vendors(int max) => new([.. Some(random.Next(max))], random.Next(2) == 0);
        DateTimeOffset Time() => DateTimeOffset.UnixEpoch.AddMilliseconds(100 * random.NextInt64(0, 1L << 36));
        string Letters() => $"{(char)('A' + random.Next(26))}{(char)('A' + random.Next(26))}";
        int custom = random.Next(64);
        var model = new TcfModel
        {
            Created = Time(),
            LastUpdated = Time(),
            CmpId = random.Next(4096),
            CmpVersion = random.Next(4096),
            ConsentScreen = random.Next(64),
            Language = Letters(),
            VendorListVersion = random.Next(4096),
            PolicyVersion = random.Next(64),
            IsServiceSpecific = random.Next(4) > 0,
            UsesNonStandardTexts = random.Next(2) == 0,
            SpecialFeatures = Some(12),
            Purposes = Some(24),
            LegitimateInterests = Some(24),
            PurposeOneTreatment = random.Next(2) == 0,
            Country = Letters(),
            VendorConsents = Vendors(300),
            VendorLegitimateInterests = Vendors(60),
            Disclosed = random.Next(2) == 0 ? Vendors(60) : null,
            Publisher = random.Next(2) == 0 ? new(Some(24), Some(24), custom, Some(custom), Some(custom)) : null,
            IsPublisherFirst = random.Next(2) == 0,
            Fill = new[] { 6, 8, 24 }[random.Next(3)],
        };
        for (int i = random.Next(4); i > 0; i--)
        {
            model.Restrictions.Add((random.Next(64), random.Next(4), Vendors(40)));
        }

        return model;
    }
}
