using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Profiles.Names;
using Orleans.Concurrency;

namespace Customer360.Grains;

/// <inheritdoc cref="IAccountListGrain"/>
/// <remarks>
/// It walks the stored accounts in the order of their ids, and asks none of their grains. A name has no index: an account's name is what
/// the mastership policy makes of its sources, so a search by name looks at so many accounts a page and says where it got to.
/// </remarks>
[GrainType("account-list")]
[StatelessWorker]
public sealed class AccountListGrain(IStateScan scan, IPolicy<MastershipPolicy> mastership) : Grain, IAccountListGrain
{
    /// <summary>Accounts that one page looks at, at most.</summary>
    public const int LookedAtMax = 1_000;

    private const string Kind = "account";
    private const string Name = "name";

    // An account with all the members that it keeps is a megabyte.
    private const int AtOnce = 50;

    public async Task<AccountListPage> Read(AccountListQuery query)
    {
        NameQuery? sought = query.NamePrefix is { } name ? NameQuery.Of(name).Value : null;
        var rows = ImmutableArray.CreateBuilder<AccountListRow>(query.Limit);
        string after = query.AfterId;
        for (int looked = 0; looked < LookedAtMax; looked += AtOnce)
        {
            ImmutableArray<ScannedState> states = await scan.ReadPageAsync(Kind, after, AtOnce, CancellationToken.None);
            foreach (ScannedState state in states)
            {
                if (RowOf(state) is { } row && IsMeant(row, sought))
                {
                    rows.Add(row);
                }

                after = state.Key;
                if (rows.Count == query.Limit)
                {
                    return new AccountListPage(rows.DrainToImmutable(), after);
                }
            }

            if (states.Length < AtOnce)
            {
                return new AccountListPage(rows.DrainToImmutable(), Next: null);
            }
        }

        return new AccountListPage(rows.DrainToImmutable(), after);
    }

    /// <summary>Null of an id that a company has taken and under which no message says anything.</summary>
    private AccountListRow? RowOf(ScannedState scanned)
    {
        AccountState state = AccountStateCodec.ReadStored(scanned.Json);
        if (state.Revision == 0)
        {
            return null;
        }

        AccountFold fold = state.Fold;
        Trait? name = new TraitWinners(new ProfileFold { Traits = fold.Traits }, mastership.Current).Find(Name);
        return new AccountListRow(
            scanned.Key,
            state.PartOf(scanned.Key),
            name is { } said ? said.ValueJson : default,
            AccountDomains.OfTraits(fold.Traits, out _),
            fold.Opportunities.Count(deal => !deal.Facts.IsDeleted && deal.Facts.IsOpen),
            fold.Members.Length
        );
    }

    private static bool IsMeant(AccountListRow row, NameQuery? sought) =>
        sought is null || (NameOf(row) is { } name && sought.Matches(name));

    private static string? NameOf(AccountListRow row)
    {
        if (row.NameJson.IsEmpty)
        {
            return null;
        }

        using var name = JsonDocument.Parse(row.NameJson);
        return name.RootElement.ValueKind == JsonValueKind.String ? name.RootElement.GetString() : null;
    }
}
