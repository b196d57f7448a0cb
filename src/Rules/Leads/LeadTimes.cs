namespace Customer360.Rules.Leads;

/// <summary>When sales got a lead, and when somebody of sales did something about it.</summary>
/// <param name="HandedAt">When it was first given to somebody; null: it never was.</param>
/// <param name="TouchedAt">When a person first did something (<see cref="SalesAct"/>); null: nobody has.</param>
/// <param name="AcceptedAt">When somebody first accepted it; null: nobody has.</param>
public sealed record LeadTimes(DateTimeOffset? HandedAt, DateTimeOffset? TouchedAt, DateTimeOffset? AcceptedAt)
{
    public static LeadTimes Of(LeadFile file) =>
        new(
            file.Lead.Handoffs.Select(one => (DateTimeOffset?)one.At).Min(),
            SalesAct.Of(file).Select(act => (DateTimeOffset?)act.At).Min(),
            file.Lead.Handoffs.Where(one => one.Status == HandoffStatus.Accepted).Select(one => one.EndedAt).Min()
        );
}
