using System.Text;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Profiles;

/// <summary>A profile for callers who may not see everything.</summary>
public sealed class VisibleProfileTests
{
    // A word of its own for each set, so that a text shows whether it tells something of it.
    private static readonly (FieldSets Set, string Word)[] s_words =
    [
        (FieldSets.Identifiers, "word-of-an-identifier"),
        (FieldSets.Traits, "word-of-a-trait"),
        (FieldSets.Traits, "word-that-was-overruled"),
        (FieldSets.Accounts, "word-of-a-company"),
        (FieldSets.Counters, "word-of-an-event"),
        (FieldSets.Activity, "messageCount"),
        (FieldSets.Provenance, "word-of-a-source"),
    ];

    private static readonly ProfileView s_view = new(
        "c_1",
        7,
        [
            new ProfileIdentifier(
                Identifier.Create("user_id", "word-of-an-identifier"),
                "m1",
                "word-of-a-source",
                new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero),
                "abc"
            ),
        ],
        Of([
            Message("\"type\":\"identify\",\"traits\":{\"plan\":\"word-of-a-trait\"}", 1, "word-of-a-source", "m1"),
            Message("\"type\":\"identify\",\"traits\":{\"plan\":\"word-that-was-overruled\"}", 0, "web", "m2"),
            Message("\"type\":\"track\",\"event\":\"word-of-an-event\"", 0, "web", "m4"),
            Message("\"type\":\"group\",\"groupId\":\"word-of-a-company\"", 2, "web", "m3"),
        ])
    );

    public static TheoryData<FieldSets, FieldSets> EveryCombination
    {
        get
        {
            var combinations = new TheoryData<FieldSets, FieldSets>();
            int most = (int)(FieldSets.Profile | FieldSets.Provenance);
            for (int profile = 0; profile <= 2 * most; profile++)
            {
                // Each once with what was overruled, and once without.
                int shown = profile > most ? (profile - most - 1) | (int)FieldSets.Overruled : profile;
                combinations.Add((FieldSets)shown, FieldSets.None);
                FieldSets masked = FieldSets.Maskable & ~(FieldSets)shown;
                if (masked != FieldSets.None)
                {
                    combinations.Add((FieldSets)shown, masked);
                }
            }

            return combinations;
        }
    }

    [Theory]
    [MemberData(nameof(EveryCombination))]
    public void Render_ForACaller_HoldsWhatIsShownAndNothingElse(FieldSets shown, FieldSets masked)
    {
        var fields = new VisibleFields(shown, masked);
        foreach (bool isVerbose in (bool[])[false, true])
        {
            byte[] json = isVerbose
                ? ProfileDocument.RenderVerbose(s_view, MastershipPolicy.Latest, fields)
                : ProfileDocument.Render(s_view, MastershipPolicy.Latest, fields);
            string text = Encoding.UTF8.GetString(json);
            using var document = JsonDocument.Parse(json);

            foreach ((FieldSets set, string word) in s_words)
            {
                // A source and an overruled value stand beside the value that they belong to, in the verbose form.
                bool isThere =
                    set == FieldSets.Provenance
                        ? isVerbose && fields.Show(set) && fields.HaveAnyOf(FieldSets.Identifiers | FieldSets.Traits)
                    : word == "word-that-was-overruled"
                        ? isVerbose && fields.Show(set | FieldSets.Provenance | FieldSets.Overruled)
                    : fields.Show(set);
                Assert.Equal(isThere, text.Contains(word, StringComparison.Ordinal));
            }

            Assert.Equal("c_1", document.RootElement.GetProperty("customerId").GetString());
            Assert.Equal(fields.Show(FieldSets.Profile), document.RootElement.TryGetProperty("version", out _));
            Assert.Equal(
                fields.HaveAnyOf(FieldSets.Identifiers),
                document.RootElement.TryGetProperty("identifiers", out _)
            );
            Assert.Equal(masked != FieldSets.None, text.Contains("\"***\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Render_ForWhoSeesEverything_IsTheWholeProfile() =>
        Assert.Equal(
            ProfileDocument.Render(s_view, MastershipPolicy.Latest),
            ProfileDocument.Render(s_view, MastershipPolicy.Latest, VisibleFields.Everything)
        );

    [Fact]
    public void Render_WhenOnlyWhatIsWithheldHasChanged_IsTheSame()
    {
        var fields = new VisibleFields(FieldSets.Identifiers, FieldSets.None);
        ProfileView later = s_view with
        {
            Version = 8,
            Fold = Of([Message("\"type\":\"track\",\"event\":\"More\"", 3)]),
        };

        Assert.Equal(
            ProfileDocument.Render(s_view, MastershipPolicy.Latest, fields),
            ProfileDocument.Render(later, MastershipPolicy.Latest, fields)
        );
    }
}
