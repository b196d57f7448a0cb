using System.Text.Json;

namespace Customer360.Api.Tests.Http;

/// <summary>Compares JSON with the schemas of <c>/openapi/v1.json</c>: what is written and not described is a fault, too.</summary>
internal sealed class DescribedShape(JsonElement document)
{
    /// <summary>The schema of an answer that is JSON; null where none is described.</summary>
    public JsonElement? SchemaOf(string method, string path, int status)
    {
        foreach (JsonProperty route in document.GetProperty("paths").EnumerateObject())
        {
            if (
                Fits(route.Name, path)
                && route.Value.TryGetProperty(method.ToLowerInvariant(), out JsonElement operation)
                && operation.GetProperty("responses").TryGetProperty($"{status}", out JsonElement response)
                && response.TryGetProperty("content", out JsonElement content)
                && content.TryGetProperty("application/json", out JsonElement json)
            )
            {
                return json.GetProperty("schema");
            }
        }

        return null;
    }

    /// <summary>Where the value is not as described, each as <c>place: what is wrong</c>.</summary>
    public IEnumerable<string> Faults(JsonElement schema, JsonElement value, string place = "$")
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            return choices.EnumerateArray().Any(choice => !Faults(choice, value, place).Any())
                ? []
                : [$"{place}: none of the choices"];
        }

        if (schema.TryGetProperty("enum", out JsonElement words))
        {
            return words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value))
                ? []
                : [$"{place}: {value.GetRawText()} is none of the words"];
        }

        if (!schema.TryGetProperty("type", out JsonElement type))
        {
            return [];
        }

        string[] types =
            type.ValueKind == JsonValueKind.Array
                ? [.. type.EnumerateArray().Select(one => one.GetString()!)]
                : [type.GetString()!];
        if (!types.Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && types.Contains("number")))
        {
            return [$"{place}: {TypeOf(value)} is none of {string.Join(", ", types)}"];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => OfMembers(schema, value, place),
            JsonValueKind.Array => value
                .EnumerateArray()
                .SelectMany((item, index) => Faults(schema.GetProperty("items"), item, $"{place}[{index}]")),
            _ => [],
        };
    }

    private IEnumerable<string> OfMembers(JsonElement schema, JsonElement value, string place)
    {
        bool isClosed = schema.TryGetProperty("properties", out JsonElement members);
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _))
                {
                    yield return $"{place}.{name}: missing";
                }
            }
        }

        foreach (JsonProperty member in value.EnumerateObject())
        {
            string of = $"{place}.{member.Name}";
            if (isClosed && members.TryGetProperty(member.Name, out JsonElement shape))
            {
                foreach (string fault in Faults(shape, member.Value, of))
                {
                    yield return fault;
                }
            }
            else if (isClosed)
            {
                yield return $"{of}: not described";
            }
        }
    }

    /// <summary>The schema that a reference names; itself where it is none.</summary>
    public JsonElement Resolve(JsonElement schema) =>
        schema.TryGetProperty("$ref", out JsonElement reference)
            ? document
                .GetProperty("components")
                .GetProperty("schemas")
                .GetProperty(reference.GetString()!["#/components/schemas/".Length..])
            : schema;

    private static bool Fits(string route, string path)
    {
        string[] wanted = route.Split('/');
        string[] given = path.Split('?')[0].Split('/');
        return wanted.Length == given.Length && wanted.Zip(given).All(one => FitsSegment(one.First, one.Second));
    }

    /// <summary>A parameter stands at the beginning of its segment, and what is behind it begins with a colon.</summary>
    private static bool FitsSegment(string wanted, string given)
    {
        int end = wanted.IndexOf('}', StringComparison.Ordinal);
        if (end < 0)
        {
            return wanted == given;
        }

        int colon = given.IndexOf(':', StringComparison.Ordinal);
        return wanted[(end + 1)..] == (colon < 0 ? "" : given[colon..]);
    }

    private static string TypeOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => "null",
        };
}
