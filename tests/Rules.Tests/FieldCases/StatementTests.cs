using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.FieldCases;

/// <summary>
/// A copy is no statement; what one sender said later stands; what can't be kept does not leave the older value standing.
/// Numbers are the rows of the field cases.
/// </summary>
public sealed class StatementTests
{
    [Theory]
    [InlineData("track")]
    [InlineData("page")]
    [InlineData("screen")]
    [InlineData("group")]
    [InlineData("alias")]
    public void ContextTraits_InOtherCallsThanIdentify_StateNothing(string kind)
    {
        Envelope envelope = Accept(
            $$$"""{"type":"{{{kind}}}","userId":"u","event":"e","groupId":"g","previousId":"p","context":{"traits":{"plan":"silver","email":"j@x.com","phone":"+14155550142"} } }"""
        );

        Assert.Empty(envelope.Traits);
        // Its identifiers count all the same.
        Assert.Contains("email:j@x.com", IdsOf(envelope));
        Assert.Contains("phone:+14155550142", IdsOf(envelope));
        Assert.Empty(EnvelopeReader.FromJson(envelope.Json).Traits);
    }

    [Theory]
    [InlineData("""{"type":"identify","userId":"u","context":{"traits":{"plan":"gold"}}}""")]
    [InlineData("""{"type":"identify","userId":"u","traits":{},"context":{"traits":{"plan":"gold"}}}""")]
    [InlineData("""{"type":"identify","userId":"u","traits":"","context":{"traits":{"plan":"gold"}}}""")]
    [InlineData("""{"type":"identify","userId":"u","traits":{"plan":"gold"},"context":{"traits":{"plan":"silver"}}}""")]
    public void Identify_WithTraitsInItsContextOnly_StatesThem(string message) =>
        Assert.Equal("\"gold\"", Text(Assert.Single(Accept(message).Traits).ValueJson));

    [Fact]
    public void Fold_AtEqualTimes_TakesWhatArrivedLater()
    {
        string[] ids = ["z", "a", "m"];
        ProfileFold fold = ProfileFold.Empty;
        for (int index = 0; index < ids.Length; index++)
        {
            fold = fold.Apply(Identify(index, ids[index]), new LogPlace(0, index + 1));
        }

        Assert.Equal("2", Text(Assert.Single(fold.Traits).ValueJson));
        Assert.Equal(("z", "m"), (fold.First!.Value.MessageId, fold.Last!.Value.MessageId));
    }

    [Fact]
    public void Fold_WhenAnOlderTimeComesLater_KeepsTheYounger()
    {
        ProfileFold fold = ProfileFold
            .Empty.Apply(Identify(1, "a", minute: 5), new LogPlace(0, 1))
            .Apply(Identify(2, "b", minute: 4), new LogPlace(0, 2));

        Assert.Equal("1", Text(Assert.Single(fold.Traits).ValueJson));
    }

    /// <summary>Receipt decides before the partition, which hangs on an id.</summary>
    [Fact]
    public void Fold_WhenAnchorsAreInTwoPartitions_GoesByReceipt()
    {
        ProfileFold first = ProfileFold.Of(Identify(1, "a", receivedTicks: 1), new LogPlace(7, 900));
        ProfileFold second = ProfileFold.Of(Identify(2, "b", receivedTicks: 2), new LogPlace(3, 1));

        Assert.Equal("2", Text(Assert.Single(ProfileFold.Join(first, second).Traits).ValueJson));
        Assert.Equal("2", Text(Assert.Single(ProfileFold.Join(second, first).Traits).ValueJson));
    }

