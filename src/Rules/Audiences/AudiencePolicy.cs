using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Conditions;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Audiences;

/// <summary>An audience as the file has it.</summary>
/// <param name="Name">1 to 64 lower-case letters, digits and hyphens. Never used again for another one.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Purpose">What members must have consented to before anything of it is delivered. They are members without it.</param>
/// <param name="Freshness">How soon whoever is told of a change is to know it.</param>
/// <param name="If">Who is in it.</param>
/// <param name="Hash">Names the definition: another condition is another hash.</param>
public sealed record AudienceDefinition(
    string Name,
    PolicyOwner Owner,
    string Purpose,
    TimeSpan Freshness,
    Condition If,
    string Hash
)
{
    public string? Description { get; init; }

    /// <summary>Whoever has entered stays so long at least, so nobody flaps.</summary>
    public TimeSpan MinimumStay { get; init; }

    /// <summary>Percent of its members that are held out: nothing is delivered of them, so its effect can be measured.</summary>
    public int HoldoutPercent { get; init; }
}

/// <summary>A trait that is worked out of events: <c>computed.NAME</c> in conditions.</summary>
public sealed record ComputedTrait(string Name, EventValue Value)
{
    public FactKind Kind => Value.Measure <= EventMeasure.Sum ? FactKind.Number : FactKind.Text;
}

/// <summary>A variant of a placement and its weight.</summary>
public sealed record VariantShare(string Variant, int Weight);

/// <summary>Who gets which variant; of several the shares are dealt by hash, so everybody keeps hers.</summary>
public sealed record DecisionRule(string Name, Condition If, ImmutableArray<VariantShare> Shares);

/// <summary>A place that is personalized.</summary>
/// <param name="Purpose">What the person must have consented to; without it everybody gets <paramref name="Otherwise"/>.</param>
/// <param name="ControlPercent">Percent of the people that get <paramref name="Otherwise"/> whatever the rules say.</param>
public sealed record Placement(
    string Name,
    string Purpose,
    ImmutableArray<DecisionRule> Rules,
    string Otherwise,
    int ControlPercent
);

/// <summary><c>audiences.yaml</c>, read. Immutable.</summary>
public sealed class AudiencePolicy
{
    private readonly FrozenDictionary<string, int> _places;

    /// <param name="audiences">Each behind those that it asks for.</param>
    /// <param name="version">Names the whole file.</param>
    public AudiencePolicy(
        ImmutableArray<AudienceDefinition> audiences,
        ImmutableArray<ComputedTrait> traits,
        ImmutableArray<Placement> placements,
        string version
    )
    {
        (Audiences, Placements, Version) = (audiences, placements, version);
        Traits = traits.ToFrozenDictionary(trait => trait.Name, StringComparer.Ordinal);
        _places = audiences
            .Select((one, index) => (one, index))
            .ToFrozenDictionary(pair => pair.one.Name, pair => pair.index, StringComparer.Ordinal);
        Selection = new EventSelection(
            audiences
                .SelectMany(audience => ConditionParts.SelectorsOf(audience.If))
                .Concat(traits.Select(trait => trait.Value.Selector))
        );
        Index = new AudienceIndex(this);
        AsksOthers = audiences.Any(one => one.If.Facts.Any(fact => AudienceCatalog.Told.Any(told => told.Key == fact)));
    }

    /// <summary>In the order in which they are decided.</summary>
    public ImmutableArray<AudienceDefinition> Audiences { get; }

    public FrozenDictionary<string, ComputedTrait> Traits { get; }

    public ImmutableArray<Placement> Placements { get; }

    /// <summary>Changes with every change that could make somebody a member or not.</summary>
    public string Version { get; }

    /// <summary>The events that are counted.</summary>
    public EventSelection Selection { get; }

    /// <summary>Which audiences a message may change.</summary>
    public AudienceIndex Index { get; }

    /// <summary>Some audience asks for the lead or the account, which the customer has to be told of.</summary>
    public bool AsksOthers { get; }

    /// <summary>There is nothing to decide, so a message costs nothing.</summary>
    public bool IsEmpty => Audiences.IsEmpty && Traits.Count == 0;

    public AudienceDefinition? Find(string name) => _places.TryGetValue(name, out int place) ? Audiences[place] : null;

    public Placement? FindPlacement(string name) => Placements.FirstOrDefault(one => one.Name == name);

    internal int PlaceOf(string name) => _places.GetValueOrDefault(name, -1);
}
