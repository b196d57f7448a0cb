using System.Text;
using System.Text.Json;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Profiles.Mastership;

public sealed class MastershipTests
{
    /// <summary>Who says what of one field: value, source and minute.</summary>
    public static TheoryData<MasterStrategy, string, string?> Winners =>
        new()
        {
            { MasterStrategy.Latest, "1 crm 1|2 web 3|3 app 2", "2 web latest" },
            { MasterStrategy.Latest, "1 crm 1|null web 3", null },
            { MasterStrategy.First, "1 crm 2|2 web 3|3 app 1", "3 app first" },
            { MasterStrategy.First, "null crm 1|2 web 3", null },
            { MasterStrategy.SourcePriority, "1 crm 1|2 web 3|3 app 2", "1 crm source_priority" },
            { MasterStrategy.SourcePriority, "2 web 3|3 app 2", "3 app source_priority" },
            { MasterStrategy.SourcePriority, "2 web 3|4 erp 4", "4 erp latest" },
            { MasterStrategy.SourcePriority, "null crm 1|2 web 3", null },
            { MasterStrategy.MostFrequent, "1 crm 1|1 web 2|3 app 3", "1 web most_frequent" },
            { MasterStrategy.MostFrequent, "1 crm 1|2 web 2|3 app 3", "3 app latest" },
            { MasterStrategy.MostFrequent, "1 crm 1|null web 2|null app 3|2 erp 4", null },
            { MasterStrategy.Max, "10 crm 1|9 web 2|9.5 app 3", "10 crm max" },
            { MasterStrategy.Max, "1 crm 1|1.0 web 2", "1.0 web latest" },
            { MasterStrategy.Max, "1 crm 1|null web 2", "1 crm max" },
            { MasterStrategy.Max, "null crm 1|null web 2", null },
            { MasterStrategy.Max, "true crm 1|7 web 2|\"a\" app 3", "\"a\" app max" },
            { MasterStrategy.Max, "9007199254740993 crm 1|9007199254740992 web 2", "9007199254740993 crm max" },
            { MasterStrategy.Min, "10 crm 1|9 web 2|9.5 app 3", "9 web min" },
            { MasterStrategy.Min, "10 crm 1|null web 2", "10 crm min" },
            {
                MasterStrategy.Min,
                "\"2026-11-22T01:00:00+02:00\" crm 1|\"2026-11-22\" web 2",
                "\"2026-11-22T01:00:00+02:00\" crm min"
            },
            { MasterStrategy.Latest, "1 crm 1", "1 crm only_source" },
        };

    [Theory]
    [MemberData(nameof(Winners))]
    public void Render_WhenSourcesDiffer_ShowsTheWinnerOfTheStrategy(
        MasterStrategy strategy,
        string said,
        string? winner
    )
    {
        var rule = new MastershipRule("f", strategy, strategy == MasterStrategy.SourcePriority ? ["crm"] : []);
        MastershipPolicy policy = new(Others("app"), [rule]);

        JsonElement verbose = Verbose(Said(said), policy);
        JsonElement plain = Plain(Said(said), policy);

        if (winner is null)
        {
            Assert.Empty(plain.GetProperty("traits").EnumerateObject());
            Assert.Equal("removed", Text(verbose.GetProperty("absentTraits").GetProperty("f"), "reason"));
            return;
        }

        JsonElement field = verbose.GetProperty("traits").GetProperty("f");
        Assert.Equal(
            winner,
            $"{field.GetProperty("value").GetRawText()} {Text(field, "source")} {Text(field, "reason")}"
        );
        Assert.Equal(
            field.GetProperty("value").GetRawText(),
            plain.GetProperty("traits").GetProperty("f").GetRawText()
        );
        Assert.Equal("f", Text(field.GetProperty("rule"), "field"));
        Assert.Equal(MasterStrategies.Text(strategy), Text(field.GetProperty("rule"), "strategy"));
    }

