using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>The open leads of a sales person.</summary>
public sealed record SalesPersonState
{
    /// <summary>By lead: the attempt by which the person has it.</summary>
    public ImmutableSortedDictionary<string, int> Leads { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
}

/// <summary><c>{"leads":{"l_…":1}}</c></summary>
public sealed class SalesPersonStateCodec : IStateCodec<SalesPersonState>
{
    public void Write(Utf8JsonWriter writer, SalesPersonState state)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("leads"u8);
        foreach ((string lead, int attempt) in state.Leads)
        {
            writer.WriteNumber(lead, attempt);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public SalesPersonState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new SalesPersonState
        {
            Leads = document
                .RootElement.GetProperty("leads"u8)
                .EnumerateObject()
                .ToImmutableSortedDictionary(lead => lead.Name, lead => lead.Value.GetInt32(), StringComparer.Ordinal),
        };
    }
}

/// <inheritdoc cref="ISalesPersonGrain"/>
[GrainType("sales-person")]
public sealed class SalesPersonGrain(
    [PersistentState(GrainKeys.SalesPersonState, GrainKeys.Storage)] IPersistentState<SalesPersonState> stored
) : Grain, ISalesPersonGrain
{
    private ImmutableSortedDictionary<string, int> Leads => stored.State.Leads;

    public async Task<bool> Take(string leadId, int attempt, int? capacity)
    {
        bool isKnown = Leads.TryGetValue(leadId, out int known);
        if (!isKnown && Leads.Count >= capacity)
        {
            return false;
        }

        if (!isKnown || known < attempt)
        {
            await Save(Leads.SetItem(leadId, attempt));
        }

        return true;
    }

    public Task Release(string leadId, int attempt) =>
        Leads.TryGetValue(leadId, out int known) && known <= attempt ? Save(Leads.Remove(leadId)) : Task.CompletedTask;

    public Task<ImmutableArray<string>> GetLeads()
    {
        if (!stored.RecordExists)
        {
            // Anyone may ask for any id: one under which nothing is stored does not stay in memory for that.
            DeactivateOnIdle();
        }

        return Task.FromResult<ImmutableArray<string>>([.. Leads.Keys]);
    }

    private Task Save(ImmutableSortedDictionary<string, int> leads) =>
        stored.SaveOrTakeBack(new SalesPersonState { Leads = leads }, this);
}
