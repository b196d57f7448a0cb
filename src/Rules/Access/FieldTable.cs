using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Access;

/// <summary>What is a field's, and why a caller sees so much of it.</summary>
/// <param name="IsMixed">The policy may say something else of what is inside it.</param>
/// <param name="Because"><c>class personal</c>, <c>field</c>, <c>unclassified</c>, <c>consent</c> or <c>restricted</c>.</param>
internal sealed record FieldEntry(FieldSight Sight, bool IsMixed, string Because)
{
    /// <summary>The policy names it, by itself or by a pattern.</summary>
    public bool IsKnown => Because != FieldLayer.Unclassified.Because;
}

/// <summary>
/// What a caller sees of each field for a purpose: the policy made ready to be asked. One object for each combination of roles,
/// purpose, regions and consent, so holders compare references. Any number of threads may ask it.
/// </summary>
public sealed class FieldTable
{
    /// <summary>Fields that are remembered. Senders make names, so there may be any number of them; the others are looked up again.</summary>
    private const int RememberedMax = 4_096;

    private readonly ConcurrentDictionary<string, FieldEntry> _remembered = new(StringComparer.Ordinal);
    private readonly ImmutableArray<FieldLayer> _layers;
    private readonly string _because;
    private readonly bool _isMasked;

    /// <param name="layers">The policy, and what regions make stricter. None: nothing is shown.</param>
    /// <param name="because">Without layers: why nothing is shown, consent that is missing or <c>restricted</c>.</param>
    /// <param name="isMasked">Consent does not hold, and its policy lets masks be seen: that there is a value, and nothing of it.</param>
    internal FieldTable(
        ImmutableArray<FieldLayer> layers,
        FieldSets sees,
        string? purpose,
        MaskKey key,
        AccessFaults faults,
        string because = FieldLayer.Consent,
        bool isMasked = false
    )
    {
        _layers = layers;
        _because = because;
        _isMasked = isMasked;
        Sees = sees;
        Purpose = purpose;
        Key = key;
        Faults = faults;
    }

    /// <summary>The parts that are shown.</summary>
    public FieldSets Sees { get; }

    /// <summary>What the data is for; null: the caller did not say, and need not.</summary>
    public string? Purpose { get; }

    internal MaskKey Key { get; }

    internal AccessFaults Faults { get; }

    /// <summary>What is seen of a field: a trait by its name, what is inside of one as <c>address.city</c>.</summary>
    public FieldSight Of(string path) => Find(path).Sight;

    /// <summary>What is seen of identifiers of a type, in whatever region.</summary>
    public FieldSight OfType(string type) => Find(RegionalType.Base(type)).Sight;

