using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Customer360.Rules.Attribution;

/// <summary>A touch as models see it.</summary>
/// <param name="At">When it was; journeys are in this order.</param>
/// <param name="Channel">By the table of channels.</param>
/// <param name="IsDirect">Nobody knows where it came from.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct JourneyStep(DateTimeOffset At, string Channel, bool IsDirect);

/// <summary>What one conversion's models look at. Immutable.</summary>
/// <param name="Steps">In order of time; one or more.</param>
/// <param name="ConvertedAt">When it converted: not before the last step.</param>
public sealed record Journey(ImmutableArray<JourneyStep> Steps, DateTimeOffset ConvertedAt)
{
    /// <summary>When the lead was made; null: there is none.</summary>
    public DateTimeOffset? LeadAt { get; init; }

    /// <summary>When the opportunity was made; null: there is none.</summary>
    public DateTimeOffset? OpportunityAt { get; init; }
}
