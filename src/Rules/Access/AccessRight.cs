using System.Collections.Concurrent;
using System.Collections.Immutable;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Access;

/// <summary>
/// What callers of one kind see for a purpose. Of a person it may be less than this says: regions can be stricter, and where the
/// purpose needs a consent that does not hold, the consent policy says whether fields are masked or not seen at all.
/// </summary>
public sealed class AccessRight
{
    private readonly ConcurrentDictionary<int, VisibleFields> _byRegions = new();
    private readonly ConcurrentDictionary<int, VisibleFields> _maskedByRegions = new();
    private readonly IPolicy<ConsentPolicy>? _consent;
    private readonly ImmutableArray<string> _regions;
    private readonly Func<int, VisibleFields> _inRegions;
    private readonly Func<int, VisibleFields> _maskedInRegions;
    private readonly VisibleFields _withoutConsent;

    /// <summary>Sees the same of everybody.</summary>
    internal AccessRight(VisibleFields fields)
    {
        Fields = fields;
        _regions = [];
        _inRegions = _ => fields;
        _maskedInRegions = _inRegions;
    }

    /// <summary>Sees the same of everybody who has consented.</summary>
    /// <remarks>No policy says how its fields are masked: where consent asks for masks, nothing is seen.</remarks>
    internal AccessRight(
        VisibleFields fields,
        string? purpose,
        VisibleFields withoutConsent,
        IPolicy<ConsentPolicy> consent
    )
        : this(fields)
    {
        Purpose = purpose;
        NeedsConsent = true;
        _consent = consent;
        _withoutConsent = withoutConsent;
        _maskedInRegions = _ => withoutConsent;
    }

    internal AccessRight(
        AccessPolicy policy,
        ImmutableSortedDictionary<string, AccessPolicy> regional,
        RoleSet roles,
        string purpose,
        VisibleFields withoutConsent,
        IPolicy<ConsentPolicy> consent,
        MaskKey key,
        AccessFaults faults
    )
    {
        FieldLayer everywhere = LayerOf(policy, roles, purpose);
        _regions = [.. regional.Keys];
        FieldLayer[] layers = [.. regional.Values.Select(own => LayerOf(own, roles, purpose))];
        Purpose = purpose;
        NeedsConsent =
            policy.Purposes[purpose]
            || everywhere.NeedsConsent
            // Of whom it is not known in which region's way they are to be treated, the strictest counts.
            || layers.Any(layer => layer.NeedsConsent)
            || regional.Values.Any(own => own.Purposes.GetValueOrDefault(purpose));
        _consent = consent;
        _withoutConsent = withoutConsent;
        _inRegions = regions =>
        {
            FieldLayer[] counting = Counting(regions);
            FieldSets sees = counting.Aggregate(FieldSets.All, (sets, layer) => sets & layer.Sees);
            var table = new FieldTable([.. counting], sees, purpose, key, faults);
            return new VisibleFields(FieldSets.Identifiers | FieldSets.Traits | sees, FieldSets.None, table);
        };
        _maskedInRegions = regions =>
        {
            // The other parts (events, decisions, …) have no masks.
            var table = new FieldTable([.. Counting(regions)], FieldSets.None, purpose, key, faults, isMasked: true);
            return new VisibleFields(FieldSets.Identifiers | FieldSets.Traits, FieldSets.None, table);
        };
        FieldLayer[] Counting(int regions) =>
            [everywhere, .. layers.Where((_, index) => (regions & (1 << index)) != 0)];
        Fields = _inRegions(0);
        _byRegions[0] = Fields;
    }

    /// <summary>What is seen at most.</summary>
    public VisibleFields Fields { get; }

    /// <summary>What the data is for; null: the caller did not say, and need not.</summary>
    public string? Purpose { get; }

    /// <summary>What is seen of a person depends on what the consent policy makes of the person's word about the purpose.</summary>
    public bool NeedsConsent { get; }

    /// <summary>
    /// Also those are seen whose data is kept and not used: by who takes the requests of persons, for the purpose of that.
    /// </summary>
    public bool SeesRestricted => WhereRestricted is null;

    /// <summary>What is seen does not depend on whose it is, apart from <see cref="SeesRestricted"/>.</summary>
    public bool IsSameForEverybody => !NeedsConsent && _regions.IsEmpty;

    internal string? DefaultRegion { get; init; }

    /// <summary>What is seen of whoever is restricted; null: the same as of others.</summary>
    internal VisibleFields? WhereRestricted { get; init; }

