namespace Customer360.Rules.Leads;

/// <summary>Something that a sales person did about a lead.</summary>
/// <param name="By">The sales person; of a stage that somebody said the name of the key.</param>
public readonly record struct SalesAct(DateTimeOffset At, string By)
{
    /// <summary>Offers that were accepted or rejected, and stages that people said.</summary>
    public static IEnumerable<SalesAct> Of(LeadFile file) =>
        file
            .Lead.Handoffs.Where(one =>
                one is { Status: HandoffStatus.Accepted or HandoffStatus.Rejected, EndedAt: not null }
            )
            .Select(one => new SalesAct(one.EndedAt!.Value, one.PersonId))
            .Concat(
                file.History.Entries.Where(entry => entry.Source == StageSource.Person)
                    .Select(entry => new SalesAct(entry.At, entry.By))
            );
}
