using System.Collections.Frozen;
using System.Collections.Immutable;
using Customer360.Rules.Conditions;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Attribution;

/// <summary>Whose touches count.</summary>
public enum AttributionScope
{
    /// <summary>Those of the person who converted; of a deal those of its contacts.</summary>
    Person = 1,

    /// <summary>Of a deal also those of all members of the account.</summary>
    Account = 2,
}

/// <summary>What becomes of direct touches.</summary>
public enum DirectTouches
{
    /// <summary>They count as any other.</summary>
    Keep = 1,

    /// <summary>They get nothing where there is another touch; what they would have had goes to those.</summary>
    DropUnlessAll = 2,

    /// <summary>Those behind the last other touch get nothing.</summary>
    DropTrailing = 3,
}

/// <summary>A channel of one's own: it is asked before the built-in table.</summary>
public sealed record ChannelRule(string Channel, Condition If);

/// <summary>What counts as a conversion.</summary>
/// <param name="Name">1 to 63 lower-case letters, digits and hyphens. Never used again for another one.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="LookBack">A touch counts that is not older, at the time of the conversion.</param>
public sealed record ConversionDefinition(string Name, PolicyOwner Owner, TimeSpan LookBack, AttributionScope Scope)
{
    /// <summary>It comes from deals of CRMs: a won one is a conversion. Else from events.</summary>
    public bool IsOfDeals { get; init; }

    /// <summary>The event that is the conversion: <c>Order Completed</c>; null of deals.</summary>
    public string? Event { get; init; }

    /// <summary>The event that says it anew, with another amount; null: none does.</summary>
    public string? Updated { get; init; }

    /// <summary>The event that gives money back; null: none does. Of deals, too.</summary>
    public string? Refunded { get; init; }

    /// <summary>The event that takes it back; null: none does.</summary>
    public string? Cancelled { get; init; }

    /// <summary>The property with the order's id, or of a refund of a deal the deal's.</summary>
    public string IdProperty { get; init; } = "order_id";

    public string AmountProperty { get; init; } = "total";

    public string CurrencyProperty { get; init; } = "currency";

    /// <summary>What is meant where nobody says a currency (ISO 4217); null: then the amount is not known.</summary>
    public string? Currency { get; init; }

    /// <summary>Only what these sources say; empty: any.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];
}

/// <summary><c>attribution.yaml</c>, read. Immutable.</summary>
public sealed class AttributionPolicy
{
    /// <summary>Touches of a journey that are kept: the first one, and the last of the others.</summary>
    public const int TouchesMax = 500;

    private readonly FrozenDictionary<string, ImmutableArray<ConversionDefinition>> _byEvent;

    public AttributionPolicy(ImmutableArray<ConversionDefinition> conversions, string version)
    {
        (Conversions, Version) = (conversions, version);
        _byEvent = conversions
            .SelectMany(one =>
                new[] { one.Event, one.Updated, one.Refunded, one.Cancelled }
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal)
                    .Select(name => (Event: name, Definition: one))
            )
            .GroupBy(one => one.Event, StringComparer.Ordinal)
            .ToFrozenDictionary(
                group => group.Key,
                group => group.Select(one => one.Definition).ToImmutableArray(),
                StringComparer.Ordinal
            );
        HasDeals = conversions.Any(one => one.IsOfDeals);
        HasAccounts = conversions.Any(one => one.Scope == AttributionScope.Account);
    }

    /// <summary>In the file's order.</summary>
    public ImmutableArray<ConversionDefinition> Conversions { get; }

    /// <summary>Changes with every change that could move credit.</summary>
    public string Version { get; }

    public bool HasDeals { get; }

    /// <summary>Touches of all members of a company count for its deals.</summary>
    public bool HasAccounts { get; }

    /// <summary>There is nothing to credit, so a message costs nothing.</summary>
    public bool IsEmpty => Conversions.IsEmpty;

    /// <summary>What a person must have consented to before her touches get credit.</summary>
    public string Purpose { get; init; } = "analytics";

    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    public DirectTouches Direct { get; init; } = DirectTouches.Keep;

    public ImmutableArray<ChannelRule> Channels { get; init; } = [];

    public JourneyModels Models { get; init; } = JourneyModels.Usual;

    public Referrers Referrers { get; init; } = new([], []);

    /// <summary>One's own hosts, as the file names them.</summary>
    public ImmutableArray<string> OwnHosts { get; init; } = [];

    /// <summary>Hosts that a visit goes through, as the file names them.</summary>
    public ImmutableArray<string> ContinuingHosts { get; init; } = [];

    /// <summary>Other names of sources, in lower case.</summary>
    public ImmutableDictionary<string, string> Aliases { get; init; } = ImmutableDictionary<string, string>.Empty;

    public CurrencyRates Rates { get; init; } = CurrencyRates.None;

    /// <summary>What was paid for channels. It moves no credit, so it is no part of <see cref="Version"/>.</summary>
    public ImmutableArray<ChannelCost> Costs { get; init; } = [];

    /// <summary>Reads visits by it.</summary>
    public VisitReader Visits =>
        field ??= new VisitReader(Referrers, Aliases, _byEvent.Keys.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Reads by the same where forms were sent, conversions with them.</summary>
    public VisitReader Forms => field ??= new VisitReader(Referrers, Aliases, FrozenSet<string>.Empty);

    public ConversionDefinition? Find(string name) => Conversions.FirstOrDefault(one => one.Name == name);

    /// <summary>Those that an event says something of; deals are not among them.</summary>
    public ImmutableArray<ConversionDefinition> OfEvent(string name) => _byEvent.GetValueOrDefault(name, []);

    public string ChannelOf(TrafficSource source)
    {
        if (!Channels.IsEmpty)
        {
            FactSet facts = ChannelFacts.Of(source);
            foreach (ChannelRule rule in Channels)
            {
                if (rule.If.Evaluate(facts, DateTimeOffset.UnixEpoch) == Truth.True)
                {
                    return rule.Channel;
                }
            }
        }

        return ChannelGroups.Of(source);
    }
}
