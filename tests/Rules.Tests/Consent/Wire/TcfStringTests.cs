using Customer360.Rules.Consent.Wire.Tcf;

namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>TC strings of specifications and public suites, field by field; and those that must not be read.</summary>
public sealed class TcfStringTests
{
    [Fact]
    public void TryRead_OfTheExampleOfTheSpecification_HasItsFields()
    {
        TcfConsent read = Read("CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA.IDKQA4AAgAKAGQAygAAA.YAAAAAAAAAAA");
        Assert.Equal(new DateTimeOffset(2025, 6, 3, 0, 0, 0, TimeSpan.Zero), read.Created);
        Assert.Equal(read.Created, read.LastUpdated);
        Assert.Equal(
            (880, "EN", 48, 2),
            (read.CmpId, read.ConsentLanguage, read.VendorListVersion, read.PolicyVersion)
        );
        Assert.True(read.IsServiceSpecific);
        Assert.Equal("DE", read.PublisherCountry);
        Assert.Empty(read.PurposeConsents);
        Assert.Empty(read.PurposeLegitimateInterests);
        Assert.Equal([1, 2, 3, 4], read.VendorConsents.Ids);
        Assert.Equal([1, 2, 3, 4, 5, 100, 404], read.DisclosedVendors?.Ids);
        Assert.NotNull(read.Publisher);
        Assert.Empty(read.Publisher.PurposeConsents);
        Assert.Equal(0, read.Publisher.CustomPurposeCount);
    }

    [Fact]
    public void TryRead_OfTheStringInTheGppSpecification_HasItsFields()
    {
        TcfConsent read = Read("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA");
        Assert.Equal(new DateTimeOffset(2022, 4, 20, 22, 0, 0, TimeSpan.Zero), read.Created);
        Assert.Equal((31, 640, 126, 2), (read.CmpId, read.CmpVersion, read.VendorListVersion, read.PolicyVersion));
        Assert.Equal(("EN", "DE"), (read.ConsentLanguage, read.PublisherCountry));
        Assert.Empty(read.PurposeConsents);
        Assert.Empty(read.VendorConsents.Ids);
        Assert.Null(read.DisclosedVendors);
        Assert.Null(read.Publisher);
    }

    [Fact]
    public void TryRead_OfAGlobalString_ReadsItAndDoesNotBelieveIt()
    {
        const string text = "COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA";
        TcfConsent read = Read(text);
        Assert.Equal(new DateTimeOffset(2020, 1, 26, 17, 1, 0, TimeSpan.Zero), read.Created);
        Assert.Equal(new DateTimeOffset(2021, 2, 2, 17, 1, 0, TimeSpan.Zero), read.LastUpdated);
        Assert.Equal(675, read.CmpId);
        Assert.Equal([2, 10], read.PurposeConsents.AsEnumerable());
        Assert.Equal([2, 9], read.PurposeLegitimateInterests.AsEnumerable());
        Assert.Equal([1], read.SpecialFeatures.AsEnumerable());
        Assert.True(read.PurposeOneTreatment);
        Assert.False(read.IsServiceSpecific);
        Assert.Empty(Said.Text("tcf", text));
    }

    [Fact]
    public void TryRead_OfAnOldStringWithAllowedVendors_SkipsThem()
    {
        TcfConsent read = Read(
            "COrEAV4OrXx94ACABBENAHCIAD-AAAAAAACAAxAAAAgAIAwgAgAAAAEAgQAAAAAEAYQAQAAAACAAAABAAA.IBAgAAAgAIAwgAgAAAAEAAAACA.QAagAQAgAIAwgA"
        );
        Assert.Equal([3, 4, 5, 6, 7, 8, 9], read.PurposeConsents.AsEnumerable());
        Assert.Equal([23, 37, 47, 48, 53, 65, 98], read.VendorConsents.Ids);
        Assert.Equal([37, 47, 48, 53, 65, 98, 129], read.VendorLegitimateInterests.Ids);
        Assert.Equal([23, 37, 47, 48, 53, 65, 98, 129], read.DisclosedVendors?.Ids);
        Assert.Null(read.Publisher);
    }