    [Theory]
    [InlineData(MasterStrategy.Latest, "1 crm 1|2 web 3|3 app 3", "app:tie_break crm:older")]
    [InlineData(MasterStrategy.First, "1 crm 1|2 web 3|3 app 2", "app:newer web:newer")]
    [InlineData(MasterStrategy.SourcePriority, "1 crm 1|2 web 3|3 app 2", "app:lower_rank web:lower_rank")]
    [InlineData(MasterStrategy.MostFrequent, "1 crm 1|1 web 2|3 app 3", "app:fewer_sources crm:older")]
    [InlineData(MasterStrategy.Max, "1 crm 1|3 web 2|null app 3", "app:removed crm:smaller")]
    [InlineData(MasterStrategy.Min, "1 crm 1|3 web 2|1 app 0", "app:older web:greater")]
    public void RenderVerbose_WhenCandidatesLose_SaysWhy(MasterStrategy strategy, string said, string overruled)
    {
        var rule = new MastershipRule("f", strategy, strategy == MasterStrategy.SourcePriority ? ["crm"] : []);

        JsonElement field = Verbose(Said(said), new MastershipPolicy(Others(), [rule]))
            .GetProperty("traits")
            .GetProperty("f");

        Assert.Equal(
            overruled,
            string.Join(
                ' ',
                field
                    .GetProperty("overruled")
                    .EnumerateArray()
                    .Select(one => $"{Text(one, "source")}:{Text(one, "reason")}")
            )
        );
    }

    [Fact]
    public void RenderVerbose_WhenSourceMayNotWrite_IsRecordedAndIgnored()
    {
        MastershipPolicy policy = new(Others(), [new MastershipRule("f", MasterStrategy.Latest, [], ["crm"])]);

        JsonElement verbose = Verbose(Said("1 crm 1|2 web 3"), policy);

        Assert.Equal(
            """{"value":1,"source":"crm","at":"2026-11-22T09:01:00.000Z","messageId":"m-crm","rule":{"field":"f","strategy":"latest"},"reason":"only_permitted_source","overruled":[],"ignored":[{"value":2,"source":"web","at":"2026-11-22T09:03:00.000Z","messageId":"m-web","reason":"source_may_not_write"}]}""",
            verbose.GetProperty("traits").GetProperty("f").GetRawText()
        );
    }

    [Fact]
    public void Render_WhenNobodyMayWrite_LeavesTheFieldOutAndSaysSo()
    {
        MastershipPolicy policy = new(Others(), [new MastershipRule("f", MasterStrategy.MostFrequent, [], ["crm"])]);
        ProfileFold fold = Said("2 app 1|2 web 3");

        Assert.Empty(Plain(fold, policy).GetProperty("traits").EnumerateObject());
        JsonElement absent = Verbose(fold, policy).GetProperty("absentTraits").GetProperty("f");
        Assert.Equal("no_permitted_source", Text(absent, "reason"));
        Assert.Equal(2, absent.GetProperty("ignored").GetArrayLength());
        Assert.False(absent.TryGetProperty("value", out _));
    }

    [Fact]
    public void Winner_WhenIgnoredSourcesHoldAValue_DoesNotCountThem()
    {
        var rule = new MastershipRule("f", MasterStrategy.MostFrequent, [], ["a", "b", "c"]);

        JsonElement field = Verbose(Said("1 a 1|1 b 1|2 c 9|2 x 9|2 y 9"), new MastershipPolicy(Others(), [rule]))
            .GetProperty("traits")
            .GetProperty("f");

        Assert.Equal("1", field.GetProperty("value").GetRawText());
    }

    [Theory]
    [InlineData("false", "true")]
    [InlineData("true", "-5")]
    [InlineData("-5", "1e2")]
    [InlineData("99", "\"2020-01-01\"")]
    [InlineData("\"2020-01-01\"", "\"2020-01-01T00:00:00.001Z\"")]
    [InlineData("\"2099-01-01\"", "\"2\"")]
    [InlineData("\"!\"", "\"\\\"\"")]
    [InlineData("\"\\\"\"", "\"#\"")]
    [InlineData("\"B\"", "\"a\"")]
    [InlineData("\"z\"", "[]")]
    public void Compare_WhenValuesDiffer_FollowsTheirTypesThenValues(string smaller, string greater)
    {
        Assert.True(TraitValueOrder.Compare(Encoding.UTF8.GetBytes(smaller), Encoding.UTF8.GetBytes(greater)) < 0);
        Assert.True(TraitValueOrder.Compare(Encoding.UTF8.GetBytes(greater), Encoding.UTF8.GetBytes(smaller)) > 0);
    }

