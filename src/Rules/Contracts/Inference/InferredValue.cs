using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts.Inference;

/// <summary>
/// What was seen in one place of messages: which types, how often, which members and items. Values are kept only while they are few, since
/// only a word that comes again and again is one of a list.
/// </summary>
internal sealed class InferredValue
{
    /// <summary>Members of an object that are told apart; what comes beyond is one that senders make up.</summary>
    private const int MembersMax = 200;

    private const int DepthMax = 5;

    /// <summary>Items of a list that are looked at.</summary>
    private const int ItemsMax = 20;

    /// <summary>Values of a list of choices at most, and their characters.</summary>
    private const int ChoicesMax = 12;
    private const int ChoiceLength = 40;

    /// <summary>How often each choice must have come on average.</summary>
    private const int TimesEach = 20;

    /// <summary>From how many senders each at least: what one person says again and again may be her name, and is no choice.</summary>
    private const int SendersAtLeast = 5;

    private const int ExamplesMax = 2;

    private readonly Dictionary<string, InferredValue> _members = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _types = new(StringComparer.Ordinal);
    private readonly List<string> _examples = [];
    private Dictionary<string, HashSet<Identifier>>? _choices = new(StringComparer.Ordinal);
    private InferredValue? _items;
    private bool _hasOtherMembers;

    /// <summary>Times that it was there and not null.</summary>
    public long Count { get; private set; }

    /// <param name="sender">The anchor of the message.</param>
    public void Add(JsonElement value, Identifier sender, int depth = 0)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            Count1("null");
            return;
        }

        Count++;
        Count1(TypeOf(value));
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AddMembers(value, sender, depth);
                break;
            case JsonValueKind.Array:
                if (depth < DepthMax)
                {
                    _items ??= new InferredValue();
                    foreach (JsonElement item in value.EnumerateArray().Take(ItemsMax))
                    {
                        _items.Add(item, sender, depth + 1);
                    }
                }

                break;
            case JsonValueKind.String:
                AddText(value.GetString()!, sender);
                break;
            case JsonValueKind.Number:
                AddExample(MaskedText.Of(value.GetRawText()));
                break;
            default:
                break;
        }
    }

    /// <summary>The members that came often enough to be one that somebody has planned, by name.</summary>
    public IEnumerable<KeyValuePair<string, InferredValue>> MembersSeen(long timesMin) =>
        _members.Where(member => member.Value.Count >= timesMin).OrderBy(member => member.Key, StringComparer.Ordinal);

    /// <summary>The schema that all of it keeps.</summary>
    /// <param name="timesMin">A member that came less often is not named.</param>
    public JsonObject Schema(long timesMin)
    {
        var schema = new JsonObject();
        string[] types = [.. _types.Keys.Where(type => type != "integer" || !_types.ContainsKey("number"))];
        if (types.Length > 0)
        {
            schema["type"] = types.Length == 1 ? types[0] : new JsonArray([.. types.Select(type => (JsonNode)type)]);
        }

        if (Choices() is { } choices)
        {
            schema["enum"] = new JsonArray([
                .. choices.Select(choice => (JsonNode)choice),
                .. _types.ContainsKey("null") ? new JsonNode?[] { null } : [],
            ]);
        }
        else if (_examples.Count > 0)
        {
            schema["examples"] = new JsonArray([.. _examples.Select(example => (JsonNode)example)]);
        }

        if (_types.ContainsKey("object"))
        {
            var properties = new JsonObject();
            var required = new JsonArray();
            foreach ((string name, InferredValue member) in MembersSeen(timesMin))
            {
                properties[name] = member.Schema(timesMin);
                if (member.Count == _types["object"])
                {
                    required.Add((JsonNode)name);
                }
            }

            schema["properties"] = properties;
            if (required.Count > 0)
            {
                schema["required"] = required;
            }
        }

        if (_items is { } items && items._types.Count > 0)
        {
            schema["items"] = items.Schema(timesMin);
        }

        return schema;
    }

    /// <summary>Members were left out, since there were more than are told apart.</summary>
    public bool HasOtherMembers => _hasOtherMembers || _members.Values.Any(member => member.HasOtherMembers);

    private void AddMembers(JsonElement value, Identifier sender, int depth)
    {
        if (depth >= DepthMax)
        {
            return;
        }

        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (!_members.TryGetValue(property.Name, out InferredValue? member))
            {
                if (_members.Count >= MembersMax)
                {
                    _hasOtherMembers = true;
                    continue;
                }

                _members[property.Name] = member = new InferredValue();
            }

            member.Add(property.Value, sender, depth + 1);
        }
    }

    private void AddText(string text, Identifier sender)
    {
        AddExample(MaskedText.Of(text));
        if (_choices is null)
        {
            return;
        }

        if (text.Length > ChoiceLength || (_choices.Count == ChoicesMax && !_choices.ContainsKey(text)))
        {
            _choices = null;
            return;
        }

        if (!_choices.TryGetValue(text, out HashSet<Identifier>? senders))
        {
            _choices[text] = senders = [];
        }

        if (senders.Count < SendersAtLeast)
        {
            senders.Add(sender);
        }
    }

    private void AddExample(string masked)
    {
        if (_examples.Count < ExamplesMax && !_examples.Contains(masked, StringComparer.Ordinal))
        {
            _examples.Add(masked);
        }
    }

    /// <summary>Null where it is no list of choices, or not sure to be one.</summary>
    private ImmutableArray<string>? Choices() =>
        _choices is { Count: > 0 } choices
        && _types.Keys.All(type => type is "string" or "null")
        && Count >= TimesEach * choices.Count
        && choices.Values.All(senders => senders.Count == SendersAtLeast)
            ? [.. choices.Keys.Order(StringComparer.Ordinal)]
            : null;

    private void Count1(string type) => _types[type] = _types.GetValueOrDefault(type) + 1;

    private static string TypeOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => IsWhole(value) ? "integer" : "number",
            _ => "boolean",
        };

    private static bool IsWhole(JsonElement number) =>
        number.TryGetInt64(out _)
        || (
            double.TryParse(number.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out double read)
            && double.IsInteger(read)
        );
}

/// <summary>What a value looks like without what it says.</summary>
internal static class MaskedText
{
    private const int LengthMax = 40;

    /// <summary><c>Jane.Doe-7@x.com</c> is <c>Aaaa.Aaa-0@a.aaa</c>.</summary>
    public static string Of(string text) =>
        string.Concat(
            text.Take(LengthMax)
                .Select(one =>
                    char.IsDigit(one) ? '0'
                    : char.IsUpper(one) ? 'A'
                    : char.IsAscii(one) && !char.IsLetter(one) && !char.IsControl(one) ? one
                    : 'a'
                )
        ) + (text.Length > LengthMax ? "…" : "");
}