    [Fact]
    public void Read_OfAnOldString_IgnoresTheInterestsThatMayNotBe()
    {
        const string text =
            "COyiBqdOyiBqdObAAAENAfCIAP8AAH-AAAAAB4AXQQgEAAAgoAAAAABAIYQUAAAAAAAAAAAAAAAIQIQCxIvkgQMAAAABgAIAAAAAAAAAAABAZAkAAA";
        TcfConsent read = Read(text);
        Assert.Equal(923, read.CmpId);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], read.PurposeConsents.AsEnumerable());
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], read.PurposeLegitimateInterests.AsEnumerable());
        Assert.Equal([1], read.SpecialFeatures.AsEnumerable());
        Assert.False(read.IsServiceSpecific);
        Assert.Empty(Said.Text("tcf", text));
        // The first bit of this character says whether the string is of one service: then it counts.
        string[] said = Said.Text("tcf", text[..23] + "o" + text[24..]);
        Assert.Equal(
            ["li:10=denied", "li:11=denied", "li:2=granted", "li:7=granted", "li:8=granted", "li:9=granted"],
            said.Where(entry => entry.StartsWith("li:", StringComparison.Ordinal))
        );
        Assert.Contains("purpose:8=granted", said);
        Assert.Contains("purpose:9=denied", said);
        Assert.Contains("special:1=granted", said);
        Assert.Contains("special:2=denied", said);
    }

    [Fact]
    public void TryRead_OfRanges_HasTheirVendors()
    {
        TcfConsent read = Read("COv__-wOv__-wC2AAAENAPCgAAAAAAAAAAAAA_wAQA_gEBABAEAAAA");
        Assert.Equal([127], read.VendorConsents.Ids);
        Assert.Equal([128], read.VendorLegitimateInterests.Ids);
    }

    [Theory]
    [InlineData("")]
    [InlineData("C")]
    [InlineData(".")]
    [InlineData("C.")]
    // Version 1 and version 3.
    [InlineData("BPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA")]
    [InlineData("DPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA")]
    // The standard alphabet, padding, space, another dot.
    [InlineData("CPXxRfAPXxRfAAfKABENB+CgAAAAAAAAAAYgAAAAAAAA")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA==")]
    [InlineData(" CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA ")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA\n")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA\0")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA..YAAAAAAAAAAA")]
    // Bits behind the end: of the core, and of the publisher's segment.
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAB")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.YAAAAAAAAAAB")]
    // Segments in another order, a second core, a segment twice, one cut off.
    [InlineData("YAAAAAAAAAAA.CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.YAAAAAAAAAAA.YAAAAAAAAAAA")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.YAAAAAAA")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.I")]
    [InlineData("CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.Q*")]
    public void TryRead_OfWhatIsNone_IsFalse(string text)
    {
        Assert.False(TcfString.TryRead(text, out TcfConsent? read));
        Assert.Null(read);
        Assert.Empty(Said.Text("tcf", text));
    }

    // A range that ends before it begins, one that begins at 0, one past the highest id, one cut off, and any with no vendor.
    [Theory]
    [InlineData(9, 1, 5, 4)]
    [InlineData(9, 1, 0, 4)]
    [InlineData(9, 1, 5, 10)]
    [InlineData(0, 1, 1, 1)]
    [InlineData(9, 2, 1, 2)]
    public void TryRead_OfRangesThatCantBe_IsFalse(int max, int count, int first, int last)
    {
        BitText bits = new TcfModel().Head().Write(max, 16).Write(true).Write(count, 12);
        bits.Write(true).Write(first, 16).Write(last, 16);
        // Then no legitimate interests and no restrictions.
        BitText whole = bits.Write(0, 17).Write(0, 12);
        Assert.False(TcfString.TryRead(whole.ToText(), out _));
    }

    [Fact]
    public void TryRead_OfMoreVendorsThanBits_IsFalse() =>
        Assert.False(TcfString.TryRead(new TcfModel().Head().Write(65_535, 16).Write(false).ToText(), out _));

    [Fact]
    public void TryRead_OfAllVendors_IsQuickAndExact()
    {
        string text = new TcfModel()
            .Head()
            .Write(65_535, 16)
            .Write(true)
            .Write(1, 12)
            .Write(true)
            .Write(1, 16)
            .Write(65_535, 16)
            .Write(0, 17)
            .Write(0, 12)
            .ToText();
        TcfConsent read = Read(text);
        Assert.Equal([new TcfVendorRange(1, 65_535)], read.VendorConsents.Ranges.AsEnumerable());
        Assert.True(read.VendorConsents.Contains(65_535));
        Assert.False(read.VendorConsents.Contains(0));
    }

    [Fact]
    public void TryRead_OfRangesThatOverlap_HasEachVendorOnce()
    {
        BitText bits = new TcfModel().Head().Write(65_535, 16).Write(true).Write(4_000, 12);
        for (int i = 0; i < 4_000; i++)
        {
            bits.Write(true).Write(4_000 - i, 16).Write(65_535, 16);
        }

        TcfConsent read = Read(bits.Write(0, 17).Write(0, 12).ToText());
        Assert.Equal([new TcfVendorRange(1, 65_535)], read.VendorConsents.Ranges.AsEnumerable());
        Assert.Equal(65_535, read.VendorConsents.Ids.Count());
    }

    private static TcfConsent Read(string text)
    {
        Assert.True(TcfString.TryRead(text, out TcfConsent? read));
        return read;
    }
}