    [Fact]
    public void Version_WhenContentIsEqual_IsEqual()
    {
        MastershipRule plan = new("plan", MasterStrategy.SourcePriority, ["b", "a"], ["b", "a"]);
        MastershipRule age = new("age", MasterStrategy.Max, []);
        MastershipPolicy one = new(Others("x"), [plan, age]);

        Assert.Equal(one.Version, new MastershipPolicy(Others("x"), [age, plan]).Version);
        Assert.Equal(one.Version, new MastershipPolicy(Others("x"), [age, plan with { Writers = ["a", "b"] }]).Version);
        Assert.NotEqual(
            one.Version,
            new MastershipPolicy(Others("x"), [age, plan with { Sources = ["a", "b"] }]).Version
        );
        Assert.Equal(one.Version, MastershipPolicyJson.Read(MastershipPolicyJson.Write(one)).Version);
        Assert.Equal(12, one.Version.Length);
        Assert.Equal(one.Version, one.Tag);
        Assert.Null(MastershipPolicy.Latest.Tag);
    }

    [Fact]
    public void Policy_WhenRulesContradictThemselves_IsRefused()
    {
        MastershipRule[] wrong =
        [
            new("", MasterStrategy.Latest, []),
            new("*", MasterStrategy.Latest, []),
            new("f", MasterStrategy.SourcePriority, []),
            new("f", MasterStrategy.Latest, ["crm"]),
            new("f", MasterStrategy.SourcePriority, ["crm", "crm"]),
            new("f", MasterStrategy.SourcePriority, ["crm", ""]),
            new("f", MasterStrategy.SourcePriority, ["crm"], ["web"]),
            new("f", MasterStrategy.Latest, [], []),
            new("f", MasterStrategy.Latest, [], ["a", "a"]),
        ];

        Assert.All(wrong, rule => Assert.Throws<ArgumentException>(() => new MastershipPolicy(Others(), [rule])));
        var right = new MastershipRule("f", MasterStrategy.Latest, []);
        Assert.Throws<ArgumentException>(() => new MastershipPolicy(Others(), [right, right]));
        Assert.Throws<ArgumentException>(() => new MastershipPolicy(right, []));
    }

    [Fact]
    public void MoveNext_WhenPolicyIsBuiltIn_AllocatesNothing()
    {
        ProfileFold fold = Said("1 crm 1|2 web 3|3 app 2");
        Count(fold);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = Count(fold);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1, count);

        static int Count(ProfileFold fold)
        {
            int count = 0;
            foreach (Trait _ in new TraitWinners(fold, MastershipPolicy.Latest))
            {
                count++;
            }

            return count;
        }
    }

    private static MastershipRule Others(params string[] order) =>
        new(MastershipRule.AnyField, MasterStrategy.Latest, [.. order]);

    private static ProfileFold Said(string said) =>
        Of(
            said.Split('|')
                .Select(one => one.Split(' '))
                .Select(one =>
                    Message(
                        $"\"type\":\"identify\",\"traits\":{{\"f\":{one[0]}}}",
                        int.Parse(one[2], System.Globalization.CultureInfo.InvariantCulture),
                        one[1],
                        $"m-{one[1]}"
                    )
                )
        );

    private static JsonElement Plain(ProfileFold fold, MastershipPolicy policy) =>
        Parse(ProfileDocument.Render(new ProfileView("c", 1, [], fold), policy));

    private static JsonElement Verbose(ProfileFold fold, MastershipPolicy policy) =>
        Parse(ProfileDocument.RenderVerbose(new ProfileView("c", 1, [], fold), policy));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static JsonElement Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
