using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Identity.Steps;

/// <summary>
/// Any merges, undoings and splits, dying anywhere, with calls that arrive once more long after: at rest everything is somebody's
/// exactly once, and no version has ever fallen.
/// </summary>
public sealed class StepProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(1_000);
    private static readonly string[] s_names = ["a", "b", "c", "d"];

    /// <summary>A random run, told by a number: a failure names it.</summary>
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Run976330197_WhichAMergeOfLongAgoOnceBroke_HasEverythingOnce()
    {
        StepWorld world = Run(976330197);
        world.Rest();
        Assert.All(world.Owners, one => Assert.True(world[one.Value.Owner!].Held.Holds(one.Key)));
    }

    [Fact]
    public void AnyRun_AtRest_HasEverythingOnce() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    StepWorld world = Run(seed);
                    world.Rest();
                    Identifier[] held = [.. world.All.SelectMany(owner => owner.Held.Identifiers)];
                    return held.Length == s_names.Length * 2
                        && held.Distinct().Count() == held.Length
                        && world.All.Sum(owner => owner.Held.MessageCount) == (1 + 2 + 3 + 4) * 2
                        && held.All(one => world[world.Owners[one].Owner!].Held.Holds(one));
                }
            )
            .Check(s_many);

    [Fact]
    public void AnyRun_AtRest_HasNothingUnderWay() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    StepWorld world = Run(seed);
                    bool isForgotten = world.Forgotten().Any();
                    world.Rest();
                    return !isForgotten
                        && world.All.All(owner => !IsUnderWay(owner) && owner.Releases.IsEmpty)
                        && world.All.All(owner => LeadsToTheLiving(world, owner));
                }
            )
            .Check(s_many);

    [Fact]
    public void AnyRun_NeverLetsAVersionFall() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    Dictionary<string, long> versions = new(StringComparer.Ordinal);
                    return Run(seed)
                        .Done.Where(one => one.Step is OwnerStep<Things>.Save)
                        .All(one =>
                        {
                            Ownership<Things> state = ((OwnerStep<Things>.Save)one.Step).State;
                            long version = state.Revision + state.Held.MessageCount;
                            bool fell = version < versions.GetValueOrDefault(one.Owner);
                            versions[one.Owner] = version;
                            return !fell;
                        });
                }
            )
            .Check(s_many);

    [Fact]
    public void AnyRun_ExplainsEachChangeOfHands() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    StepWorld world = Run(seed);
                    world.Rest();
                    return world
                        .All.Where(owner => owner.RetiredBy is not null)
                        .All(owner => world.Records.ContainsKey(owner.RetiredBy!));
                }
            )
            .Check(s_many);

    /// <summary>Four owners of two things each, and thirty things that happen to them.</summary>
    private static StepWorld Run(int seed)
    {
        var random = new Random(seed);
        var world = new StepWorld();
        // Some pairs may not come together, as a limit would have it: never the same for long.
        world.Check = (_, _) => random.Next(6) == 0 ? new JoinObjection(JoinObstacle.Limit, 0, "") : null;
        for (int number = 0; number < s_names.Length; number++)
        {
            world.Add(
                $"c{number:000}",
                ($"email:{s_names[number]}", number + 1),
                ($"phone:{s_names[number]}", number + 1)
            );
        }

        for (int happening = 0; happening < 30; happening++)
        {
            world.StepsLeft = random.Next(3) == 0 ? random.Next(20) : null;
            try
            {
                Happen(world, random, happening);
            }
            catch (DiedException)
            {
                // Whoever is asked next goes on with it.
            }
        }

        return world;
    }

    private static void Happen(StepWorld world, Random random, int number)
    {
        string[] ids = [.. world.All.Select(owner => owner.Id).Order(StringComparer.Ordinal)];
        string one = ids[random.Next(ids.Length)];
        string other = ids[random.Next(ids.Length)];
        switch (random.Next(5))
        {
            case 0 when one != other:
            case 1 when one != other:
                world.Merge(one, other, $"d_m{number}");
                break;
            case 2 when world[one].RetiredBy is { } mergeId:
                world.Undo(one, mergeId, $"d_u{number}", Brought(world, mergeId));
                break;
            case 3 when world[one].Held.Identifiers is { Length: > 1 } held:
                // Younger than all that there are.
                world.Split($"c{number + 100}", one, $"d_s{number}", held[random.Next(held.Length)]);
                break;
            case 4 when world.Calls.Count > 0:
                world.Calls[random.Next(world.Calls.Count)]();
                break;
        }
    }

    private static Identifier[] Brought(StepWorld world, string mergeId) =>
        [.. Rules.Decisions.DecisionPayload.Read(world.Records[mergeId].Payload).Identifiers];

    private static bool IsUnderWay(Ownership<Things> owner) =>
        owner.Status == OwnerStatus.Sealed || owner.Split is not null;

    private static bool LeadsToTheLiving(StepWorld world, Ownership<Things> owner)
    {
        for (int way = 0; way < 100; way++)
        {
            if (owner.MovedTo is not { } next)
            {
                return true;
            }

            owner = world[next];
        }

        return false;
    }
}