    /// <summary>An identifier as the caller sees it, perhaps a mask of it; null: not at all.</summary>
    public Identifier? Show(Identifier identifier)
    {
        try
        {
            FieldSight sight = OfType(identifier.Type);
            return sight.Visibility switch
            {
                Visibility.Allow => identifier,
                Visibility.Mask => Identifier.Create(
                    identifier.Type,
                    ValueMask.Of(RegionalType.Base(identifier.Type), identifier.Value, sight.Mask, Key)
                ),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // As in VisibleJson: what could not be decided is not shown.
            Faults.Add();
            return null;
        }
    }

    /// <summary>
    /// The value of a field as the caller sees it, UTF-8 JSON; null: not at all. What can't be decided is not shown, and counted.
    /// </summary>
    /// <param name="scope">Where the field stands.</param>
    public ReadOnlyMemory<byte>? Show(string field, ReadOnlyMemory<byte> json, FieldScope scope = FieldScope.Person)
    {
        FieldEntry entry = VisibleJson.EntryOf(this, field, scope);
        bool isOfOneKind = !entry.IsMixed && scope.IsByOneName();
        if (isOfOneKind && entry.Sight.IsShown)
        {
            return json;
        }

        // Nothing is returned by itself: in one expression with a memory it would be an empty memory.
        byte[]? shown = isOfOneKind && entry.Sight.IsWithheld ? null : VisibleJson.Of(this, field, json, scope);
        if (shown is null)
        {
            return null;
        }

        return shown;
    }

    /// <summary>An object whose members are fields, as the caller sees it.</summary>
    public byte[] ShowMembers(JsonElement parent, FieldScope scope) => VisibleJson.Members(this, parent, scope);

    internal FieldEntry Find(string path)
    {
        if (_remembered.TryGetValue(path, out FieldEntry? entry))
        {
            return entry;
        }

        entry = Decide(path);
        if (_remembered.Count < RememberedMax)
        {
            _remembered.TryAdd(path, entry);
        }

        return entry;
    }

    /// <summary>What the policy keeps from the caller, as <c>access</c> of a verbose profile has it: UTF-8 JSON.</summary>
    public byte[] Listing()
    {
        var buffer = new Utf8Buffer(1024);
        try
        {
            WriteListing(ref buffer);
            return buffer.ToArray();
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>
    /// Writes <c>{"purpose","withheld":[{"field"|"part","because"}],"masked":[{"field","mask","because"}]}</c>: what the policy
    /// keeps from the caller. It speaks of no person, so it tells nothing of what this one has.
    /// </summary>
    internal void WriteListing(ref Utf8Buffer buffer)
    {
        buffer.Raw("{"u8);
        if (Purpose is not null)
        {
            buffer.Raw("\"purpose\":"u8);
            buffer.Text(Purpose);
            buffer.Raw(","u8);
        }

        (string Field, FieldEntry Entry)[] fields =
        [
            .. _layers
                .SelectMany(layer => layer.Patterns)
                .Distinct()
                .Select(pattern => (Field: pattern.ToString(), Entry: Decide(Representative(pattern))))
                .OrderBy(one => one.Field, StringComparer.Ordinal)
                .Append(("*", _layers.IsEmpty ? Decide("*") : FieldLayer.Unclassified)),
        ];
        buffer.Raw("\"withheld\":["u8);
        foreach ((string field, FieldEntry entry) in fields.Where(one => one.Entry.Sight.IsWithheld))
        {
            WriteOne(ref buffer, "{\"field\":"u8, field, mask: null, entry.Because);
        }

        foreach (string part in FieldSetNames.Of(FieldSets.All & ~Sees))
        {
            string reason =
                _layers.IsEmpty ? _because
                : _isMasked ? FieldLayer.Consent
                : "not granted";
            WriteOne(ref buffer, "{\"part\":"u8, part, mask: null, reason);
        }

        buffer.DropComma();
        buffer.Raw("],\"masked\":["u8);
        foreach ((string field, FieldEntry entry) in fields.Where(one => one.Entry.Sight.Visibility == Visibility.Mask))
        {
            WriteOne(ref buffer, "{\"field\":"u8, field, FieldMasks.Text(entry.Sight.Mask), entry.Because);
        }

        buffer.DropComma();
        buffer.Raw("]}"u8);
    }

    private static void WriteOne(
        ref Utf8Buffer buffer,
        ReadOnlySpan<byte> opening,
        string name,
        string? mask,
        string because
    )
    {
        buffer.Raw(opening);
        buffer.Text(name);
        if (mask is not null)
        {
            buffer.Raw(",\"mask\":"u8);
            buffer.Text(mask);
        }

        buffer.Raw(",\"because\":"u8);
        buffer.Text(because);
        buffer.Raw("},"u8);
    }

    /// <summary>A field that this pattern covers and no longer one does.</summary>
    private static string Representative(FieldPattern pattern) =>
        pattern.IsPrefix ? pattern.Literal + FieldLayer.Unnamed : pattern.Literal;

    private FieldEntry Decide(string path)
    {
        FieldEntry? decided = null;
        foreach (FieldLayer layer in _layers)
        {
            FieldEntry one = layer.Decide(path);
            if (decided is null)
            {
                decided = one;
                continue;
            }

            var stricter = FieldSight.Stricter(decided.Sight, one.Sight);
            decided = new FieldEntry(
                stricter,
                decided.IsMixed || one.IsMixed,
                stricter == decided.Sight ? decided.Because : one.Because
            );
        }

        if (_isMasked && decided is { Sight.IsWithheld: false })
        {
            return decided with
            {
                Sight = FieldSight.Stricter(decided.Sight, FieldSight.Masked(FieldMask.Full)),
                Because = FieldLayer.Consent,
            };
        }

        return decided ?? new FieldEntry(FieldSight.Withheld, IsMixed: false, _because);
    }
}

/// <summary>What one version of the policy says to a set of roles for a purpose.</summary>
internal sealed class FieldLayer
{
    internal const string Consent = "consent";
    internal const string Restricted = "restricted";

    /// <summary>A name that no pattern has.</summary>
    internal const char Unnamed = '\u007f';

    private readonly AccessPolicy _policy;
    private readonly ImmutableSortedDictionary<FieldName, FieldSight> _rules;

    public FieldLayer(AccessPolicy policy, ImmutableArray<AccessGrant> grants)
    {
        _policy = policy;
        var rules = ImmutableSortedDictionary.CreateBuilder<FieldName, FieldSight>();
        foreach ((FieldName name, FieldSight sight) in grants.SelectMany(grant => grant.Read))
        {
            // Of rules about the same, whichever role has them, the one that shows less counts.
            rules[name] = rules.TryGetValue(name, out FieldSight other) ? FieldSight.Stricter(other, sight) : sight;
        }

        _rules = rules.ToImmutable();
        Sees = grants.Aggregate(FieldSets.None, (sets, grant) => sets | grant.Sees);
        NeedsConsent = grants.Any(grant => grant.NeedsConsent);
        Patterns =
        [
            .. policy
                .Classes.Keys.Union(_rules.Keys.Where(name => name.IsPattern).Select(name => name.Pattern))
                .Order(),
        ];
    }

    public static FieldEntry Unclassified { get; } = new(FieldSight.Withheld, IsMixed: false, "unclassified");

    /// <summary>The parts that are shown.</summary>
    public FieldSets Sees { get; }

    public bool NeedsConsent { get; }

    /// <summary>All that tells fields apart.</summary>
    public ImmutableArray<FieldPattern> Patterns { get; }

    /// <summary>A rule about the field itself beats the one about its class; what no rule allows is withheld.</summary>
    public FieldEntry Decide(string path)
    {
        bool isMixed = false;
        foreach (FieldPattern pattern in Patterns)
        {
            isMixed |= pattern.IsInside(path);
        }

        foreach ((FieldName name, FieldSight sight) in _rules)
        {
            // Patterns come first, those that say more before the others.
            if (name.IsPattern && name.Pattern.Covers(path))
            {
                return new FieldEntry(sight, isMixed, "field");
            }
        }

        FieldClass ofField = _policy.ClassOf(path);
        return ofField == FieldClass.Unclassified
            ? Unclassified with
            {
                IsMixed = isMixed,
            }
            : new FieldEntry(
                _rules.GetValueOrDefault(new FieldName(ofField, default)),
                isMixed,
                $"class {FieldClasses.Text(ofField)}"
            );
    }
}
