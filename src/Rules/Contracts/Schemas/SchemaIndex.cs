using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>A place in a document that is, or may be, a schema.</summary>
/// <param name="Document">Its number in the index.</param>
/// <param name="Pointer">From the document's root, escaped.</param>
/// <param name="Base">What its references are relative to.</param>
internal sealed record SchemaPlace(
    int Document,
    string Pointer,
    JsonElement Element,
    string Base,
    SchemaDialect Dialect,
    SchemaResource Resource
);

/// <summary>
/// Knows every schema of a document by its place, its identifier and its anchors, and follows references from one to the other.
/// Other documents are those that were registered: nothing is ever fetched.
/// </summary>
internal sealed class SchemaIndex(IReadOnlyDictionary<string, JsonElement> registered, List<SchemaFault> faults)
{
    /// <summary>Where a schema without an identifier is said to stand.</summary>
    private const string NoWhere = "https://contract.invalid/";

    private static readonly string[] s_maps =
    [
        "properties",
        "patternProperties",
        "$defs",
        "definitions",
        "dependentSchemas",
        "dependencies",
    ];

    private static readonly string[] s_lists = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];

    private static readonly string[] s_single =
    [
        "items",
        "additionalItems",
        "additionalProperties",
        "contains",
        "not",
        "if",
        "then",
        "else",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contentSchema",
    ];

    private readonly Dictionary<(int Document, string Pointer), SchemaPlace> _places = [];
    private readonly Dictionary<string, SchemaPlace> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaPlace> _anchors = new(StringComparer.Ordinal);
    private readonly List<(SchemaPlace Place, string Name)> _dynamicAnchors = [];
    private int _documents;

    /// <summary>Places that whoever refers to them may override, in the order in which they were found.</summary>
    public IReadOnlyList<(SchemaPlace Place, string Name)> DynamicAnchors => _dynamicAnchors;

    /// <summary>Adds a document and answers its root.</summary>
    public SchemaPlace Add(JsonElement root, string? uri, SchemaDialect dialect)
    {
        string at = uri ?? NoWhere;
        var place = new SchemaPlace(_documents++, "", root, at, dialect, new SchemaResource(at));
        _resources.TryAdd(at, place);
        return Walk(place, depth: 0);
    }

    /// <summary>A schema below another one.</summary>
    public SchemaPlace Child(SchemaPlace parent, string token, JsonElement element)
    {
        string pointer = $"{parent.Pointer}/{Escape(token)}";
        return _places.TryGetValue((parent.Document, pointer), out SchemaPlace? known)
            ? known
            : parent with
            {
                Pointer = pointer,
                Element = element,
            };
    }

    /// <summary>Where a reference leads.</summary>
    /// <param name="anchor">The name by which it was found; null: by its place, or the whole.</param>
    public bool TryFollow(
        SchemaPlace from,
        string reference,
        [NotNullWhen(true)] out SchemaPlace? target,
        out string? anchor
    )
    {
        (string uri, string fragment) = Split(from.Base, reference);
        anchor = null;
        target = Resource(uri, from.Dialect);
        if (target is null)
        {
            return false;
        }

        if (fragment.Length == 0)
        {
            return true;
        }

        string text = Uri.UnescapeDataString(fragment);
        if (!text.StartsWith('/'))
        {
            anchor = text;
            return _anchors.TryGetValue($"{uri}#{text}", out target);
        }

        foreach (string token in text[1..].Split('/'))
        {
            if (!TryStep(target.Element, Unescape(token), out JsonElement next))
            {
                return false;
            }

            target = Child(target, Unescape(token), next);
        }

        return true;
    }

    private SchemaPlace? Resource(string uri, SchemaDialect dialect)
    {
        if (_resources.TryGetValue(uri, out SchemaPlace? known))
        {
            return known;
        }

        if (!registered.TryGetValue(uri, out JsonElement document))
        {
            return null;
        }

        SchemaPlace added = Add(document, uri, dialect);
        return _resources.GetValueOrDefault(uri, added);
    }

    private SchemaPlace Walk(SchemaPlace place, int depth)
    {
        if (depth > SchemaLimits.DepthMax)
        {
            faults.Add(new SchemaFault(place.Pointer, $"It is nested over {SchemaLimits.DepthMax} levels deep."));
            return place;
        }

        JsonElement element = place.Element;
        if (element.ValueKind == JsonValueKind.Object)
        {
            place = Identify(place);
        }

        _places[(place.Document, place.Pointer)] = place;
        if (element.ValueKind != JsonValueKind.Object)
        {
            return place;
        }

        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (s_maps.Contains(member.Name, StringComparer.Ordinal) && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty one in member.Value.EnumerateObject())
                {
                    WalkIn(place, $"{member.Name}/{Escape(one.Name)}", one.Value, depth);
                }
            }
            else if (
                s_lists.Contains(member.Name, StringComparer.Ordinal)
                && member.Value.ValueKind == JsonValueKind.Array
            )
            {
                int index = 0;
                foreach (JsonElement one in member.Value.EnumerateArray())
                {
                    WalkIn(place, $"{member.Name}/{index++}", one, depth);
                }
            }
            else if (s_single.Contains(member.Name, StringComparer.Ordinal))
            {
                WalkIn(place, member.Name, member.Value, depth);
            }
        }

        return place;
    }

    private void WalkIn(SchemaPlace parent, string path, JsonElement element, int depth) =>
        Walk(parent with { Pointer = $"{parent.Pointer}/{path}", Element = element }, depth + 1);

    /// <summary>Takes up what the schema is called: its identifier, its dialect, its anchors.</summary>
    private SchemaPlace Identify(SchemaPlace place)
    {
        JsonElement element = place.Element;
        string? id = Text(element, "$id");
        bool isRoot = place.Pointer.Length == 0;
        if ((isRoot || id is not null) && Text(element, "$schema") is { } named)
        {
            if (SchemaDialects.Of(named) is { } dialect)
            {
                place = place with { Dialect = dialect };
            }
            else
            {
                faults.Add(
                    new SchemaFault(
                        $"{place.Pointer}/$schema",
                        $"The dialect is not known. Known: {SchemaDialects.Known}."
                    )
                );
            }
        }

        // In draft 7 a reference hides everything that stands beside it.
        bool isHidden = place.Dialect == SchemaDialect.Draft7 && element.TryGetProperty("$ref", out _);
        if (id is not null && !isHidden)
        {
            (string uri, string fragment) = Split(place.Base, id);
            if (place.Dialect == SchemaDialect.Draft7 && id.StartsWith('#'))
            {
                _anchors.TryAdd($"{uri}#{fragment}", place);
            }
            else
            {
                place = place with { Base = uri, Resource = new SchemaResource(uri) };
                if (!_resources.TryAdd(uri, place))
                {
                    // The document itself, by the name under which it was registered.
                    _resources[uri] = _resources[uri].Pointer.Length == 0 && isRoot ? place : _resources[uri];
                }
            }
        }

        if (place.Dialect == SchemaDialect.Draft202012)
        {
            if (Text(element, "$anchor") is { } anchor)
            {
                _anchors.TryAdd($"{place.Base}#{anchor}", place);
            }

            if (Text(element, "$dynamicAnchor") is { } dynamic)
            {
                _anchors.TryAdd($"{place.Base}#{dynamic}", place);
                _dynamicAnchors.Add((place, dynamic));
            }
        }

        if (isRoot)
        {
            // A document without an identifier is known by where it is registered.
            _resources[place.Base] = place;
        }

        return place;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static (string Uri, string Fragment) Split(string from, string reference)
    {
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        string relative = hash < 0 ? reference : reference[..hash];
        string fragment = hash < 0 ? "" : reference[(hash + 1)..];
        if (relative.Length == 0)
        {
            return (from, fragment);
        }

        return Uri.TryCreate(from, UriKind.Absolute, out Uri? parent) && Uri.TryCreate(parent, relative, out Uri? uri)
            ? (uri.AbsoluteUri, fragment)
            : (relative, fragment);
    }

    private static bool TryStep(JsonElement element, string token, out JsonElement next)
    {
        next = default;
        return element.ValueKind switch
        {
            JsonValueKind.Object => element.TryGetProperty(token, out next),
            JsonValueKind.Array => TryItem(element, token, out next),
            _ => false,
        };
    }

    private static bool TryItem(JsonElement element, string token, out JsonElement next)
    {
        next = default;
        if (
            !int.TryParse(token, System.Globalization.NumberStyles.None, null, out int index)
            || index >= element.GetArrayLength()
        )
        {
            return false;
        }

        next = element[index];
        return true;
    }

    private static string Escape(string token) =>
        token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescape(string token) =>
        token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
