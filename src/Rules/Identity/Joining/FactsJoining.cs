using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>Customers by their facts: as the live grid knows them.</summary>
internal sealed class FactsJoining : IJoining
{
    private readonly ImmutableArray<CustomerFacts> _customers;
    private readonly ImmutableArray<OwnedIdentifier> _carried;
    private readonly IdentityRules _rules;
    private readonly HashSet<Identifier> _together = [];
    private readonly List<Identifier> _added = [];
    private readonly Separation[] _separations;

    /// <param name="added">What they would hold in addition; what one of them holds already counts as held.</param>
    public FactsJoining(
        ImmutableArray<CustomerFacts> customers,
        ImmutableArray<OwnedIdentifier> carried,
        IEnumerable<Identifier> added,
        IdentityRules rules
    )
    {
        _customers = customers;
        _carried = carried;
        _rules = rules;
        foreach (CustomerFacts customer in customers)
        {
            _together.UnionWith(customer.Held.Select(held => held.Identifier));
        }

        foreach (Identifier identifier in added)
        {
            if (_together.Add(identifier))
            {
                _added.Add(identifier);
            }
        }

        // Hardly any customer has one.
        _separations = customers.All(customer => customer.Separations.IsEmpty)
            ? []
            :
            [
                .. customers
                    .SelectMany(customer => customer.Separations)
                    .DistinctBy(separation => separation.Id)
                    .OrderBy(separation => separation.Id, StringComparer.Ordinal),
            ];
        Separations = [.. Enumerable.Range(0, _separations.Length)];
    }

    public int Customers => _customers.Length;

    public int Carried => _carried.Length;

    public int Together => _together.Count;

    public IReadOnlyList<int> Separations { get; }

    public IReadOnlyCollection<string>? Regions
    {
        get
        {
            var regions = new SortedSet<string>(StringComparer.Ordinal);
            foreach (Identifier identifier in _together)
            {
                if (_rules.RegionOf(identifier) is not { } region)
                {
                    return null;
                }

                regions.Add(region);
            }

            return regions;
        }
    }

    public MergeTie TieAt(int place)
    {
        OwnedIdentifier one = _carried[place];
        IdentifierRule? rule = _rules.Find(one.Identifier.Type);
        HeldIdentifier held = one.Owner?.Held.FirstOrDefault(of => of.Identifier == one.Identifier) ?? default;
        return new MergeTie(NumberOf(one.Owner), rule, IsListed: held.Identifier == one.Identifier)
        {
            IsClaimed = one.IsClaimed || (rule is { Kind: IdentifierKind.Device } && held.IsLinkClaimed),
        };
    }

    public MergeSide SideOf(int customer)
    {
        var side = default(MergeSide);
        foreach (HeldIdentifier held in _customers[customer].Held)
        {
            if (_rules.Find(held.Identifier.Type) is { } rule)
            {
                side = side.With(rule, _rules.Identifiers.IndexOf(rule)) with
                {
                    IsKnown = side.IsKnown || MergeSide.IsKnownBy(rule, held.IsClaimed),
                };
            }
        }

        return side;
    }

    public int CountOf(int customer) => _customers[customer].Held.Length;

    public int CountOf(int customer, int type, DateTimeOffset since)
    {
        int count = 0;
        foreach (HeldIdentifier held in _customers[customer].Held)
        {
            count += IsOf(held.Identifier, type) && held.LinkedAt >= since ? 1 : 0;
        }

        return count;
    }

    public int TogetherOf(int type, DateTimeOffset since)
    {
        // A set: facts that were read at two moments may name an identifier twice.
        var union = new HashSet<Identifier>();
        foreach (CustomerFacts customer in _customers)
        {
            foreach (HeldIdentifier held in customer.Held)
            {
                if (IsOf(held.Identifier, type) && held.LinkedAt >= since)
                {
                    union.Add(held.Identifier);
                }
            }
        }

        return union.Count + _added.Count(identifier => IsOf(identifier, type));
    }

    public bool IsOversized(int customer) => _customers[customer].IsOversized;

    public int IdentifiersMaxOf(int customer) => _customers[customer].IdentifiersMax;

    public bool IsThere(int separation, SeparationSide side) => SideOf(separation, side).Any(_together.Contains);

    public bool IsOn(int separation, SeparationSide side, int place)
    {
        OwnedIdentifier one = _carried[place];
        ImmutableArray<Identifier> identifiers = SideOf(separation, side);
        return identifiers.Contains(one.Identifier)
            || (one.Owner is { } owner && owner.Held.Any(held => identifiers.Contains(held.Identifier)));
    }

    /// <summary>What a decision records of an objection.</summary>
    public string Because(JoinFinding found) =>
        found.Obstacle switch
        {
            JoinObstacle.Separation => _separations[found.Number].Id,
            JoinObstacle.Region => RegionScope.Because(Regions!),
            JoinObstacle.Limit => _rules.Identifiers[found.Number].Type,
            JoinObstacle.Size => ProfileSize.TooLarge,
            _ => MergeProof.Because(found.Obstacle),
        };

    private ImmutableArray<Identifier> SideOf(int separation, SeparationSide side) =>
        side == SeparationSide.One ? _separations[separation].One : _separations[separation].Other;

    private bool IsOf(Identifier identifier, int type) =>
        RegionalType.Is(identifier.Type, _rules.Identifiers[type].Type);

    private int NumberOf(CustomerFacts? owner)
    {
        for (int number = 0; owner is not null && number < _customers.Length; number++)
        {
            if (_customers[number].CustomerId == owner.CustomerId)
            {
                return number;
            }
        }

        return -1;
    }
}
