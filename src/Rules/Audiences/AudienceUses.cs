using System.Collections.Immutable;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Audiences;

/// <summary>What an audience's own condition asks for, for who wants to know what depends on an event or a trait.</summary>
public static class AudienceUses
{
    /// <summary>Names of events, pages and screens.</summary>
    public static ImmutableSortedSet<string> EventsOf(AudienceDefinition audience) =>
        ConditionParts
            .SelectorsOf(audience.If)
            .Select(selector => selector.Name)
            .ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>Names of traits of persons.</summary>
    public static ImmutableSortedSet<string> TraitsOf(AudienceDefinition audience) =>
        audience.If.Facts.SelectMany(LeadFactReader.PersonTraitsOf).ToImmutableSortedSet(StringComparer.Ordinal);
}
