using Customer360.Rules.Consent;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Consent;

/// <summary>The algebra of consent: words in any order, ledgers in any grouping, customers merged and split at will.</summary>
public sealed class ConsentLedgerProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(200);
    private static readonly Arbitrary<Word[]> s_runs = Ledgers.Runs.ToArbitrary();

    [Fact]
    public void Ledger_OfWordsInAnyOrder_HasTheSameBytes() =>
        Prop.ForAll(
                s_runs
                    .Generator.SelectMany(words => Gen.Shuffle(words), (words, shuffled) => (words, shuffled))
                    .ToArbitrary(),
                run => Ledgers.Json(Ledgers.Of(run.words)) == Ledgers.Json(Ledgers.Of(run.shuffled))
            )
            .Check(s_many);

    [Fact]
    public void Join_InAnyGrouping_AndTwice_GivesTheSameBytes() =>
        Prop.ForAll(
                s_runs,
                words =>
                {
                    ConsentLedger a = Ledgers.Of(words.Where((_, index) => index % 3 == 0));
                    ConsentLedger b = Ledgers.Of(words.Where((_, index) => index % 3 != 1));
                    ConsentLedger c = Ledgers.Of(words.Where((_, index) => index % 3 == 1));
                    string all = Ledgers.Json(Ledgers.Of(words));
                    return Ledgers.Json(ConsentLedger.Join(ConsentLedger.Join(a, b), c)) == all
                        && Ledgers.Json(ConsentLedger.Join(a, ConsentLedger.Join(c, b))) == all
                        && ReferenceEquals(ConsentLedger.Join(b, a), b)
                        && ConsentLedger.Join(a, ConsentLedger.Empty).Equals(a);
                }
            )
            .Check(s_many);

    /// <summary>Spans beyond the bound are dropped; which of them must not hang on the order.</summary>
    [Fact]
    public void Ledger_OverItsBounds_IsStillTheSameInAnyOrder()
    {
        Word[] words = Crowd(spans: 400, wordsOfEach: 14);
        string all = Ledgers.Json(Ledgers.Of(words));
        string backwards = Ledgers.Json(Ledgers.Of(words.Reverse()));
        ConsentLedger joined = words
            .Select((word, index) => (word, part: (index * 7919) % 31))
            .GroupBy(one => one.part, one => one.word)
            .OrderByDescending(part => part.Key)
            .Select(Ledgers.Of)
            .Aggregate(ConsentLedger.Empty, ConsentLedger.Join);

        Assert.Equal(all, backwards);
        Assert.Equal(all, Ledgers.Json(joined));
        Assert.Equal(ConsentLedger.SpansMax, joined.Spans.Length);
        Assert.All(joined.Spans, span => Assert.Equal(ConsentSpan.WordsMax, span.Words.Length));
        Assert.NotEmpty(joined.Lost);
    }

    [Fact]
    public void Json_ReadAgain_IsTheSame() =>
        Prop.ForAll(
                s_runs,
                words =>
                {
                    ProfileMap map = Ledgers.MapOf([0, 1, 2, 3], words);
                    ProfileMap read = ConsentHoldingsJson.Read(ConsentHoldingsJson.Write(map));
                    return Ledgers.Json(read) == Ledgers.Json(map);
                }
            )
            .Check(s_many);

    [Fact]
    public void Status_AtAnyTime_IsThatOfThePlainModel() =>
        Prop.ForAll(
                s_runs,
                words =>
                {
                    // So many that none is forgotten.
                    Word[] few = [.. words.Take(ConsentSpan.WordsMax)];
                    ProfileMap map = Ledgers.MapOf([0, 1, 2], few);
                    return (
                        from purpose in Ledgers.Purposes
                        from minute in Enumerable.Range(-1, 8)
                        select Ledgers.StatusAt(map, purpose, minute) == Ledgers.Model([0, 1, 2], few, purpose, minute)
                    ).All(same => same);
                }
            )
            .Check(s_many);

    [Fact]
    public void Status_WhenWordsAreForgotten_IsExactNow_AndNeverWiderBefore() =>
        Prop.ForAll(
                s_runs,
                words =>
                {
                    // One ledger, and words of a few spans: most are forgotten.
                    Word[] alike =
                    [
                        .. words.Select((word, index) => word with { Anchor = 0, Covers = [], Minute = index }),
                    ];
                    ProfileMap map = Ledgers.MapOf([0], alike);
                    return (
                        from purpose in Ledgers.Purposes
                        from minute in Enumerable.Range(-1, alike.Length + 2)
                        let found = Ledgers.StatusAt(map, purpose, minute)
                        let model = Ledgers.Model([0], alike, purpose, minute)
                        select minute >= alike.Length - 1
                            ? found == model
                            : found == model || found == ConsentStatus.Denied
                    ).All(holds => holds);
                }
            )
            .Check(s_many);

    /// <summary>Of the hundred denials that no room was left for, one is the latest word of its identifier.</summary>
    [Fact]
    public void Status_WhenDenialsAreDropped_StaysDenied_UntilEachIdentifierHasALaterWord()
    {
        Word[] crowd = Crowd(spans: 400, wordsOfEach: 1);
        Word[] denials = [.. crowd.Select(word => word with { Grants = false })];
        var grant = new Word(1, [], "ads", Grants: true, "web", Minute: 999);
        ProfileMap map = Ledgers.MapOf([0, 1], [.. denials, grant]);

        Assert.Equal(ConsentStatus.Denied, ConsentJoin.View(map).Of("ads"));

        var request = new ConsentRequest(
            "r",
            [new ConsentAnswer("ads", ConsentStatus.Granted)],
            "centre",
            Ledgers.At(1_000),
            "p1",
            null
        );
        Assert.Equal(ConsentStatus.Granted, ConsentJoin.View(map.Say(request.ToLedger())).Of("ads"));
    }

    [Fact]
    public void Merge_TakenBackBySplit_LeavesBothAsTheyWere() =>
        Prop.ForAll(
                s_runs,
                words =>
                {
                    ProfileMap one = Ledgers.MapOf([0, 1], words);
                    ProfileMap other = Ledgers.MapOf([2, 3], words);
                    Parts<ProfileMap> parts = ProfileMap.Union(one, other).Split(one.Identifiers.ToHashSet());
                    return Ledgers.Json(parts.Leaves) == Ledgers.Json(one)
                        && Ledgers.Json(parts.Stays) == Ledgers.Json(other)
                        && ConsentJoin.View(parts.Leaves).Equals(ConsentJoin.View(one));
                }
            )
            .Check(s_many);

    /// <summary>Where neither said anything about the other's identifiers, who denied before the merge denies after it.</summary>
    [Fact]
    public void Merge_NeverWidens() =>
        Prop.ForAll(
                s_runs,
                words =>
                {
                    Word[] own =
                    [
                        .. words.Select(word =>
                            word with
                            {
                                Covers = [.. word.Covers.Where(covered => covered / 2 == word.Anchor / 2)],
                            }
                        ),
                    ];
                    ConsentView one = ConsentJoin.View(Ledgers.MapOf([0, 1], own));
                    ConsentView other = ConsentJoin.View(Ledgers.MapOf([2, 3], own));
                    ConsentView merged = ConsentJoin.View(
                        ProfileMap.Union(Ledgers.MapOf([0, 1], own), Ledgers.MapOf([2, 3], own))
                    );
                    return Ledgers.Purposes.All(purpose =>
                        merged.Of(purpose) == Stricter(one.Of(purpose), other.Of(purpose))
                    );
                }
            )
            .Check(s_many);

    /// <summary>An identifier that denied grants after a merge only by a later word that was said about itself.</summary>
    [Fact]
    public void Merge_TakesADenialBack_OnlyByALaterWordAboutTheSameIdentifier() =>
        Prop.ForAll(
                s_runs,
                words =>
                {
                    ProfileMap before = Ledgers.MapOf([0, 1], words);
                    ProfileMap merged = ProfileMap.Union(before, Ledgers.MapOf([2, 3], words));
                    return ConsentJoin
                        .At(before, Ledgers.At(9))
                        .SelectMany(purpose => purpose.Identifiers)
                        .Where(one => one.Standing.Status == ConsentStatus.Denied)
                        .All(denied =>
                            ConsentJoin
                                .At(merged, Ledgers.At(9))
                                .Single(purpose => purpose.Effective.Purpose == denied.Standing.Purpose)
                                .Identifiers.Single(one => one.Identifier == denied.Identifier)
                                .Standing
                                is var now
                            && (
                                now.Status == ConsentStatus.Denied
                                || words.Any(word =>
                                    word.Grants
                                    && word.Purpose == now.Purpose
                                    && Ledgers.At(word.Minute) == now.Word.At
                                    && now.Word.At > denied.Standing.Word.At
                                    && word.Covers.Select(Ledgers.Name).Contains(denied.Identifier)
                                )
                            )
                        );
                }
            )
            .Check(s_many);

    private static ConsentStatus Stricter(ConsentStatus one, ConsentStatus other) =>
        one == ConsentStatus.Denied || other == ConsentStatus.Denied ? ConsentStatus.Denied
        : one == ConsentStatus.Granted || other == ConsentStatus.Granted ? ConsentStatus.Granted
        : ConsentStatus.Unknown;

    /// <summary>More spans than a ledger keeps, of more words than a span keeps; every third denies.</summary>
    private static Word[] Crowd(int spans, int wordsOfEach) =>
        [
            .. from span in Enumerable.Range(0, spans)
            from word in Enumerable.Range(0, wordsOfEach)
            select new Word(0, [0, 100 + span], "ads", span % 3 == 1, "web", word + span)
            {
                Number = (span * 100) + word,
            },
        ];
}
