using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Consent;
using Customer360.Rules.Consent.Wire;
using Customer360.Rules.Consent.Wire.Gpp;
using Customer360.Rules.Consent.Wire.Tcf;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>What holds for any text and any bytes in any form.</summary>
public sealed class WireProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(500);
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    /// <summary>Whole texts of every form; random ones are made of their pieces.</summary>
    private static readonly (string Form, string Text)[] s_vectors =
    [
        ("tcf", "CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA.IDKQA4AAgAKAGQAygAAA.YAAAAAAAAAAA"),
        ("tcf", "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"),
        ("tcf", "COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA"),
        (
            "tcf",
            "COrEAV4OrXx94ACABBENAHCIAD-AAAAAAACAAxAAAAgAIAwgAgAAAAEAgQAAAAAEAYQAQAAAACAAAABAAA.IBAgAAAgAIAwgAgAAAAEAAAACA.QAagAQAgAIAwgA"
        ),
        (
            "tcf",
            "COyiBqdOyiBqdObAAAENAfCIAP8AAH-AAAAAB4AXQQgEAAAgoAAAAABAIYQUAAAAAAAAAAAAAAAIQIQCxIvkgQMAAAABgAIAAAAAAAAAAABAZAkAAA"
        ),
        ("tcf", "COv__-wOv__-wC2AAAENAPCgAAAAAAAAAAAAA_wAQA_gEBABAEAAAA"),
        ("gpp", "DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN"),
        ("gpp", "DBABLA~BVQqAAAAAgA.QA"),
        ("gpp", "DBABLA~DSJgmkoZJSA.YA"),
        ("gpp", "DBABBgA~xlgWEYCZAA"),
        ("uspv1", "1YNN"),
        ("gpc", "0, 1"),
        ("google", "G111"),
        ("onetrust", ",C0001,C0003,"),
        ("onetrust", "interactionCount=1&groups=C0001%3A1%2CC0002%3A0"),
        ("cookiebot", "{stamp:'a',necessary:true,marketing:true,method:'explicit',utc:1731969341591}"),
    ];

    private static readonly (string Form, string Json)[] s_values =
    [
        ("segment", """{"categoryPreferences":{"ads":true,"analytics":false}}"""),
        ("rudderstack", """{"allowedConsentIds":["C1","C2"],"deniedConsentIds":["C2"]}"""),
        ("onetrust", """["C0001","C0003"]"""),
        ("usercentrics", """{"services":[{"id":"a","consent":{"status":true}}]}"""),
        ("didomi", """{"purposes":{"consent":{"enabled":["a"],"disabled":["b"]}}}"""),
        ("ketch", """{"a":{"status":"granted"},"b":{"status":"denied"}}"""),
        ("iubenda", """{"purposes":{"1":true,"2":false}}"""),
        ("snowplow", """{"eventType":"allow_all","basisForProcessing":"consent","consentScopes":["s"]}"""),
        ("unomi", """{"a":{"status":"GRANTED","revokeDate":"2027-01-31T00:00:00Z"}}"""),
        ("google", """{"default":{"ad_storage":"denied"},"update":{"ad_storage":"granted"}}"""),
        ("gpp", """{"gpp":"DBABLA~BVQqAAAAAgA.QA","gpp_sid":[7]}"""),
    ];

    [Fact]
    public void ReadText_OfAnyText_Answers() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    string text = RandomText(new Random(seed));
                    return ConsentForms.Known.All(form =>
                        IsWellFormed(form, ConsentForms.ReadText(form, text, Judgement))
                    );
                }
            )
            .Check(s_many);

    [Fact]
    public void Read_OfAnyBytes_Answers() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    byte[] bytes = RandomBytes(new Random(seed));
                    return ConsentForms.Known.All(form =>
                        IsWellFormed(form, ConsentForms.Read(form, bytes, Judgement))
                    );
                }
            )
            .Check(s_many);

    [Fact]
    public void ReadText_OfATextCutOff_GrantsNothingNew()
    {
        foreach ((string form, string text) in s_vectors)
        {
            HashSet<string> whole = Said.Grants(ConsentForms.ReadText(form, text, Judgement));
            for (int length = 0; length < text.Length; length++)
            {
                Assert.Subset(whole, Said.Grants(ConsentForms.ReadText(form, text[..length], Judgement)));
            }
        }
    }

    [Fact]
    public void Read_OfJsonCutOff_SaysNothing()
    {
        foreach ((string form, string json) in s_values)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(json);
            Assert.NotEmpty(Said.Grants(ConsentForms.Read(form, bytes, Judgement)));
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.Empty(ConsentForms.Read(form, bytes.AsSpan(0, length), Judgement));
            }
        }
    }

    [Fact]
    public void TryRead_OfAnyTcString_IsWhatWasWritten() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    TcfModel model = TcfModel.Random(seed);
                    return TcfString.TryRead(model.Text(), out TcfConsent? read) && IsSame(model, read);
                }
            )
            .Check(s_many);

    /// <summary>Only the zeros that fill up a segment can be lost without harm, or whole segments behind it.</summary>
    [Fact]
    public void TryRead_OfAnyTcStringCutOff_IsFalseOrTheSame() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    TcfModel model = TcfModel.Random(seed);
                    string text = model.Text();
                    int length = new Random(seed).Next(text.Length);
                    if (!TcfString.TryRead(text.AsSpan(0, length), out TcfConsent? cut))
                    {
                        return true;
                    }

                    string lost = text[length..].Split('.')[0];
                    bool isLastSegment = lost.Length == text.Length - length;
                    return lost.All(letter => letter == 'A') && (!isLastSegment || IsSame(model, cut));
                }
            )
            .Check(s_many);

    [Fact]
    public void Header_OfAnySections_IsWhatWasWritten() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    int[] sections = [.. Enumerable.Range(1, GppHeader.SectionMax).Where(_ => random.Next(6) == 0)];
                    return GppHeader.Read(HeaderOf(sections, random.Next(2) == 0 ? 6 : 24)) is { } read
                        && read.SequenceEqual(sections);
                }
            )
            .Check(s_many);

    [Fact]
    public void ReadText_OfAVeryLongText_SaysNothing()
    {
        foreach (string form in ConsentForms.Known)
        {
            foreach (
                string piece in (string[])["C", "D", "A", ".", "~", ",", "1", "{", "groups=a:1,", "%41", "{a:true,"]
            )
            {
                string text = string.Concat(Enumerable.Repeat(piece, 1_000_000));
                Assert.Empty(ConsentForms.ReadText(form, text, Judgement));
                ImmutableArray<WireConsent> limit = ConsentForms.ReadText(form, text[..65_536], Judgement);
                Assert.True(limit.Length <= 1_000);
            }
        }
    }

    private static WireJudgement Judgement => Said.Judgement with { AskedIds = ["vendor:23", "C0004", "ads"] };

    private static bool IsWellFormed(string form, ImmutableArray<WireConsent> entries) =>
        entries.All(entry =>
            entry.Status is ConsentStatus.Granted or ConsentStatus.Denied
            && entry.Id.Length is > 0 and <= 200
            && (entry.Form == form || form == "gpp")
            && !(entry.SaidAtLatest > Judgement.ReceivedAt)
        )
        && entries.Length <= 1_000;

    private static string HeaderOf(int[] sections, int fill)
    {
        List<(int First, int Last)> groups = [];
        foreach (int section in sections)
        {
            if (groups.Count > 0 && groups[^1].Last == section - 1)
            {
                groups[^1] = (groups[^1].First, section);
            }
            else
            {
                groups.Add((section, section));
            }
        }

        BitText bits = new BitText().Write(3, 6).Write(1, 6).Write(groups.Count, 12);
        int last = 0;
        foreach ((int first, int end) in groups)
        {
            bits.Write(end > first).WriteFibonacci(first - last);
            if (end > first)
            {
                bits.WriteFibonacci(end - first);
            }

            last = end;
        }

        return bits.ToText(fill);
    }

    private static bool IsSame(TcfModel model, TcfConsent read) =>
        (read.Created, read.LastUpdated) == (model.Created, model.LastUpdated)
        && (read.CmpId, read.CmpVersion, read.ConsentScreen) == (model.CmpId, model.CmpVersion, model.ConsentScreen)
        && (read.ConsentLanguage, read.PublisherCountry) == (model.Language, model.Country)
        && (read.VendorListVersion, read.PolicyVersion) == (model.VendorListVersion, model.PolicyVersion)
        && (read.IsServiceSpecific, read.UsesNonStandardTexts, read.PurposeOneTreatment)
            == (model.IsServiceSpecific, model.UsesNonStandardTexts, model.PurposeOneTreatment)
        && read.SpecialFeatures.SequenceEqual(model.SpecialFeatures)
        && read.PurposeConsents.SequenceEqual(model.Purposes)
        && read.PurposeLegitimateInterests.SequenceEqual(model.LegitimateInterests)
        && IsSame(model.VendorConsents, read.VendorConsents)
        && IsSame(model.VendorLegitimateInterests, read.VendorLegitimateInterests)
        && IsSame(model.Disclosed, read.DisclosedVendors)
        && IsSame(model.Publisher, read.Publisher)
        && read.Restrictions.Length == model.Restrictions.Count
        && read.Restrictions.Zip(model.Restrictions)
            .All(pair =>
                (pair.First.Purpose, (int)pair.First.Type) == (pair.Second.Purpose, pair.Second.Type)
                && IsSame(pair.Second.Vendors, pair.First.Vendors)
            );

    private static bool IsSame(TcfModel.Vendors? model, TcfVendors? read) =>
        model is null
            ? read is null
            : read is not null
                && read.Ids.SequenceEqual(model.Ids)
                && Enumerable.Range(0, 310).All(id => read.Contains(id) == model.Ids.Contains(id));

    private static bool IsSame(TcfModel.PublisherModel? model, TcfPublisher? read) =>
        model is null
            ? read is null
            : read is not null
                && read.PurposeConsents.SequenceEqual(model.Purposes)
                && read.PurposeLegitimateInterests.SequenceEqual(model.LegitimateInterests)
                && read.CustomPurposeCount == model.Custom
                && read.CustomConsents.SequenceEqual(model.CustomIds)
                && read.CustomLegitimateInterests.SequenceEqual(model.CustomLi);

    /// <summary>A whole text with a few characters changed, or any characters at all.</summary>
    private static string RandomText(Random random)
    {
        const string letters = "ABCDIYQaz09-_+/=.~,:;{}'\"% \n\0\u00E9\uD800";
        var text = new StringBuilder(random.Next(4) > 0 ? s_vectors[random.Next(s_vectors.Length)].Text : "");
        for (int i = random.Next(20); i > 0; i--)
        {
            int at = random.Next(text.Length + 1);
            if (text.Length > at && random.Next(3) > 0)
            {
                text.Remove(at, Math.Min(random.Next(3), text.Length - at));
            }
            else
            {
                text.Insert(at, letters[random.Next(letters.Length)]);
            }
        }

        return text.ToString();
    }

    private static byte[] RandomBytes(Random random)
    {
        List<byte> bytes = [.. Encoding.UTF8.GetBytes(s_values[random.Next(s_values.Length)].Json)];
        for (int i = random.Next(6); i > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.InsertRange(at, random.Next(2) == 0 ? "\\ud83c"u8 : "\\u0000"u8);
                    break;
                case 2:
                    bytes.Insert(at, "{}[]\":,\\0t"u8[random.Next(10)]);
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(random.Next(4), bytes.Count - at - 1));
                    break;
            }
        }

        return [.. bytes.Take(random.Next(3) > 0 ? bytes.Count : random.Next(bytes.Count))];
    }
}
