using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>Asks for the history of each kind of policy and makes the rows of policies.</summary>
internal sealed class PolicyPass(JobTools tools, ExportTools mirror, MirrorSinks sinks) : IMirrorPass
{
    private const int PageEntries = 200;

    public static ImmutableArray<MirrorTable> Tables { get; } = [PolicyRows.Table];

    public async Task Run(JobPace pace, CancellationToken stop)
    {
        foreach (PolicyKind kind in mirror.Policies.Kinds)
        {
            IPolicyGrain grain = tools.Grains.GetGrain<IPolicyGrain>(kind.Name);
            PolicyEntry? next = null;
            PolicyHistory page;
            do
            {
                page = await grain.GetHistory(new PolicyHistoryQuery(next?.Number, PageEntries));
                foreach (PolicyVersion version in page.Entries)
                {
                    PolicyEntry entry = EntryOf(version);
                    PolicyRows.Add(sinks.RowsOf(PolicyRows.Table), kind.Name, entry, next);
                    next = entry;
                }

                await sinks.Flush(stop);
                await pace.Rest();
            } while (page.HasMore);
        }
    }

    private static PolicyEntry EntryOf(PolicyVersion version) =>
        // How the file came is not said outside of its grain, and not asked here.
        new(
            version.Number,
            version.Version,
            TextId: "",
            version.At,
            version.By,
            version.Action ?? PolicyAction.Put,
            version.Replaces
        )
        {
            ApprovedBy = version.ApprovedBy,
            ApprovedAt = version.ApprovedAt,
            RollBackTo = version.RollBackTo,
        };
}
