using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>Weighs the touches of one journey. Weights are whole numbers; what counts is what they are to each other.</summary>
/// <param name="HalfLife">Of <see cref="AttributionModel.TimeDecay"/>.</param>
public sealed record JourneyModels(TimeSpan HalfLife)
{
    /// <summary>GA's and Salesforce's.</summary>
    public static readonly TimeSpan HalfLifeUsual = TimeSpan.FromDays(7);

    public static JourneyModels Usual { get; } = new(HalfLifeUsual);

    /// <summary>One weight a step, not all of them 0.</summary>
    /// <exception cref="ArgumentException">The journey has no step, or the model needs more than one journey.</exception>
    public ImmutableArray<ulong> Weigh(AttributionModel model, Journey journey)
    {
        int count = journey.Steps.Length;
        if (count == 0)
        {
            throw new ArgumentException("A journey without a touch has nobody to credit.", nameof(journey));
        }

        return model switch
        {
            AttributionModel.First => Only(count, 0),
            AttributionModel.Last => Only(count, count - 1),
            AttributionModel.LastNonDirect => Only(count, LastNonDirect(journey.Steps)),
            AttributionModel.Linear => [.. Enumerable.Repeat(1UL, count)],
            AttributionModel.Position => Position(count),
            AttributionModel.WShaped => Milestones(
                journey,
                300,
                [0, LastBy(journey, journey.LeadAt), LastBy(journey, journey.OpportunityAt)]
            ),
            AttributionModel.FullPath => Milestones(
                journey,
                225,
                [0, LastBy(journey, journey.LeadAt), LastBy(journey, journey.OpportunityAt), count - 1]
            ),
            AttributionModel.TimeDecay => Decay.Weigh(journey, HalfLife),
            AttributionModel.Shapley => Shapley(journey.Steps),
            _ => throw new ArgumentException("The model needs more than one journey.", nameof(model)),
        };
    }

    private static ImmutableArray<ulong> Only(int count, int index)
    {
        var weights = new ulong[count];
        weights[index] = 1;
        return [.. weights];
    }

    private static int LastNonDirect(ImmutableArray<JourneyStep> steps)
    {
        for (int index = steps.Length - 1; index >= 0; index--)
        {
            if (!steps[index].IsDirect)
            {
                return index;
            }
        }

        return steps.Length - 1;
    }

    private static ImmutableArray<ulong> Position(int count)
    {
        if (count <= 2)
        {
            return [.. Enumerable.Repeat(1UL, count)];
        }

        // 40 : 20 / (n - 2) : 40, times 5 (n - 2) / 100.
        var weights = new ulong[count];
        Array.Fill(weights, 1UL);
        weights[0] = weights[^1] = 2UL * (ulong)(count - 2);
        return [.. weights];
    }

    /// <summary>
    /// Milestones have <paramref name="each"/> of 1,000, and the others share 100. Those that fall on one touch add up. Where a
    /// milestone is not known its share goes to the others of them, and where there is no other touch theirs does.
    /// </summary>
    private static ImmutableArray<ulong> Milestones(Journey journey, ulong each, ReadOnlySpan<int?> milestones)
    {
        int count = journey.Steps.Length;
        var weights = new ulong[count];
        ulong known = 0;
        foreach (int? milestone in milestones)
        {
            known += milestone is null ? 0UL : 1;
        }

        int others = count - DistinctOf(milestones);
        ulong share = (each * (ulong)milestones.Length) * (ulong)Math.Max(others, 1);
        foreach (int? milestone in milestones)
        {
            if (milestone is { } index)
            {
                weights[index] += share;
            }
        }

        // Times the number of others and of known milestones, so that all are whole.
        for (int index = 0; index < count; index++)
        {
            if (weights[index] == 0)
            {
                weights[index] = 100 * known;
            }
        }

        return [.. weights];
    }

    private static int DistinctOf(ReadOnlySpan<int?> milestones)
    {
        var seen = new HashSet<int>();
        foreach (int? milestone in milestones)
        {
            if (milestone is { } index)
            {
                seen.Add(index);
            }
        }

        return seen.Count;
    }

    /// <summary>The touch that a milestone is owed to: the last one that is not after it; of one before all touches the first.</summary>
    private static int? LastBy(Journey journey, DateTimeOffset? at)
    {
        if (at is null)
        {
            return null;
        }

        int found = 0;
        for (int index = 0; index < journey.Steps.Length && journey.Steps[index].At <= at; index++)
        {
            found = index;
        }

        return found;
    }

    /// <summary>A channel's share goes to its first touch: "ordered" sums of the literature are the same by channel and place.</summary>
    private static ImmutableArray<ulong> Shapley(ImmutableArray<JourneyStep> steps)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. steps.Select(step => seen.Add(step.Channel) ? 1UL : 0)];
    }
}
