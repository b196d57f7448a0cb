using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Profiles;

/// <summary>The same messages give the same bytes: in any order, in any grouping, however often delivered.</summary>
public sealed class ProfileFoldProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly Arbitrary<(Envelope[] Messages, Envelope[] Shuffled)> s_permuted = Messages
        .SelectMany(messages => Gen.Shuffle(messages), (messages, shuffled) => (messages, shuffled))
        .ToArbitrary();

    private static readonly Arbitrary<(Envelope[] Messages, int[] Groups)> s_grouped = Messages
        .SelectMany(messages => Gen.Choose(0, 4).ArrayOf(messages.Length), (messages, groups) => (messages, groups))
        .ToArbitrary();

    [Fact]
    public void Apply_WhenMessagesComeInAnyOrder_GivesEqualBytes() =>
        Prop.ForAll(s_permuted, run => Json(Of(run.Messages)) == Json(Of(run.Shuffled))).Check(s_many);

    [Fact]
    public void Join_WhenMessagesAreGroupedInAnyWay_GivesEqualBytes() =>
        Prop.ForAll(
                s_grouped,
                run =>
                {
                    ProfileFold[] parts = Parts(run.Messages, run.Groups);
                    string whole = Json(Of(run.Messages));
                    ProfileFold rightFirst = parts
                        .Reverse()
                        .Aggregate(ProfileFold.Empty, (right, left) => ProfileFold.Join(left, right));
                    return Json(Join(parts)) == whole
                        && Json(rightFirst) == whole
                        && Json(Join(parts.Reverse())) == whole;
                }
            )
            .Check(s_many);

    [Fact]
    public void Apply_WhenComparedWithJoin_IsJoinOfOne() =>
        Prop.ForAll(
                s_grouped,
                run =>
                {
                    ProfileFold fold = Of(run.Messages.Skip(1));
                    return run.Messages.Length == 0
                        || fold.Apply(run.Messages[0], Folds.PlaceOf(run.Messages[0]))
                            .Equals(
                                ProfileFold.Join(fold, ProfileFold.Of(run.Messages[0], Folds.PlaceOf(run.Messages[0])))
                            );
                }
            )
            .Check(s_many);

    /// <summary>
    /// A customer is a map from identifier to fold; merge is the union, split moves entries: the profile never
    /// forgets.
    /// </summary>
    [Fact]
    public void Join_WhenCustomersMergeAndSplit_GivesWhatEachOwns() =>
        Prop.ForAll(
                s_grouped,
                run =>
                {
                    Dictionary<string, ProfileFold> merged = run
                        .Messages.GroupBy(message => message.Anchor.Value, StringComparer.Ordinal)
                        .ToDictionary(anchor => anchor.Key, Of, StringComparer.Ordinal);
                    string[] released = [.. merged.Keys.Where((_, index) => index % 2 == run.Groups.Length % 2)];
                    ProfileFold kept = Join(
                        merged.Where(entry => !released.Contains(entry.Key)).Select(entry => entry.Value)
                    );
                    ProfileFold moved = Join(released.Select(anchor => merged[anchor]));
                    return kept.Equals(Of(run.Messages.Where(message => !released.Contains(message.Anchor.Value))))
                        && moved.Equals(Of(run.Messages.Where(message => released.Contains(message.Anchor.Value))))
                        && Json(ProfileFold.Join(kept, moved)) == Json(Of(run.Messages));
                }
            )
            .Check(s_many);

    [Fact]
    public void Apply_WhenRedeliveriesAreRecognisedByPosition_CountsEachOnce() =>
        Prop.ForAll(
                s_grouped,
                run =>
                {
                    var applied = new HashSet<int>();
                    ProfileFold fold = ProfileFold.Empty;
                    IEnumerable<int> deliveries = Enumerable
                        .Range(0, run.Messages.Length)
                        .Concat(run.Groups)
                        .Concat(run.Groups);
                    foreach (int position in deliveries.Where(position => position < run.Messages.Length))
                    {
                        fold = applied.Add(position)
                            ? fold.Apply(run.Messages[position], Folds.PlaceOf(run.Messages[position]))
                            : fold;
                    }

                    return fold.Equals(Of(run.Messages)) && fold.MessageCount == run.Messages.Length;
                }
            )
            .Check(s_many);

    [Fact]
    public void ReadJson_WhenWritten_GivesEqualFoldAndBytes() =>
        Prop.ForAll(
                s_grouped,
                run =>
                {
                    ProfileFold fold = Of(run.Messages);
                    ProfileFold back = FromJson(Json(fold));
                    return back.Equals(fold) && Json(back) == Json(fold);
                }
            )
            .Check(s_many);

    [Fact]
    public void Apply_WhenComparedWithModel_KnowsTheSame() =>
        Prop.ForAll(s_grouped, run => Describe(Of(run.Messages)) == Model(run.Messages)).Check(s_many);

    [Fact]
    public void Union_WhenTruncated_IsIndifferentToOrderAndGrouping() =>
        Prop.ForAll(
                Gen.Choose(0, 12)
                    .ArrayOf()
                    .Resize(20)
                    .SelectMany(
                        keys =>
                            Gen.Shuffle(keys)
                                .SelectMany(_ => Gen.Choose(0, keys.Length), (shuffled, cut) => (shuffled, cut)),
                        (keys, second) => (keys, second.shuffled, second.cut)
                    )
                    .ToArbitrary(),
                run =>
                {
                    (string Entries, bool IsTruncated) one = Truncated(run.keys);
                    (string Entries, bool IsTruncated) other = Truncated(run.shuffled);
                    (string Entries, bool IsTruncated) joined = Truncated(
                        run.shuffled[..run.cut],
                        run.shuffled[run.cut..]
                    );
                    return one == other && one == joined && one.IsTruncated == run.keys.Distinct().Count() > 5;
                }
            )
            .Check(s_many);

    private static ProfileFold[] Parts(Envelope[] messages, int[] groups) =>
        [.. messages.Zip(groups).GroupBy(pair => pair.Second).Select(group => Of(group.Select(pair => pair.First)))];

    private static (string Entries, bool IsTruncated) Truncated(params int[][] parts)
    {
        bool isTruncated = false;
        System.Collections.Immutable.ImmutableArray<AccountLink> all = [];
        foreach (int[] part in parts)
        {
            System.Collections.Immutable.ImmutableArray<AccountLink> links = [];
            for (int index = 0; index < part.Length; index++)
            {
                DateTimeOffset at = DateTimeOffset.UnixEpoch.AddMinutes(part[index] * 7);
                AccountLink[] link = [new AccountLink($"k{part[index]:00}", at, at)];
                links = FoldEntries.Union(links, link, 5, ref isTruncated);
            }

            all = FoldEntries.Union(all, links.AsSpan(), 5, ref isTruncated);
        }

        return (string.Join(',', all.Select(link => $"{link.GroupId}@{link.FirstAt:t}")), isTruncated);
    }

    /// <summary>The fold in thirty lines: group, order, take the last.</summary>
    private static string Model(Envelope[] messages)
    {
        IEnumerable<string> traits = messages
            .SelectMany(message => message.Traits.Select(trait => (message, trait)))
            .GroupBy(pair => (pair.trait.Name, pair.message.Source))
            .OrderBy(group => group.Key.Name, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Source, StringComparer.Ordinal)
            .Select(group =>
            {
                (Envelope message, TraitAssignment trait) = group
                    .OrderBy(pair => pair.message.Timestamp)
                    .ThenBy(pair => Folds.PlaceOf(pair.message).Partition)
                    .ThenBy(pair => Folds.PlaceOf(pair.message).Position)
                    .Last();
                return $"{trait.Name}/{message.Source}={Events.Messages.Text(trait.ValueJson)}@{message.MessageId}";
            });
        IEnumerable<string> counters = messages
            .GroupBy(message => (message.Kind, Name: message.Name ?? ""))
            .OrderBy(group => group.Key.Kind)
            .ThenBy(group => group.Key.Name, StringComparer.Ordinal)
            .Select(group =>
                $"{group.Key.Kind}/{group.Key.Name}={group.Count()} {group.Min(message => message.Timestamp):t} {group.Max(message => message.Timestamp):t}"
            );
        IEnumerable<string> accounts = messages
            .Where(message => message.Kind == EventKind.Group)
            .Select(message => message.GroupId!)
            .Distinct()
            .Order(StringComparer.Ordinal);
        Envelope[] ordered =
        [
            .. messages
                .OrderBy(message => message.Timestamp)
                .ThenBy(message => Folds.PlaceOf(message).Partition)
                .ThenBy(message => Folds.PlaceOf(message).Position),
        ];
        return string.Join(
            '\n',
            [
                .. traits,
                .. counters,
                .. accounts,
                ordered.FirstOrDefault()?.MessageId,
                ordered.LastOrDefault()?.MessageId,
            ]
        );
    }

    private static string Describe(ProfileFold fold) =>
        string.Join(
            '\n',
            [
                .. fold.Traits.Select(trait =>
                    $"{trait.Name}/{trait.Source}={Events.Messages.Text(trait.ValueJson)}@{trait.MessageId}"
                ),
                .. fold.Counters.Select(counter =>
                    $"{counter.Kind}/{counter.Name}={counter.Count} {counter.FirstAt:t} {counter.LastAt:t}"
                ),
                .. fold.Accounts.Where(account => account.FirstAt <= account.LastAt).Select(account => account.GroupId),
                fold.First?.MessageId,
                fold.Last?.MessageId,
            ]
        );
}
