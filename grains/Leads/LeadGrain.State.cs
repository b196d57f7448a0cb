using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Leads;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>What a lead's grain stores.</summary>
public sealed record LeadGrainState : ILeadListed, ICausing
{
    /// <summary>Null before it has begun.</summary>
    public LeadFile? File { get; init; }

    /// <summary>How lists show it. It is no part of the stored state.</summary>
    public LeadRow? Listing { get; init; }

    /// <summary>What the change that made this state causes. It is no part of the stored state.</summary>
    public ImmutableArray<OutboxRow> Outbox { get; init; } = [];
}

/// <inheritdoc cref="LeadFileJson"/>
public sealed class LeadGrainStateCodec : IStateCodec<LeadGrainState>
{
    public void Write(Utf8JsonWriter writer, LeadGrainState state) => LeadFileJson.Write(writer, state.File!);

    public LeadGrainState Read(ref Utf8JsonReader reader) => new() { File = LeadFileJson.Read(ref reader) };
}
