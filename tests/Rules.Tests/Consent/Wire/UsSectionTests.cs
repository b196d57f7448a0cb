using static Customer360.Rules.Tests.Consent.Wire.UsCore;

namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>
/// The US sections of a GPP string. Their fields are written here in the order of the specifications, apart from the table of
/// layouts that reads them.
/// </summary>
public sealed class UsSectionTests
{
    public static TheoryData<int> Sections => [.. All.Keys.Order()];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Read_OfASection_FindsItsOptOuts(int section)
    {
        UsCore core = All[section];
        string[] all = core.Read();
        Assert.DoesNotContain(all, IsDenied);
        foreach ((string kind, string id) in new[] { ("s", "sale"), ("h", "sharing"), ("t", "targeted-advertising") })
        {
            Assert.Equal(core.Has("o" + kind), all.Contains(id + "=granted"));
            if (core.Has("o" + kind))
            {
                Assert.Equal(
                    [.. all.Except([id + "=granted"]), id + "=denied"],
                    Unordered(core.Read(new() { ["o" + kind] = No }))
                );
                Assert.Equal(all.Except([id + "=granted"]), core.Read(new() { ["o" + kind] = 0 }));
                Assert.Equal(all.Except([id + "=granted"]), core.Read(new() { ["o" + kind] = 3 }));
                // Nobody was told, so nobody chose to stay; but an opt-out needs no notice.
                Assert.Equal(all.Except([id + "=granted"]), core.Read(new() { ["n" + kind] = 0 }));
                Assert.Equal(all.Except([id + "=granted"]), core.Read(new() { ["n" + kind] = 2 }));
                Assert.Contains(id + "=denied", core.Read(new() { ["n" + kind] = 0, ["o" + kind] = No }));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Read_OfASection_FindsItsSecondaryUse(int section)
    {
        UsCore core = All[section];
        Assert.Equal(core.Has("u"), core.Read().Contains("secondary-use=granted"));
        Assert.Equal(core.Has("u"), core.Read(new() { ["u"] = No }).Contains("secondary-use=denied"));
        Assert.DoesNotContain(
            core.Read(new() { ["u"] = 0 }),
            entry => entry.StartsWith("secondary-use", StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Read_OfASection_FindsEachKindOfSensitiveData(int section)
    {
        UsCore core = All[section];
        string[] all = [.. core.Read().Where(IsSensitive)];
        HashSet<string> seen = [];
        for (int i = 0; i < core.Sensitive; i++)
        {
            string[] denied = [.. core.Read(new() { [$"S{i}"] = No }).Where(IsDenied)];
            // California's fourth field has three kinds in one.
            Assert.Equal(section == 8 && i == 3 ? 3 : 1, denied.Length);
            Assert.All(denied, entry => Assert.True(IsSensitive(entry) && seen.Add(entry)));
        }

        Assert.Equal(all.Length, seen.Count);
        // An opt-out needs its notice, a consent has none.
        Assert.Equal(core.Has("nl") ? 0 : all.Length, core.Read(new() { ["nl"] = 0 }).Count(IsSensitive));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Read_WhenAChildHasNoConsent_DeniesWhatItIsFor(int section)
    {
        UsCore core = All[section];
        // Sale, then advertising, where a law tells ages apart; sale, then sharing in California; else all of it.
        string[] expected = section switch
        {
            8 => ["sale", "sharing"],
            12 or 14 or 15 or 20 => ["sale", "sale", "targeted-advertising"],
            17 or 21 => ["sale", "sale", "targeted-advertising", "sale", "targeted-advertising"],
            _ => [.. Enumerable.Repeat("sale", core.Children)],
        };
        Assert.Equal(core.Children, expected.Length);
        for (int i = 0; i < core.Children; i++)
        {
            string[] said = core.Read(new() { [$"C{i}"] = No });
            Assert.Contains("known-child=denied", said);
            Assert.Contains(expected[i] + "=denied", said);
            // What does not apply is not refused either, and a child's consent alone is a grant of nothing.
            string[] without = core.Read(
                new()
                {
                    [$"C{i}"] = No,
                    ["os"] = 0,
                    ["oh"] = 0,
                    ["ot"] = 0,
                }
            );
            Assert.DoesNotContain(
                without,
                entry => entry.Split('=')[0] is "sale" or "sharing" or "targeted-advertising"
            );
            Assert.Equal(core.Read(), core.Read(new() { [$"C{i}"] = Yes }));
        }
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Read_OfAnotherVersionOrLength_SaysNothing(int section)
    {
        UsCore core = All[section];
        int versionMax = section == 7 ? 2 : 1;
        Assert.Empty(core.Read(new() { ["V"] = 0 }));
        Assert.NotEmpty(core.Read(new() { ["V"] = versionMax }));
        Assert.Empty(core.Read(new() { ["V"] = versionMax + 1 }));
        string text = core.Write(new() { ["V"] = versionMax });
        for (int length = 0; length < text.Length; length++)
        {
            Assert.Empty(core.ReadText(text[..length]));
        }

        Assert.Empty(core.ReadText(text + "B"));
        Assert.Empty(core.ReadText(text + "AAAA"));
        Assert.Equal(core.Read(), core.Read(fill: 8));
        Assert.Equal(core.Read(), core.Read(fill: 24));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(24)]
    public void Read_OfTheFirstNationalLayout_IsToldByItsLength(int fill)
    {
        string[] said = EarlyNation.Read(new() { ["os"] = No }, fill);
        Assert.Equal(12, said.Count(IsSensitive));
        Assert.Contains("sale=denied", said);
        Assert.Contains("sharing=granted", said);
        // The field stands where the second layout has a kind of sensitive data.
        Assert.DoesNotContain(said, entry => entry.StartsWith("secondary-use", StringComparison.Ordinal));
        Assert.Contains("secondary-use=denied", EarlyNation.Read(new() { ["u"] = No }, fill));
        Assert.Contains("sale=denied", EarlyNation.Read(new() { ["C1"] = No }, fill));
    }

    [Fact]
    public void Read_OfTheFirstNationalLayoutInTheSecondVersion_IsToldByItsFilling()
    {
        Dictionary<string, int> second = new() { ["V"] = 2, ["os"] = No };
        Assert.Equal(EarlyNation.Read(new() { ["os"] = No }), EarlyNation.Read(second, fill: 8));
        Assert.Equal(EarlyNation.Read(new() { ["os"] = No }), EarlyNation.Read(second, fill: 24));
        // It could be the second layout, cut off.
        Assert.Empty(EarlyNation.Read(second, fill: 6));
    }

    // Nothing that a string loses at its end may turn into a grant.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_OfANationalStringCutOff_GrantsNothingNew(int version)
    {
        UsCore core = All[7];
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            Dictionary<string, int> values = new()
            {
                ["V"] = version,
                ["os"] = random.Next(3),
                ["u"] = random.Next(3),
            };
            for (int i = 0; i < core.Sensitive; i++)
            {
                values[$"S{i}"] = random.Next(3);
            }

            string text = core.Write(values);
            string[] whole = core.ReadText(text);
            for (int length = 0; length < text.Length; length++)
            {
                Assert.Empty(core.ReadText(text[..length]).Where(entry => !IsDenied(entry)).Except(whole));
            }
        }
    }

    [Theory]
    [InlineData(25)]
    [InlineData(26)]
    [InlineData(27)]
    public void Read_OfAStateWithSensitiveDataApart_ReadsThem(int section)
    {
        UsCore core = All[section];
        string text = core.Write([]);
        string[] said = core.ReadText(text + "." + new BitText().Write(Yes, 2).Write(No, 2).Write(0, 12).ToText());
        Assert.Contains("sale=granted", said);
        Assert.Equal(
            ["sensitive:racial-or-ethnic-origin=granted", "sensitive:religious-beliefs=denied"],
            said.Where(IsSensitive)
        );
        string[] ofChild = core.ReadText(core.Write(new() { ["C0"] = No }) + ".gAA");
        Assert.Contains("sensitive:racial-or-ethnic-origin=denied", ofChild);
        Assert.Contains("sale=denied", ofChild);
        Assert.Empty(core.ReadText(text + "."));
        Assert.Empty(core.ReadText(text + ".gg"));
        Assert.Empty(core.ReadText(text + ".gAB"));
        Assert.Empty(core.ReadText(text + ".gAA.gAA"));
    }

    private static IEnumerable<string> Unordered(string[] said) =>
        said.OrderBy(IsDenied).ThenBy(entry => entry, StringComparer.Ordinal);

    private static bool IsDenied(string entry) => entry.EndsWith("=denied", StringComparison.Ordinal);

    private static bool IsSensitive(string entry) => entry.StartsWith("sensitive:", StringComparison.Ordinal);
}
