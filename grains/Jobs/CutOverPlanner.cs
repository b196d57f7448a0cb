using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Works out the steps of one pass of a cut-over: what is quarantined or released, then splits, then merges, then what nobody
/// owned. Each customer is looked at anew when its turn comes; one that is not what the comparison saw is left to the next pass.
/// </summary>
internal sealed class CutOverPlanner(
    JobTools tools,
    string jobId,
    StepRunner runner,
    ShadowReading reading,
    JobPace pace,
    StepWriter writer,
    Func<string, bool> isForeseen,
    HashSet<string> refused,
    Dictionary<string, string> splitFrom
)
{
    private readonly Dictionary<int, List<string>> _splitOff = [];
    private readonly Dictionary<string, AffectedCustomer> _affected = new(StringComparer.Ordinal);

    /// <summary>What tells that a step was refused before: it would be again.</summary>
    public static string KeyOf(CutOverStep step) =>
        step.Kind == StepKind.Merge
            ? $"{step.Kind} {step.CustomerId} {step.OtherCustomerId}"
            : $"{step.Kind} {step.CustomerId} {step.Identifiers.FirstOrDefault()}";

    /// <param name="affected">The customers of this pass.</param>
    /// <param name="progress">Told which part of them is done, 0 to 1.</param>
    public async Task Run(ImmutableArray<AffectedCustomer> affected, Func<double, Task> progress)
    {
        foreach (AffectedCustomer one in affected)
        {
            _affected.Add(one.CustomerId, one);
        }

        await Contain();
        int count = 0;
        foreach (AffectedCustomer one in affected)
        {
            if (one.Change != CustomerChange.Merge)
            {
                await Split(one);
            }

            await progress(0.5 * ++count / affected.Length);
        }

        await writer.Flush();
        count = 0;
        IReadOnlyDictionary<int, List<string>> shared = reading.Comparison.Shared(
            affected.Where(one => one.Change != CustomerChange.Split).Select(one => one.CustomerId)
        );
        foreach ((int cluster, List<string> customers) in shared)
        {
            if (customers.Count > 1)
            {
                await Merge(cluster, [.. customers, .. _splitOff.GetValueOrDefault(cluster, [])]);
            }

            await progress(0.5 + (0.5 * ++count / shared.Count));
        }

        await writer.Flush();
        await Link();
    }

    /// <summary>First: else traffic would join through them what is taken apart.</summary>
    private async Task Contain()
    {
        foreach (Identifier identifier in reading.ToQuarantine)
        {
            int number = reading.Shadow.Find(reading.Normalize(identifier)!.Value);
            await Add(
                New(StepKind.Quarantine, "", [identifier]) with
                {
                    Because = Containment.Quarantined,
                    Degree = reading.Shadow.DegreeOf(number),
                },
                await CauseAt(reading.Shadow.QuarantinedBy(number), Containment.Quarantined)
            );
        }

        foreach (Identifier identifier in reading.ToRelease)
        {
            IIdentifierGrain grain = tools.Grains.GetGrain<IIdentifierGrain>(identifier.ToString());
            if (await pace.Storage(grain.GetQuarantine()) is { } quarantine)
            {
                // What it was quarantined for goes with the step: a roll back needs it.
                await Add(
                    New(StepKind.Release, "", [identifier]) with
                    {
                        Degree = quarantine.Degree,
                    },
                    new Cause(quarantine.MessageId, quarantine.Source, "within_degree")
                );
            }
        }

        await writer.Flush();
    }

    private async Task Split(AffectedCustomer customer)
    {
        CustomerFacts facts = await pace.Storage(runner.FactsOf(customer.CustomerId));
        ILookup<int?, Identifier> parts = facts
            .Held.Select(held => held.Identifier)
            .ToLookup(identifier => ClusterOf(identifier));
        int[] clusters = [.. parts.Select(part => part.Key).OfType<int>()];
        if (facts.CustomerId != customer.CustomerId || clusters.Length < 2)
        {
            return;
        }

        // It stays who it would have been from the beginning; else the oldest of those that it would have been.
        int staying = clusters
            .OrderBy(cluster => reading.Comparison.CustomerIdOf(cluster) == customer.CustomerId ? 0 : 1)
            .ThenBy(cluster => reading.Comparison.CustomerIdOf(cluster) ?? "~", StringComparer.Ordinal)
            .ThenBy(cluster => cluster)
            .First();
        foreach (int cluster in clusters.Where(cluster => cluster != staying).Order())
        {
            CutOverStep step = New(StepKind.Split, customer.CustomerId, [.. parts[cluster]]) with
            {
                Stays = [.. clusters.Where(other => other != cluster).SelectMany(other => parts[other])],
            };
            string younger = CustomerId.ForSplit(step.Id, customer.CustomerId, step.At);
            AddTo(_splitOff, cluster, younger);
            splitFrom[younger] = customer.CustomerId;
            await Add(step with { OtherCustomerId = younger }, await CauseOf(customer, cluster, isMerge: false));
        }
    }

    private async Task Merge(int cluster, IReadOnlyList<string> customers)
    {
        var found = new Dictionary<string, (CustomerFacts Facts, string Was)>(StringComparer.Ordinal);
        foreach (string customer in customers)
        {
            CustomerFacts facts = await pace.Storage(runner.FactsOf(customer));
            // One that holds what belongs elsewhere was not split, or has grown since: the next pass sees to it.
            int?[] clusters = [.. facts.Held.Select(held => ClusterOf(held.Identifier))];
            if (clusters.Contains(cluster) && clusters.All(other => other is null || other == cluster))
            {
                found.TryAdd(facts.CustomerId, (facts, splitFrom.GetValueOrDefault(customer, customer)));
            }
        }

        string[] byAge = [.. found.Keys.Order(StringComparer.Ordinal)];
        List<Identifier> held = [];
        foreach (string customer in byAge)
        {
            if (customer != byAge[0])
            {
                CutOverStep step = New(StepKind.Merge, byAge[0], []) with
                {
                    Id = DecisionId.Of(DecisionKinds.Merged, byAge[0], customer, jobId, $"{writer.Page}"),
                    OtherCustomerId = customer,
                    Stays = [.. held],
                };
                await Add(step, await CauseOf(found[customer].Was, found[byAge[0]].Was, cluster));
            }

            held.AddRange(found[customer].Facts.Held.Select(one => one.Identifier));
        }
    }

    private async Task Link()
    {
        foreach ((Identifier identifier, LogPlace place, string customer) in reading.Comparison.Unowned())
        {
            CustomerFacts facts = await pace.Storage(runner.FactsOf(customer));
            int? cluster = ClusterOf(identifier);
            CustomerFacts? home = facts.Held.Any(held => ClusterOf(held.Identifier) == cluster) ? facts : null;
            IIdentifierGrain grain = tools.Grains.GetGrain<IIdentifierGrain>(identifier.ToString());
            bool isFree =
                await pace.Storage(IsNull(grain.GetOwner())) && await pace.Storage(IsNull(grain.GetQuarantine()));
            if (home is not null && isFree)
            {
                LogRow row = await reading.MessageAt(place);
                await Add(
                    New(StepKind.Link, home.CustomerId, [identifier]) with
                    {
                        Stays = [Identifier.Parse(row.Anchor)],
                        IsClaimed = EnvelopeReader.FromJson(row.Payload).Trust == StatementTrust.Claimed,
                    },
                    CauseIn(row, "together")
                );
            }
        }

        await writer.Flush();
    }

    private static async Task<bool> IsNull<T>(Task<T?> asked)
        where T : class => await asked is null;

    private Task Add(CutOverStep step, Cause cause)
    {
        CutOverStep whole = step with
        {
            MessageId = cause.MessageId,
            Source = cause.Source,
            Because = cause.Because,
            IsForeseen =
                IsForeseen(step.CustomerId)
                || IsForeseen(step.OtherCustomerId ?? "")
                || step.Kind is StepKind.Link or StepKind.Quarantine or StepKind.Release,
        };
        return refused.Contains(KeyOf(whole)) ? Task.CompletedTask : writer.Add(whole);
    }

    /// <summary>A customer that was split off is what the dry run said of the one that it comes from.</summary>
    private bool IsForeseen(string customerId) => isForeseen(splitFrom.GetValueOrDefault(customerId, customerId));

    private CutOverStep New(StepKind kind, string customerId, ImmutableArray<Identifier> identifiers) =>
        new(
            DecisionId.Of(
                kind.ToString(),
                jobId,
                $"{writer.Page}",
                customerId,
                identifiers.IsEmpty ? "" : identifiers[0].ToString()
            ),
            kind,
            customerId,
            OtherCustomerId: null,
            identifiers,
            Stays: [],
            MessageId: "",
            Source: "",
            Because: "",
            tools.Time.GetUtcNow()
        );

    private int? ClusterOf(Identifier live) =>
        reading.Normalize(live) is { } underRules ? reading.Comparison.ClusterOf(underRules) : null;

    /// <summary>The edge that brings the two together; where it is not among the few that are kept, none.</summary>
    private async Task<Cause> CauseOf(string younger, string older, int cluster)
    {
        foreach (string customer in new[] { younger, older })
        {
            if (_affected.TryGetValue(customer, out AffectedCustomer? affected))
            {
                Cause cause = await CauseOf(affected, cluster, isMerge: true);
                if (cause.MessageId.Length > 0)
                {
                    return cause;
                }
            }
        }

        return new Cause("", "", "together");
    }

    private async Task<Cause> CauseOf(AffectedCustomer customer, int cluster, bool isMerge)
    {
        foreach (CausingEdge edge in customer.Edges)
        {
            bool isOfMerge = edge.Because is "together" or "same_value";
            bool isAbout =
                reading.Comparison.ClusterOf(edge.One) == cluster
                || reading.Comparison.ClusterOf(edge.Other) == cluster;
            if (isOfMerge == isMerge && isAbout)
            {
                return edge.Place is { } place ? await CauseAt(place, edge.Because) : new Cause("", "", edge.Because);
            }
        }

        return new Cause("", "", isMerge ? "together" : "not_together");
    }

    private async Task<Cause> CauseAt(LogPlace place, string because) =>
        CauseIn(await reading.MessageAt(place), because);

    private static Cause CauseIn(LogRow row, string because) =>
        new(row.MessageId, EnvelopeReader.FromJson(row.Payload).Source, because);

    private static void AddTo(Dictionary<int, List<string>> lists, int cluster, string customer)
    {
        if (!lists.TryGetValue(cluster, out List<string>? list))
        {
            lists.Add(cluster, list = []);
        }

        list.Add(customer);
    }

    private readonly record struct Cause(string MessageId, string Source, string Because);
}
