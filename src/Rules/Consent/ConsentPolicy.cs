using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace Customer360.Rules.Consent;

/// <summary>A trait whose value says yes or no to a purpose: an opt-out box of a CRM.</summary>
/// <param name="Trait">Its name, or with <c>*</c> at the end the beginning of many names, those that have no line of their own.</param>
/// <param name="Denies">Values that deny, as JSON has them without quotes: <c>true</c>, <c>OptOut</c>.</param>
/// <param name="Grants">Values that grant. An empty box is no grant, so it is not among them unless somebody says so.</param>
public sealed record ConsentTrait(
    string Trait,
    string Purpose,
    ImmutableArray<string> Denies,
    ImmutableArray<string> Grants
)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(Trait.TrimEnd(Many));

    /// <summary>At the end of a name: whatever follows.</summary>
    public const char Many = '*';

    /// <summary>It stands for many names.</summary>
    internal bool IsOfMany => Trait.EndsWith(Many);

    internal bool IsOf(ReadOnlySpan<byte> name) => IsOfMany ? name.StartsWith(_name) : name.SequenceEqual(_name);
}

/// <summary>Where in a message a form stands.</summary>
/// <param name="Path">Member by member: <c>context.consent</c>.</param>
public sealed record ConsentPlace(string Form, string Path)
{
    internal ImmutableArray<byte[]> Members { get; } = [.. Path.Split('.').Select(Encoding.UTF8.GetBytes)];
}

/// <summary>What an id of a form is about. No purposes: it says nothing.</summary>
public sealed record ConsentMapping(string Form, string Id, ImmutableArray<string> Purposes);

/// <summary>What consent is asked for, how it is read, and what it is needed for. Immutable.</summary>
public sealed class ConsentPolicy
{
    /// <summary>In the place of a source or a form: all that are not named.</summary>
    public const string Any = "*";

    private readonly FrozenDictionary<string, ConsentPurpose> _purposes;
    private readonly FrozenDictionary<(string Form, string Id), ImmutableArray<string>> _wire;
    private readonly FrozenDictionary<string, ImmutableArray<ConsentPlace>> _places;

    /// <param name="purposes">Each name once.</param>
    /// <param name="wire">Each form and id once.</param>
    /// <param name="places">Source → where its forms stand; <see cref="Any"/>: every source's.</param>
    public ConsentPolicy(
        IEnumerable<ConsentPurpose> purposes,
        IEnumerable<ConsentMapping> wire,
        IReadOnlyDictionary<string, ImmutableArray<ConsentPlace>> places
    )
    {
        Purposes = [.. purposes.OrderBy(one => one.Name, StringComparer.Ordinal)];
        Wire = [.. wire.OrderBy(one => one.Form, StringComparer.Ordinal).ThenBy(one => one.Id, StringComparer.Ordinal)];
        Places = places.ToImmutableSortedDictionary(StringComparer.Ordinal);
        _purposes = Purposes.ToFrozenDictionary(one => one.Name, StringComparer.Ordinal);
        _wire = Wire.ToFrozenDictionary(one => (one.Form, one.Id), one => one.Purposes);
        ImmutableArray<ConsentPlace> everywhere = Places.GetValueOrDefault(Any, []);
        _places = Places.ToFrozenDictionary(
            one => one.Key,
            one => one.Key == Any ? everywhere : [.. everywhere, .. one.Value],
            StringComparer.Ordinal
        );
        AskedIds = [.. Wire.Select(one => one.Id).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>By name (ordinal).</summary>
    public ImmutableArray<ConsentPurpose> Purposes { get; }

    /// <summary>By form, then id (ordinal).</summary>
    public ImmutableArray<ConsentMapping> Wire { get; }

    public ImmutableSortedDictionary<string, ImmutableArray<ConsentPlace>> Places { get; }

    /// <summary>By trait (ordinal).</summary>
    public ImmutableArray<ConsentTrait> Traits
    {
        get;
        init
        {
            field = value;
            NearestFirst = [.. value.OrderBy(one => one.IsOfMany).ThenByDescending(one => one.Trait.Length)];
        }
    } = [];

    /// <summary>The same in the order in which a name is looked for: the first that it matches counts.</summary>
    internal ImmutableArray<ConsentTrait> NearestFirst { get; private init; } = [];

    /// <summary>Paths that a message is stored without where a purpose says so.</summary>
    public ImmutableArray<string> Personal { get; init; } = [];

    /// <summary>Types of identifiers that stand for a device.</summary>
    public ImmutableArray<string> Devices { get; init; } = [];

    /// <summary>Categories of a consent platform that the SDKs' wrapper is told, beside those of <see cref="Wire"/>.</summary>
    public ImmutableArray<string> SdkCategories { get; init; } = [];

    /// <summary>Categories that all must be granted before a browser sends anything; empty: it always sends.</summary>
    public ImmutableArray<string> SdkNeeds { get; init; } = [];

    /// <summary>Ids that a form is asked about: a consent string says nothing of what it leaves out.</summary>
    internal ImmutableArray<string> AskedIds { get; }

    /// <summary>The purpose, or null where nobody has heard of it.</summary>
    public ConsentPurpose? Find(string name) => _purposes.GetValueOrDefault(name);

    /// <summary>True where a yes to the purpose counts that came by this form.</summary>
    public bool MayGrant(string purpose, string form) =>
        Find(purpose)!.Evidence is var evidence
        && (evidence.IsEmpty || evidence.Contains(form, StringComparer.Ordinal));

    /// <summary>
    /// What an id of a form is about. What nobody has mapped is about the purpose of that name, if there is one.
    /// </summary>
    public ImmutableArray<string> PurposesOf(string form, string id) =>
        _wire.TryGetValue((form, id), out ImmutableArray<string> purposes) ? purposes
        : _wire.TryGetValue((Any, id), out purposes) ? purposes
        : _purposes.ContainsKey(id) ? [id]
        : [];

    /// <summary>Where the forms of a source stand.</summary>
    public ImmutableArray<ConsentPlace> PlacesOf(string source) =>
        _places.TryGetValue(source, out ImmutableArray<ConsentPlace> places) ? places
        : _places.TryGetValue(Any, out places) ? places
        : [];
}
