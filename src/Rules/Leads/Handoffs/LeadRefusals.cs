using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Leads;

/// <summary>Refusals of leads by their codes, as grains tell them.</summary>
public static class LeadRefusals
{
    private static readonly Refusal[] s_all =
    [
        new LeadNotOpen(),
        new LeadOfAnother(),
        new LeadNotOffered(),
        new LeadAccepted(),
        new LeadCodeUnknown(),
        new LeadAttemptStale(),
    ];

    /// <exception cref="InvalidOperationException">There is no such refusal.</exception>
    public static Refusal Of(string code) => s_all.First(refusal => refusal.Code == code);
}