    /// <summary>Whatever the ids are, and however the folds are grouped.</summary>
    [Fact]
    public void Fold_WhenIdsAreOthers_SaysTheSame() =>
        Prop.ForAll(
                Gen.Choose(0, 2)
                    .ArrayOf()
                    .Resize(12)
                    .SelectMany(
                        minutes => Gen.Choose(0, int.MaxValue).ArrayOf(minutes.Length),
                        (minutes, ids) => (minutes, ids)
                    )
                    .ToArbitrary(),
                run =>
                {
                    ProfileFold fold = ProfileFold.Empty;
                    ProfileFold joined = ProfileFold.Empty;
                    for (int index = 0; index < run.minutes.Length; index++)
                    {
                        Envelope message = Identify(index, $"{run.ids[index]}", run.minutes[index]);
                        var place = new LogPlace(0, index + 1);
                        fold = fold.Apply(message, place);
                        joined = ProfileFold.Join(ProfileFold.Of(message, place), joined);
                    }

                    int last = Array.LastIndexOf(run.minutes, run.minutes.DefaultIfEmpty(0).Max());
                    return fold.Equals(joined) && (last < 0 || Text(Assert.Single(fold.Traits).ValueJson) == $"{last}");
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    /// <summary>A state of an older release has no arrivals: what it holds came before whatever comes now.</summary>
    [Fact]
    public void Fold_OfAnOlderRelease_IsReadAndLosesToWhatComesNow()
    {
        ProfileFold stored = Profiles.Folds.FromJson(
            """
            {"messageCount":1,"first":{"at":"2026-11-22T09:00:00.000Z","messageId":"zzz","source":"web"},"last":{"at":"2026-11-22T09:00:00.000Z","messageId":"zzz","source":"web"},"traits":[{"name":"q","source":"web","value":0,"at":"2026-11-22T09:00:00.000Z","messageId":"zzz"}],"counters":[{"kind":"identify","name":"","count":1,"firstAt":"2026-11-22T09:00:00.000Z","lastAt":"2026-11-22T09:00:00.000Z"}]}
            """
        );

        ProfileFold fold = stored.Apply(Identify(1, "aaa"), new LogPlace(0, 2));

        Assert.Equal("1", Text(Assert.Single(fold.Traits).ValueJson));
        Assert.Equal(("zzz", "aaa"), (fold.First!.Value.MessageId, fold.Last!.Value.MessageId));
        Assert.Equal(stored, Profiles.Folds.FromJson(Profiles.Folds.Json(stored)));
        // What a check compares of the same messages, folded by this release.
        Assert.Equal(
            Profiles.Folds.Json(stored),
            Profiles.Folds.Json(ProfileFold.Of(Identify(0, "zzz"), new LogPlace(0, 1)).WithoutArrivals())
        );
    }

    [Theory]
    [InlineData("\"old\"", "\"{0}\"")]
    [InlineData("[\"a\"]", "[\"{0}\"]")]
    [InlineData("1", "{{\"a\":\"{0}\"}}")]
    public void Trait_WhenTooLong_DoesNotLeaveTheOlderOneStanding(string old, string form)
    {
        string longer = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, new string('x', 9_000));
        Envelope[] messages = [Bio(old, 0), Bio(longer, 1)];
        ProfileFold fold = Profiles.Folds.Of(messages);

        Assert.Equal(["traits:too_long"], LeftOut(messages[1]));
        Assert.Empty(new TraitWinners(fold, MastershipPolicy.Latest));
        string verbose = Text(ProfileDocument.RenderVerbose(View(fold), MastershipPolicy.Latest));
        Assert.Contains("\"absentTraits\":{\"bio\":{\"value\":null", verbose, StringComparison.Ordinal);
        Assert.Contains("\"tooLong\":true", verbose, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"too_long\"", verbose, StringComparison.Ordinal);
        Assert.True(Profiles.Folds.FromJson(Profiles.Folds.Json(fold)).Traits[0].IsTooLong);

        // An older long one that comes later changes nothing, and a shorter one that is younger is shown.
        Assert.Equal(
            "\"new\"",
            Text(
                new TraitWinners(Profiles.Folds.Of([.. messages, Bio("\"new\"", 2)]), MastershipPolicy.Latest)
                    .Find("bio")!
                    .Value.ValueJson
            )
        );
        Assert.Equal(
            old,
            Text(
                new TraitWinners(Profiles.Folds.Of([Bio(old, 2), Bio(longer, 1)]), MastershipPolicy.Latest)
                    .Find("bio")!
                    .Value.ValueJson
            )
        );
    }

    [Fact]
    public void AccountTrait_WhenTooLong_DoesNotLeaveTheOlderOneStanding()
    {
        Envelope Group(string bio, int minute) =>
            Accept(
                $$$"""{"type":"group","userId":"u","groupId":"g","messageId":"m-{{{minute}}}","timestamp":"2026-11-22T09:0{{{minute}}}:00Z","traits":{"bio":"{{{bio}}}"}}"""
            );
        AccountFold fold = AccountFold
            .Empty.Apply(Group("old", 0), new LogPlace(0, 1))
            .Apply(Group(new string('x', 9_000), 1), new LogPlace(0, 2));

        Assert.True(Assert.Single(fold.Traits).IsTooLong);
    }

    /// <summary>At equal times the account's traits go by arrival too.</summary>
    [Fact]
    public void AccountTrait_AtEqualTimes_TakesWhatArrivedLater()
    {
        Envelope Group(int size, string id) =>
            Accept(
                $$$"""{"type":"group","userId":"u","groupId":"g","messageId":"{{{id}}}","timestamp":"2026-11-22T09:00:00Z","traits":{"size":{{{size}}}}}"""
            );
        AccountFold fold = AccountFold
            .Empty.Apply(Group(1, "z"), new LogPlace(0, 1))
            .Apply(Group(2, "a"), new LogPlace(0, 2));

        Assert.Equal("2", Text(Assert.Single(fold.Traits).ValueJson));
    }

    [Fact]
    public void Persons_OfTwoIdentifiersOfOne_AreOne()
    {
        DateTimeOffset At(int day) => new(2026, 11, day, 0, 0, 0, TimeSpan.Zero);
        System.Collections.Immutable.ImmutableArray<AccountMemberEntry> members =
        [
            new(Identifier.Create("anonymous_id", "a"), At(2), At(3)),
            new(Identifier.Create("anonymous_id", "b"), At(1), At(1)),
            new(Identifier.Create("user_id", "u"), At(1), At(5)),
            new(Identifier.Create("user_id", "v"), At(4), At(4)),
        ];

        Assert.Equal(
            ["anonymous_id:a 1-5", "anonymous_id:b 1-1", "user_id:v 4-4"],
            AccountPersons
                .Of(members, ["c1", null, "c1", null])
                .Select(one => $"{one.Identifier} {one.FirstAt.Day}-{one.LastAt.Day}")
        );
        Assert.Equal(members.AsEnumerable(), AccountPersons.Of(members, ["c1", "c2", "c3", "c4"]));
    }

    private static Envelope Identify(int q, string id, int minute = 0, long receivedTicks = 0) =>
        Accept(
            $$$"""{"type":"identify","userId":"u","messageId":"{{{id}}}","timestamp":"2026-11-22T09:0{{{minute}}}:00Z","traits":{"q":{{{q}}}}}""",
            Context with
            {
                ReceivedAt = ReceivedAt.AddTicks(receivedTicks),
            }
        );

    private static Envelope Bio(string value, int minute) =>
        Accept(
            $$$"""{"type":"identify","userId":"u","messageId":"m-{{{minute}}}","timestamp":"2026-11-22T09:0{{{minute}}}:00Z","traits":{"bio":{{{value}}}}}"""
        );

    private static ProfileView View(ProfileFold fold) => new("c_1", 1, [], fold);
}
