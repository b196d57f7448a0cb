using System.Collections.Immutable;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Sources;

namespace Customer360.Rules.Crm.Reads;

/// <summary>What is asked next of a backlog.</summary>
/// <remarks>
/// The first request decides: with it go the others of its kind, as many as one call takes. A request for all records of a kind is
/// done page by page, and after each page it stands at the end of the backlog. So neither kind of request holds up the other.
/// </remarks>
public static class ReadPlan
{
    /// <summary>The next step; null where there is nothing to be read.</summary>
    /// <param name="knowledge">What earlier steps have learned of the CRM.</param>
    public static ReadStep? Next(WebhookSource source, WebhookBacklog backlog, CrmKnowledge knowledge)
    {
        if (backlog.Reads.IsEmpty)
        {
            return null;
        }

        if (source.Kind == SourceKind.HubSpot)
        {
            return NextOfHubSpot(source, backlog, knowledge);
        }

        ReadRequest first = backlog.Reads[0];
        if (!SalesforceStep.IsRead(first.Object))
        {
            return new IdleStep([first], failure: null);
        }

        return !knowledge.Fields.TryGetValue(first.Object, out ImmutableHashSet<string>? known)
                ? new SalesforceFieldsStep(first.Object, knowledge)
            : first.Id is null ? new SalesforceStep(source, CursorOf(backlog, first), known)
            : new SalesforceStep(source, BatchOf(backlog, first), known);
    }

    private static ReadStep NextOfHubSpot(WebhookSource source, WebhookBacklog backlog, CrmKnowledge knowledge)
    {
        if (backlog.Reads.Where(read => !HubSpotStep.IsRead(read.Object)).ToImmutableArray() is { Length: > 0 } unused)
        {
            return new IdleStep(unused, failure: null);
        }

        if (knowledge.Account is not { } account)
        {
            return new HubSpotAccountStep();
        }

        // With another account's token the ids would be those of other records.
        return backlog.Reads.FirstOrDefault(read => read.Account == account) is not { } first
                ? new IdleStep([], new ReadFailure(ReadFault.AccountOther))
            : first.Id is null ? new HubSpotStep(source.HubSpot, CursorOf(backlog, first), knowledge)
            : new HubSpotStep(source.HubSpot, BatchOf(backlog, first), knowledge);
    }

    private static ReadCursor CursorOf(WebhookBacklog backlog, ReadRequest first) =>
        backlog.Progress.Cursors.FirstOrDefault(cursor => cursor.IsFor(first)) ?? new ReadCursor(first, null, null);

    private static ImmutableArray<ReadRequest> BatchOf(WebhookBacklog backlog, ReadRequest first) =>
        [
            .. backlog
                .Reads.Where(read =>
                    read.Id is not null && (read.Object, read.Account) == (first.Object, first.Account)
                )
                .Take(Math.Clamp(backlog.Progress.Batch, 1, ReadProgress.BatchMax)),
        ];
}
