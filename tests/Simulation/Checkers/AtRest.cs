using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Simulation.Storage;
using Customer360.Simulation.Workload;

namespace Customer360.Simulation.Checkers;

/// <summary>A customer as it answers at rest.</summary>
/// <param name="View">Null where it has moved, or was never made.</param>
internal sealed record SeenCustomer(string Id, string? MovedTo, CustomerFacts Facts, ProfileView? View);

/// <summary>The whole grid at rest, as its grains and its log say it.</summary>
/// <param name="Decisions">Of identities.</param>
/// <param name="PolicyDecisions">Of the identity rules.</param>
/// <param name="Rules">The identity rules in force; null: those that are built in.</param>
internal sealed record AtRest(
    ImmutableArray<LogRow> Log,
    IReadOnlyList<DecisionRecord> Decisions,
    ImmutableSortedDictionary<string, string> Owners,
    ImmutableSortedDictionary<string, SeenCustomer> Customers,
    IReadOnlyList<DecisionRecord> PolicyDecisions,
    PolicyVersion? Rules
)
{
    /// <summary>Asks every identifier and every customer that there is.</summary>
    public static async Task<AtRest> LookAsync(Client client, Disk disk, IEnumerable<string> identifiers)
    {
        var owners = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var names = new SortedSet<string>(identifiers, StringComparer.Ordinal);
        names.UnionWith(disk.States("identifier").Select(one => one.Key));
        List<(string Name, Task<string?> Owner)> asked =
        [
            .. names.Select(name =>
                (name, client.AskPatiently(grains => grains.GetGrain<IIdentifierGrain>(name).GetOwner()))
            ),
        ];
        foreach ((string name, Task<string?> owner) in asked)
        {
            if (await owner is { } customer)
            {
                owners.Add(name, customer);
            }
        }

        var known = new SortedSet<string>(
            disk.States(OperationNames.Customer).Select(one => one.Key),
            StringComparer.Ordinal
        );
        known.UnionWith(owners.Values);
        var customers = ImmutableSortedDictionary.CreateBuilder<string, SeenCustomer>(StringComparer.Ordinal);
        List<Task<SeenCustomer>> seen = [.. known.Select(customer => SeeAsync(client, customer))];
        foreach (Task<SeenCustomer> one in seen)
        {
            SeenCustomer customer = await one;
            customers.Add(customer.Id, customer);
        }

        PolicyVersion? rules = await client.AskPatiently(grains =>
            grains.GetGrain<IPolicyGrain>(IdentityPolicyKind.KindName).GetCurrent()
        );
        return new AtRest(
            [.. disk.Log],
            [
                .. disk.Decisions.Where(decision =>
                    !PolicySteps.IsOfAPolicy(decision) && !CompaniesAreWhole.IsOfACompany(decision)
                ),
            ],
            owners.ToImmutable(),
            customers.ToImmutable(),
            [.. disk.Decisions.Where(PolicySteps.IsOfAPolicy)],
            rules
        );
    }

    private static async Task<SeenCustomer> SeeAsync(Client client, string customer)
    {
        CustomerIdentity identity = await client.AskPatiently(grains =>
            grains.GetGrain<ICustomerGrain>(customer).GetIdentity()
        );
        ProfileViewReply view = await client.AskPatiently(grains =>
            grains.GetGrain<ICustomerGrain>(customer).GetView()
        );
        return new SeenCustomer(customer, identity.MovedTo, identity.Facts, view.View);
    }
}
