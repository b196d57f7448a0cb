using System.Collections.Frozen;
using System.Text.Json;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>
/// Makes of a schema's text what values are checked by. It finds all faults, and refuses what a check could never end with: patterns
/// that backtrack, references in a circle, references to what is not registered.
/// </summary>
internal sealed partial class SchemaCompiler(IReadOnlyDictionary<string, JsonElement> registered)
{
    /// <summary>How often references may lead on before a value's parts are looked at.</summary>
    private const int InPlaceMax = 64;

    private readonly List<SchemaFault> _faults = [];
    private readonly Dictionary<(int Document, string Pointer), SchemaNode> _nodes = [];
    private readonly Queue<(SchemaNode Node, SchemaPlace Place)> _open = new();
    private SchemaIndex _index = null!;
    private bool _isDynamic;

    public SchemaReading Compile(JsonElement schema, SchemaDialect dialect)
    {
        _index = new SchemaIndex(registered, _faults);
        SchemaNode root = NodeOf(_index.Add(schema, uri: null, dialect));
        while (_open.TryDequeue(out (SchemaNode Node, SchemaPlace Place) next) && _nodes.Count <= SchemaLimits.NodesMax)
        {
            Fill(next.Node, next.Place);
            if (_open.Count == 0 && _isDynamic)
            {
                FillDynamicAnchors();
            }
        }

        if (_nodes.Count > SchemaLimits.NodesMax)
        {
            _faults.Add(new SchemaFault("", $"It holds over {SchemaLimits.NodesMax} schemas."));
        }

        if (_faults.Count == 0)
        {
            RefuseCircles();
        }

        return _faults.Count == 0
            ? new SchemaReading(new CompiledSchema(root, _isDynamic), [])
            : new SchemaReading(null, [.. _faults.Distinct()]);
    }

    private SchemaNode NodeOf(SchemaPlace place)
    {
        (int, string) key = (place.Document, place.Pointer);
        if (!_nodes.TryGetValue(key, out SchemaNode? node))
        {
            _nodes[key] = node = new SchemaNode(place.Resource, place.Pointer);
            _open.Enqueue((node, place));
        }

        return node;
    }

    private void FillDynamicAnchors()
    {
        foreach ((SchemaPlace place, string name) in _index.DynamicAnchors.ToArray())
        {
            place.Resource.DynamicAnchors[name] = NodeOf(place);
        }
    }

    private void Fill(SchemaNode node, SchemaPlace place)
    {
        JsonElement element = place.Element;
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            node.Always = element.ValueKind == JsonValueKind.True;
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            Fault(place, "", "A schema is an object, true or false.");
            return;
        }

        var names = new MemberNames();
        var properties = new Dictionary<int, SchemaNode>();
        bool isReference = place.Dialect == SchemaDialect.Draft7 && element.TryGetProperty("$ref", out _);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (isReference && member.Name != "$ref")
            {
                continue;
            }

