using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>Does the steps of a merge or a split, whoever the owner is.</summary>
internal static class OwnerSteps
{
    /// <summary>Does one step after the other and asks what comes next, until there is nothing more to do.</summary>
    /// <param name="doStep">Does a step, and says what its answer leads to; of what has no answer nothing.</param>
    public static async Task<OwnerOutcome> CarryOut<THoldings>(
        ImmutableArray<OwnerStep<THoldings>> steps,
        Func<OwnerStep<THoldings>, Task<ImmutableArray<OwnerStep<THoldings>>>> doStep
    )
        where THoldings : IHoldings<THoldings>
    {
        while (true)
        {
            ImmutableArray<OwnerStep<THoldings>> next = [];
            foreach (OwnerStep<THoldings> step in steps)
            {
                if (step is OwnerStep<THoldings>.End end)
                {
                    return end.Outcome;
                }

                next = await doStep(step);
            }

            steps = next;
        }
    }

    /// <summary>Reminders are stored under these names.</summary>
    public static string NameOf(OwnerTask task) => task == OwnerTask.Merge ? "merge" : "split";
}

/// <summary>How stored forms name where an owner stands.</summary>
internal static class OwnerStatuses
{
    public static string NameOf(OwnerStatus status) =>
        status switch
        {
            OwnerStatus.Live => "live",
            OwnerStatus.Sealed => "sealed",
            OwnerStatus.Retired => "retired",
            _ => "erased",
        };

    public static OwnerStatus StatusOf(string? name) =>
        name switch
        {
            "live" => OwnerStatus.Live,
            "sealed" => OwnerStatus.Sealed,
            "retired" => OwnerStatus.Retired,
            "erased" => OwnerStatus.Erased,
            _ => throw new JsonException("An owner's status is live, sealed, retired or erased."),
        };
}
