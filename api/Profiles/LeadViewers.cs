using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;

namespace Customer360.Api.Profiles;

/// <summary>Who is told why a lead is where it is, and how much of it.</summary>
internal sealed class LeadViewers(IPolicy<SalesTeam> team, IPolicy<ScoringPolicy> scoring)
{
    /// <summary>
    /// True where the caller is the sales person who has the lead, as the directory of sales people says. Who had it before, or might
    /// take it from a queue, has it not.
    /// </summary>
    public bool IsOwn(LeadFile file, ApiKey caller) =>
        file.Lead.OwnerId is { } owner && team.Current.Find(owner)?.Callers.Contains(caller.Name) == true;

    /// <summary>The lead as the caller sees it, and the facts of which the caller is not told.</summary>
    public VisibleLead Show(LeadFile file, VisibleFields fields)
    {
        var sight = new LeadSight(fields);
        return new VisibleLead(sight.Of(file, scoring.Current), sight.Withheld);
    }
}

/// <summary>A lead with what it was decided by, as one caller sees it.</summary>
/// <param name="Withheld">Facts of which the caller is not told: the same ones whether or not they are known.</param>
internal sealed record VisibleLead(LeadFile File, IReadOnlyList<string> Withheld);