            var keyword = new SchemaKeyword(place, member.Name, member.Value);
            if (!FillValue(node, keyword) && !FillObject(node, keyword, names, properties))
            {
                FillApplicators(node, keyword);
            }
        }

        if (names.Count > 0)
        {
            node.NamesText = names.ToArray();
            node.Names = new SchemaNames(node.NamesText);
            node.Properties = new SchemaNode?[names.Count];
            foreach ((int index, SchemaNode schema) in properties)
            {
                node.Properties[index] = schema;
            }
        }
    }

    private bool FillValue(SchemaNode node, SchemaKeyword keyword)
    {
        switch (keyword.Name)
        {
            case "type":
                node.Types = TypesOf(keyword);
                break;
            case "enum":
                node.Enum = [.. ItemsOf(keyword).Where(one => one.ValueKind != JsonValueKind.String)];
                node.EnumTexts = ItemsOf(keyword)
                    .Where(one => one.ValueKind == JsonValueKind.String)
                    .Select(one => one.GetString()!)
                    .ToFrozenSet(StringComparer.Ordinal);
                break;
            case "const":
                node.Const = keyword.Value;
                break;
            case "multipleOf":
                node.MultipleOf = NumberOf(keyword);
                if (node.MultipleOf is { IsPositive: false })
                {
                    Fault(keyword, "It must be greater than 0.");
                }

                break;
            case "minimum":
                node.Minimum = NumberOf(keyword);
                break;
            case "exclusiveMinimum":
                node.ExclusiveMinimum = NumberOf(keyword);
                break;
            case "maximum":
                node.Maximum = NumberOf(keyword);
                break;
            case "exclusiveMaximum":
                node.ExclusiveMaximum = NumberOf(keyword);
                break;
            case "minLength":
                node.MinLength = CountOf(keyword);
                break;
            case "maxLength":
                node.MaxLength = CountOf(keyword);
                break;
            case "pattern":
                node.Pattern = PatternOf(keyword, TextOf(keyword));
                break;
            case "minItems":
                node.MinItems = CountOf(keyword);
                break;
            case "maxItems":
                node.MaxItems = CountOf(keyword);
                break;
            case "minContains" when !keyword.IsDraft7:
                node.MinContains = CountOf(keyword) ?? 1;
                break;
            case "maxContains" when !keyword.IsDraft7:
                node.MaxContains = CountOf(keyword);
                break;
            case "uniqueItems":
                node.UniqueItems = keyword.Value.ValueKind == JsonValueKind.True;
                if (keyword.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                {
                    Fault(keyword, "It must be true or false.");
                }

                break;
            case "minProperties":
                node.MinProperties = CountOf(keyword);
                break;
            case "maxProperties":
                node.MaxProperties = CountOf(keyword);
                break;
            default:
                return false;
        }

        return true;
    }

    private bool FillObject(
        SchemaNode node,
        SchemaKeyword keyword,
        MemberNames names,
        Dictionary<int, SchemaNode> properties
    )
    {
        switch (keyword.Name)
        {
            case "properties":
                foreach ((string name, SchemaNode schema) in MapOf(keyword))
                {
                    properties[names.Add(name)] = schema;
                }

                break;
            case "required":
                node.Required = [.. TextsOf(keyword, keyword.Value).Select(names.Add)];
                break;
            case "patternProperties":
                node.PatternProperties =
                [
                    .. MapOf(keyword)
                        .Select(one => (Pattern: PatternOf(keyword, one.Name), one.Schema))
                        .Where(one => one.Pattern is not null)
                        .Select(one => (one.Pattern!, one.Schema)),
                ];
                break;
            case "dependentRequired" when !keyword.IsDraft7:
                node.DependentRequired =
                [
                    .. MembersOf(keyword)
                        .Select(one => (names.Add(one.Name), TextsOf(keyword, one.Value).Select(names.Add).ToArray())),
                ];
                break;
            case "dependentSchemas" when !keyword.IsDraft7:
                node.DependentSchemas = [.. MapOf(keyword).Select(one => (names.Add(one.Name), one.Schema))];
                break;
            case "dependencies" when keyword.IsDraft7:
                SchemaPlace map = _index.Child(keyword.Place, keyword.Name, keyword.Value);
                JsonProperty[] members = [.. MembersOf(keyword)];
                node.DependentRequired =
                [
                    .. members
                        .Where(one => one.Value.ValueKind == JsonValueKind.Array)
                        .Select(one => (names.Add(one.Name), TextsOf(keyword, one.Value).Select(names.Add).ToArray())),
                ];
                node.DependentSchemas =
                [
                    .. members
                        .Where(one => one.Value.ValueKind != JsonValueKind.Array)
                        .Select(one => (names.Add(one.Name), NodeOf(_index.Child(map, one.Name, one.Value)))),
                ];
                break;
            default:
                return false;
        }

        return true;
    }

    private void FillApplicators(SchemaNode node, SchemaKeyword keyword)
    {
        switch (keyword.Name)
        {
            case "$ref":
                node.Ref = Follow(keyword, out _)?.Node;
                break;
            case "$dynamicRef" when !keyword.IsDraft7:
                _isDynamic = true;
                (SchemaNode Node, SchemaPlace Place)? target = Follow(keyword, out string? anchor);
                node.DynamicRef = target?.Node;
                // Only what is declared as dynamic is looked for elsewhere; everything else is an ordinary reference.
                node.DynamicName =
                    anchor is not null
                    && _index.DynamicAnchors.Any(one => one.Place == target?.Place && one.Name == anchor)
                        ? anchor
                        : null;
                break;
            case "allOf":
                node.AllOf = ListOf(keyword);
                break;
            case "anyOf":
                node.AnyOf = ListOf(keyword);
                break;
            case "oneOf":
                node.OneOf = ListOf(keyword);
                break;
            case "not":
                node.Not = One(keyword);
                break;
            case "if":
                node.If = One(keyword);
                break;
            case "then":
                node.Then = One(keyword);
                break;
            case "else":
                node.Else = One(keyword);
                break;
            case "prefixItems" when !keyword.IsDraft7:
                node.PrefixItems = ListOf(keyword);
                break;
            case "items" when keyword is { IsDraft7: true, Value.ValueKind: JsonValueKind.Array }:
                node.PrefixItems = ListOf(keyword);
                break;
            case "items":
                node.Items = One(keyword);
                break;
            case "additionalItems" when keyword.IsDraft7:
                // Without a list of items before it, it says nothing.
                if (
                    keyword.Place.Element.TryGetProperty("items", out JsonElement items)
                    && items.ValueKind == JsonValueKind.Array
                )
                {
                    node.Items = One(keyword);
                }

                break;
            case "contains":
                node.Contains = One(keyword);
                break;
            case "additionalProperties":
                node.AdditionalProperties = One(keyword);
                break;
            case "propertyNames":
                node.PropertyNames = One(keyword);
                break;
            case "unevaluatedItems" when !keyword.IsDraft7:
                node.UnevaluatedItems = One(keyword);
                break;
            case "unevaluatedProperties" when !keyword.IsDraft7:
                node.UnevaluatedProperties = One(keyword);
                break;
            default:
                // Titles, descriptions, formats and words of other tools decide nothing.
                break;
        }
    }

    private (SchemaNode Node, SchemaPlace Place)? Follow(SchemaKeyword keyword, out string? anchor)
    {
        anchor = null;
        if (TextOf(keyword) is not { } reference)
        {
            return null;
        }

        if (_index.TryFollow(keyword.Place, reference, out SchemaPlace? target, out anchor))
        {
            return (NodeOf(target), target);
        }

        Fault(keyword, "It refers to what is neither in this schema nor registered; nothing is fetched.");
        return null;
    }

    /// <summary>References that come back to where they began, with the same value, would never end.</summary>
    private void RefuseCircles()
    {
        var heights = new Dictionary<SchemaNode, int>();
        foreach (SchemaNode node in _nodes.Values)
        {
            if (HeightOf(node, 0, heights) > InPlaceMax)
            {
                Fault(
                    new SchemaPlace(0, node.Pointer, default, "", default, node.Resource),
                    "",
                    $"It refers to itself, or over {InPlaceMax} references lead on from here, without going into the value."
                );
                return;
            }
        }
    }

    private static int HeightOf(SchemaNode node, int depth, Dictionary<SchemaNode, int> heights)
    {
        if (heights.TryGetValue(node, out int known))
        {
            return known;
        }

        if (depth > InPlaceMax)
        {
            return depth;
        }

        int height = 0;
        foreach (SchemaNode next in node.InPlace())
        {
            height = Math.Max(height, 1 + HeightOf(next, depth + 1, heights));
            if (height > InPlaceMax)
            {
                // A circle counts up to here on every way through it: one is enough.
                return height;
            }
        }

        heights[node] = height;
        return height;
    }

    private SchemaNode One(SchemaKeyword keyword) => NodeOf(_index.Child(keyword.Place, keyword.Name, keyword.Value));

    private SchemaNode[] ListOf(SchemaKeyword keyword)
    {
        SchemaPlace list = _index.Child(keyword.Place, keyword.Name, keyword.Value);
        return
        [
            .. ItemsOf(keyword)
                .Select(
                    (one, index) =>
                        NodeOf(
                            _index.Child(list, index.ToString(System.Globalization.CultureInfo.InvariantCulture), one)
                        )
                ),
        ];
    }

    private IEnumerable<(string Name, SchemaNode Schema)> MapOf(SchemaKeyword keyword)
    {
        SchemaPlace map = _index.Child(keyword.Place, keyword.Name, keyword.Value);
        return MembersOf(keyword).Select(one => (one.Name, NodeOf(_index.Child(map, one.Name, one.Value))));
    }

    private void Fault(SchemaKeyword keyword, string message) => Fault(keyword.Place, $"/{keyword.Name}", message);

    private void Fault(SchemaPlace place, string below, string message) =>
        _faults.Add(new SchemaFault(place.Pointer + below, message));

    /// <summary>A member of a schema, where it stands.</summary>
    private readonly record struct SchemaKeyword(SchemaPlace Place, string Name, JsonElement Value)
    {
        public bool IsDraft7 => Place.Dialect == SchemaDialect.Draft7;
    }

    /// <summary>Gives each name a number, once.</summary>
    private sealed class MemberNames
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly List<string> _names = [];

        public int Count => _names.Count;

        public int Add(string name)
        {
            if (_numbers.TryAdd(name, _names.Count))
            {
                _names.Add(name);
            }

            return _numbers[name];
        }

        public string[] ToArray() => [.. _names];
    }
}