    /// <summary>What is seen of a person. It makes no new object when somebody alike was asked for before.</summary>
    /// <param name="now">A grant may have ended by then.</param>
    public VisibleFields Of(ProfileView person, DateTimeOffset now) =>
        person.Consent.IsRestricted && WhereRestricted is { } nothing ? nothing
        : IsSameForEverybody ? Fields
        : !NeedsConsent ? _byRegions.GetOrAdd(RegionsOf(person), _inRegions)
        : Consented(person, now) switch
        {
            ConsentRead.Allow => _byRegions.GetOrAdd(RegionsOf(person), _inRegions),
            ConsentRead.Mask => _maskedByRegions.GetOrAdd(RegionsOf(person), _maskedInRegions),
            _ => _withoutConsent,
        };

    /// <summary>
    /// The caller may ask for somebody by such an identifier. To whom it is not shown, an answer would tell that somebody has it.
    /// </summary>
    public bool MayLookUp(Identifier identifier) =>
        Fields.Table is null
            ? Fields.Show(FieldSets.Identifiers)
            : InRegionOf(identifier).Table!.OfType(identifier.Type).IsShown;

    /// <summary>
    /// An identifier of somebody of whom nothing else is known here, as the caller sees it; null: not at all. Where consent is
    /// needed, nobody can say that it was given.
    /// </summary>
    public Identifier? Show(Identifier identifier)
    {
        if (NeedsConsent)
        {
            return null;
        }

        VisibleFields fields = InRegionOf(identifier);
        return fields.Table is { } table ? table.Show(identifier)
            : fields.Show(FieldSets.Identifiers) ? identifier
            : null;
    }

    /// <summary>What is seen at most, whatever the person says, of somebody with these identifiers: their regions can be stricter.</summary>
    public VisibleFields AtMost(IEnumerable<Identifier> identifiers) =>
        _regions.IsEmpty
            ? Fields
            : _byRegions.GetOrAdd(
                identifiers.Aggregate(RegionOf(DefaultRegion), (regions, one) => regions | RegionOf(one)),
                _inRegions
            );

    private ConsentRead Consented(ProfileView person, DateTimeOffset now)
    {
        ConsentPolicy policy = _consent!.Current;
        string? region = StrictestRegionOf(person, policy.Find(Purpose!));
        return ConsentCheck.MayRead(Purpose!, person.Consent, region, policy, now).Shows;
    }

    /// <summary>Of the person's regions the one that allows least for the purpose; null where none is known.</summary>
    private string? StrictestRegionOf(ProfileView person, ConsentPurpose? purpose)
    {
        string? strictest = DefaultRegion;
        if (purpose is null || purpose.Regions.IsEmpty)
        {
            return strictest;
        }

        foreach (ProfileIdentifier one in person.Identifiers)
        {
            string type = one.Identifier.Type;
            int mark = type.IndexOf('@', StringComparison.Ordinal);
            if (mark >= 0)
            {
                string region = type[(mark + 1)..];
                strictest =
                    strictest is null || purpose.ChoiceIn(region) < purpose.ChoiceIn(strictest) ? region : strictest;
            }
        }

        return strictest;
    }

    private VisibleFields InRegionOf(Identifier identifier) =>
        _regions.IsEmpty ? Fields : _byRegions.GetOrAdd(RegionOf(identifier) | RegionOf(DefaultRegion), _inRegions);

    private static FieldLayer LayerOf(AccessPolicy policy, RoleSet roles, string purpose) =>
        new(
            policy,
            [
                .. roles
                    .Names.Select(name => policy.Roles.GetValueOrDefault(name))
                    .OfType<AccessRole>()
                    .Where(role => role.Purposes.ContainsKey(purpose))
                    .SelectMany(role => (AccessGrant[])[role.Grant, role.Purposes[purpose]]),
            ]
        );

    /// <summary>Everybody is in the default region, too: an identifier without a region may be of a person who is in another one.</summary>
    private int RegionsOf(ProfileView person)
    {
        int regions = RegionOf(DefaultRegion);
        if (_regions.IsEmpty)
        {
            return regions;
        }

        foreach (ProfileIdentifier one in person.Identifiers)
        {
            regions |= RegionOf(one.Identifier);
        }

        return regions;
    }

    private int RegionOf(Identifier identifier)
    {
        ReadOnlySpan<char> type = identifier.Type;
        int mark = type.IndexOf('@');
        return mark < 0 ? 0 : RegionOf(type[(mark + 1)..]);
    }

    private int RegionOf(ReadOnlySpan<char> region)
    {
        for (int index = 0; index < _regions.Length; index++)
        {
            if (region.SequenceEqual(_regions[index]))
            {
                return 1 << index;
            }
        }

        return 0;
    }
}
