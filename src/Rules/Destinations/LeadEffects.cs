using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Destinations;

/// <summary>What a change of a lead causes.</summary>
public static class LeadEffects
{
    /// <summary>
    /// It was given to somebody or laid into a queue, or whoever has it has answered. Nothing while nobody knows whose lead it is: that is
    /// told when it is known.
    /// </summary>
    /// <param name="before">As it is stored; null: it begins.</param>
    public static ImmutableArray<Effect> Of(LeadFile? before, LeadFile after, DateTimeOffset at)
    {
        string? now = StandingOf(after);
        bool wasTold = before is { CustomerId.Length: > 0 } && StandingOf(before) == now;
        return now is null || after.CustomerId.Length == 0 || wasTold
            ? []
            : [Effect.LeadHandoff(after.CustomerId, after.Lead.LeadId, now, at)];
    }

    /// <summary>The time that it was given away, and what became of that; null: there is nothing that sales should know.</summary>
    private static string? StandingOf(LeadFile file)
    {
        LeadState lead = file.Lead;
        return file.IsErased || lead.Status is LeadStatus.New or LeadStatus.Held
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{lead.Handoffs.Length} {LeadFileRules.WordOf(lead.Status)}{(lead.DuplicateOf is null ? "" : " duplicate")}"
            );
    }
}
