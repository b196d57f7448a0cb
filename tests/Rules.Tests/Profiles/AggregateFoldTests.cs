using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Profiles;

/// <summary>What an oversized profile learns, and what an entry does with messages that were set aside.</summary>
public sealed class AggregateFoldTests
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly Arbitrary<(Envelope[] Messages, int Before)> s_runs = Messages
        .SelectMany(messages => Gen.Choose(0, messages.Length), (messages, before) => (messages, before))
        .ToArbitrary();

    [Fact]
    public void Of_WhateverComes_CountsEveryMessageAndAddsNoKeys() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    ProfileFold before = Folds.Of(run.Messages.Take(run.Before));
                    ProfileFold after = run
                        .Messages.Skip(run.Before)
                        .Aggregate(
                            before,
                            (fold, message) =>
                                ProfileFold.Join(fold, AggregateFold.Of(fold, message, Folds.PlaceOf(message)))
                        );
                    ProfileFold full = Folds.Of(run.Messages);
                    return after.MessageCount == full.MessageCount
                        && after.First == full.First
                        && after.Last == full.Last
                        && after.Counters.Sum(counter => counter.Count) == full.MessageCount
                        && after.Traits.Length == before.Traits.Length
                        && after.Accounts.Length == before.Accounts.Length
                        && after.Counters.All(counter =>
                            counter.Name.Length == 0 || before.Counters.Any(one => one.Name == counter.Name)
                        );
                }
            )
            .Check(s_many);

    [Fact]
    public void Of_WhenAllIsKnown_IsTheFullFold() =>
        Prop.ForAll(
                Messages.ToArbitrary(),
                messages =>
                {
                    ProfileFold held = Folds.Of(messages);
                    return messages.All(message =>
                        Folds.Json(AggregateFold.Of(held, message, Folds.PlaceOf(message)))
                        == Folds.Json(ProfileFold.Of(message, Folds.PlaceOf(message)))
                    );
                }
            )
            .Check(s_many);

    [Fact]
    public void Entry_WhenAMessageIsSetAsideAndComesAgain_FoldsItOnce() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    // All of one anchor: the first message's.
                    Envelope[] messages = [.. run.Messages.Where(one => one.Anchor == run.Messages[0].Anchor)];
                    if (messages.Length == 0)
                    {
                        return true;
                    }

                    int failing = run.Before % messages.Length;
                    ProfileMap map = Start(messages[0].Anchor);
                    for (int index = 0; index < messages.Length; index++)
                    {
                        LogPlace place = Folds.PlaceOf(messages[index]);
                        map =
                            index == failing
                                ? map.SetAside(place.Position, messages[0].Anchor)
                                : map.Fold(place, messages[index])!.Value;
                    }

                    ProfileMap lacking = map;
                    LogPlace late = Folds.PlaceOf(messages[failing]);
                    map = map.Fold(late, messages[failing])!.Value;
                    ProfileMap again = map.Fold(late, messages[failing])!.Value;
                    return lacking.MessageCount == messages.Length - 1
                        && Folds.Json(map.Join()) == Folds.Json(Folds.Of(messages))
                        && again == map;
                }
            )
            .Check(s_many);

    [Fact]
    public void SetAside_WhenFoldedAlready_ChangesNothing()
    {
        Envelope message = Messages.Where(messages => messages.Length > 0).Sample(1)[0][0];
        ProfileMap map = Start(message.Anchor).Fold(new LogPlace(0, 7), message)!.Value;

        Assert.Equal(map, map.SetAside(7, message.Anchor));
        Assert.Equal(map, map.SetAside(9, Identifier.Create("user_id", "somebody else")));
    }

    private static ProfileMap Start(Identifier anchor) =>
        ProfileMap.Empty.Link(anchor, new LinkEvidence("m", "s", default, IdentityRules.Default.Version));
}
