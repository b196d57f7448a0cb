using System.Text.Json;
using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Simulation.Storage;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariants 2 and 4, of accounts: each group is of one company, which holds it; stubs lead, without a circle, to one that is live; and what
/// a split keeps apart is in no company together.
/// </summary>
internal static class CompaniesAreWhole
{
    private const string Name = "2 companies";
    private const string DecisionPrefix = "company-";

    /// <summary>The decision is about companies, which no rebuild of customers repeats.</summary>
    public static bool IsOfACompany(DecisionRecord decision) =>
        decision.Kind.StartsWith(DecisionPrefix, StringComparison.Ordinal);

    /// <summary>
    /// Asks every company that there is, so that each goes on with what it has begun; and those of single groups, since what one is about
    /// to write for the first time is not there to be seen.
    /// </summary>
    public static async Task WakeAsync(Client client, Disk disk)
    {
        IEnumerable<string> stored = disk.States(GrainKeys.CompanyState).Select(one => one.Key);
        foreach (string company in stored.Union(Composer.Groups.Select(CompanyId.Of), StringComparer.Ordinal).ToArray())
        {
            await client.AskPatiently(grains => grains.GetGrain<ICompanyGrain>(company).GetGroups());
        }
    }

    /// <summary>A company that has begun a merge or a split and not ended it; null where there is none.</summary>
    public static string? Unfinished(Disk disk) =>
        disk.States(GrainKeys.CompanyState)
            .Select(one => Read(one.State))
            .FirstOrDefault(one => one.Merge is not null || one.Split is not null || !one.Releases.IsEmpty)
            ?.Id;

    public static async Task CheckAsync(Client client, Disk disk)
    {
        Ownership<GroupSet>[] companies = [.. disk.States(GrainKeys.CompanyState).Select(one => Read(one.State))];
        var holders = new Dictionary<Identifier, string>();
        foreach (Ownership<GroupSet> company in companies.Where(one => one.Status == OwnerStatus.Live))
        {
            foreach (Identifier group in company.Held.Identifiers)
            {
                ViolationException.ThrowIf(
                    !holders.TryAdd(group, company.Id),
                    Name,
                    () => $"{group} is with {holders[group]} and with {company.Id}"
                );
            }

            foreach (Separation separation in company.Separations)
            {
                ViolationException.ThrowIf(
                    separation.One.Any(company.Held.Holds) && separation.Other.Any(company.Held.Holds),
                    Name,
                    () => $"{company.Id} has both sides of {separation.Id}"
                );
            }
        }

        foreach (string groupId in Composer.Groups)
        {
            string owner = await client.AskPatiently(grains => grains.FindCompany(groupId));
            string? named = await client.AskPatiently(grains => grains.GetGrain<IAccountGrain>(groupId).GetCompany());
            string holder = holders.GetValueOrDefault(CompanyId.GroupOf(groupId), CompanyId.Of(groupId));
            ViolationException.ThrowIf(
                owner != holder || (named ?? CompanyId.Of(groupId)) != holder,
                Name,
                () => $"{groupId} names {named ?? "nobody"}, which leads to {owner}, and {holder} holds it"
            );
        }
    }

    private static Ownership<GroupSet> Read(StoredState state)
    {
        var reader = new Utf8JsonReader(state.Json.Span);
        reader.Read();
        return new CompanyStateCodec().Read(ref reader).Ownership!;
    }
}
