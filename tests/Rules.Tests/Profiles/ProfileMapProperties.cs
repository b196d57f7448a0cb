using System.Buffers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Profiles;

/// <summary>
/// The algebra of customers: a merge is a union, a split its inverse, and a merge taken back leaves
/// the bytes of two customers that were never merged, without asking the log.
/// </summary>
public sealed class ProfileMapProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(200);
    private static readonly DateTimeOffset s_at = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly Identifier[] s_names = [.. Enumerable.Range(0, 8).Select(Name)];

    /// <summary>Messages, each with a number from 0 to 7: whose it is.</summary>
    private static readonly Arbitrary<(Envelope[] Messages, int[] Numbers)> s_runs = Folds
        .Messages.SelectMany(
            messages => Gen.Choose(0, 7).ArrayOf(messages.Length),
            (messages, numbers) => (messages, numbers)
        )
        .ToArbitrary();

    [Fact]
    public void Split_AfterUnion_GivesBackBothPartsByteForByte() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    ProfileMap left = MapOf(run, number => number < 3);
                    ProfileMap right = MapOf(run, number => number >= 3);
                    Parts<ProfileMap> parts = Stored(ProfileMap.Union(left, right)).Split(NamesOf(left));
                    return Json(parts.Leaves) == Json(left) && Json(parts.Stays) == Json(right);
                }
            )
            .Check(s_many);

    [Fact]
    public void Split_AfterUnion_WhenFoldsAreTruncated_GivesBackBothPartsByteForByte()
    {
        ProfileMap left = MapOf([.. Enumerable.Range(0, 2_050).Select(n => Crowded(0, n))]);
        ProfileMap right = MapOf([.. Enumerable.Range(0, 2_050).Select(n => Crowded(1, (n * 3) + 1))]);
        Assert.True(left.Join().IsTruncated);

        Parts<ProfileMap> parts = ProfileMap.Union(left, right).Split(NamesOf(left));

        Assert.Equal(Json(left), Json(parts.Leaves));
        Assert.Equal(Json(right), Json(parts.Stays));
        Assert.Equal(Folds.Json(left.Join()), Folds.Json(parts.Leaves.Join()));
        Assert.Equal(Folds.Json(right.Join()), Folds.Json(parts.Stays.Join()));
    }

    [Fact]
    public void Union_OfPartsInAnyOrderAndGrouping_GivesTheSameBytes() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    // The parts overlap, as copies of one entry do which a crash left behind: one has folded further.
                    ProfileMap a = MapOf(run, number => number < 4);
                    ProfileMap b = MapOf(
                        (run.Messages[..(run.Messages.Length / 2)], run.Numbers),
                        number => number is > 1 and < 6
                    );
                    ProfileMap c = MapOf(run, number => number > 4);
                    string all = Json(ProfileMap.Union(ProfileMap.Union(a, b), c));
                    return Json(ProfileMap.Union(a, ProfileMap.Union(b, c))) == all
                        && Json(ProfileMap.Union(c, ProfileMap.Union(b, a))) == all
                        && Json(ProfileMap.Union(ProfileMap.Union(b, c), ProfileMap.Union(a, b))) == all
                        && Json(ProfileMap.Union(a, ProfileMap.Empty)) == Json(a)
                        && Json(ProfileMap.Union(a, a)) == Json(a);
                }
            )
            .Check(s_many);

    [Fact]
    public void Fold_BeforeOrAfterUnion_GivesTheSameBytes() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    int half = run.Messages.Length / 2;
                    ProfileMap early = ProfileMap.Union(
                        MapOf((run.Messages[..half], run.Numbers), number => number < 3),
                        MapOf((run.Messages[..half], run.Numbers), number => number >= 3)
                    );
                    ProfileMap late = ProfileMap.Union(
                        MapOf(run, number => number < 3),
                        MapOf(run, number => number >= 3)
                    );
                    // Positions that are folded already are handed over again and change nothing.
                    return Json(FoldAll(early, run, from: 0, _ => true)) == Json(late);
                }
            )
            .Check(s_many);

    /// <summary>
    /// After any messages on either side: numbers 0 to 2 are the older customer's, 3 to 5 the younger one's, 6 and 7 come
    /// later, linked by a message of the older and of the younger one.
    /// </summary>
    [Fact]
    public void Undo_AfterFurtherMessages_GivesWhatTwoNeverMergedCustomersHave() =>
        Prop.ForAll(
                s_runs,
                run =>
                {
                    int half = run.Messages.Length / 2;
                    ProfileMap older = FoldAll(Linked([0, 1, 2]), run, 0, number => number < 3, half);
                    ProfileMap younger = FoldAll(Linked([3, 4, 5]), run, 0, number => number is >= 3 and < 6, half);
                    ProfileMap merged = Stored(ProfileMap.Union(older, younger));
                    merged = FoldAll(Late(Late(merged, 6, 0), 7, 4), run, half, _ => true);

                    Outcome<Parts<ProfileMap>> undone = SplitRule.Undo(
                        Stored(merged),
                        [s_names[3], s_names[4], s_names[5]]
                    );

                    ProfileMap olderAlone = FoldAll(Late(older, 6, 0), run, half, number => number is < 3 or 6);
                    ProfileMap youngerAlone = FoldAll(
                        Late(younger, 7, 4),
                        run,
                        half,
                        number => number is (>= 3 and < 6) or 7
                    );
                    return undone.Succeeded
                        && Json(undone.Value.Stays) == Json(olderAlone)
                        && Json(undone.Value.Leaves) == Json(youngerAlone)
                        && Folds.Json(undone.Value.Stays.Join()) == Folds.Json(olderAlone.Join())
                        && Folds.Json(undone.Value.Leaves.Join()) == Folds.Json(youngerAlone.Join());
                }
            )
            .Check(s_many);

    private static ProfileMap MapOf((Envelope[] Messages, int[] Numbers) run, Func<int, bool> isMine) =>
        FoldAll(Linked([.. Enumerable.Range(0, 8).Where(isMine)]), run, 0, isMine);

    private static ProfileMap MapOf(Envelope[] messages) =>
        messages
            .Select((message, index) => (message, index))
            .Aggregate(
                ProfileMap.Empty.Link(messages[0].Anchor, Evidence(messages[0].Anchor)),
                (map, next) => map.Fold(new LogPlace(0, next.index + 1), next.message)!.Value
            );

    private static ProfileMap Linked(int[] numbers) =>
        numbers.Aggregate(ProfileMap.Empty, (map, number) => map.Link(s_names[number], Evidence(s_names[number])));

    private static ProfileMap Late(ProfileMap map, int number, int through) =>
        map.Link(s_names[number], Evidence(s_names[through]));

    private static ProfileMap FoldAll(
        ProfileMap map,
        (Envelope[] Messages, int[] Numbers) run,
        int from,
        Func<int, bool> isMine,
        int to = int.MaxValue
    )
    {
        for (int index = from; index < Math.Min(to, run.Messages.Length); index++)
        {
            // Linked late, so nothing of it comes early.
            int number = run.Numbers[index];
            if (isMine(number) && map.Holds(s_names[number]))
            {
                map = map.Fold(new LogPlace(0, index + 1), Anchored(run.Messages[index], number))!.Value;
            }
        }

        return map;
    }

    /// <summary>The message, anchored at the identifier of this number.</summary>
    private static Envelope Anchored(Envelope message, int number) => message with { Identifiers = [s_names[number]] };

    private static Envelope Crowded(int number, int key) =>
        Anchored(Folds.Message($"\"type\":\"identify\",\"traits\":{{\"t{key:0000}\":{key}}}", id: $"m{key}"), number);

    private static HashSet<Identifier> NamesOf(ProfileMap map) => [.. map.Entries.Select(entry => entry.Identifier)];

    private static Identifier Name(int number) => Identifier.Create("anonymous_id", $"n{number}");

    private static LinkEvidence Evidence(Identifier anchor) => new("m", "web", s_at, "v1", anchor);

    /// <summary>Written and read again, as between two activations.</summary>
    private static ProfileMap Stored(ProfileMap map)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(Json(map)));
        reader.Read();
        return ProfileMapJson.Read(ref reader);
    }

    private static string Json(ProfileMap map)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        ProfileMapJson.Write(writer, map);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
