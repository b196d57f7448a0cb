using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>Goes through all accounts and makes the rows of the tables of companies. An account stores each change at once.</summary>
internal sealed class AccountPass(JobTools tools, ExportTools mirror, AccessRight right, MirrorSinks sinks)
    : IMirrorPass
{
    // An account with all the members that it keeps is a megabyte.
    private const int PageAccounts = 50;

    public static ImmutableArray<MirrorTable> Tables { get; } = [AccountRows.Accounts, AccountRows.Opportunities];

    public Task Run(JobPace pace, CancellationToken stop) =>
        MirrorScan.Run(tools, GrainKeys.AccountState, PageAccounts, Add, sinks, pace, stop);

    private Task Add(ScannedState scanned)
    {
        AccountState state = AccountStateCodec.ReadStored(scanned.Json);
        if (state.Revision > 0)
        {
            AccountRows.Add(
                sinks.RowsOf(AccountRows.Accounts),
                sinks.RowsOf(AccountRows.Opportunities),
                scanned.Key,
                state.PartOf(scanned.Key),
                state.Fold,
                mirror.Policies.Mastership,
                right.Fields
            );
        }

        return Task.CompletedTask;
    }
}
