using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Rules.Access;
using ModelContextProtocol.Protocol;

namespace Customer360.Api.Mcp;

/// <summary>What an agent is told of a tool, and who may call it.</summary>
/// <param name="Title">A few words for people.</param>
/// <param name="Description">For the agent: what it answers, and when to use it.</param>
internal sealed record ToolDescription(string Name, string Title, string Description)
{
    /// <summary>The argument that says what the data is for. Every tool has it.</summary>
    public static ToolParameter Purpose { get; } =
        new(
            "purpose",
            ArgumentKind.Text,
            "What the data is for: a purpose of the access policy. Needed where the key's roles are for several; an error names them."
        )
        {
            LengthMax = 64,
        };

    /// <summary>Beside the purpose.</summary>
    public ImmutableArray<ToolParameter> Parameters { get; init; } = [];

    /// <summary>JSON Schema of the answer's <c>data</c>: the properties that it may have. What is withheld is not there.</summary>
    public required JsonObject Data { get; init; }

    /// <summary>Beside <c>read</c>: only administrators, and roles of the access policy that do this. None: nothing more.</summary>
    public RoleTasks Task { get; init; }

    /// <summary>Only administrators.</summary>
    public bool IsForAdministrators { get; init; }

    /// <summary>False: it proposes something. No tool deletes or puts anything in force.</summary>
    public bool IsReadOnly { get; init; } = true;

    public ImmutableArray<ToolParameter> AllParameters => [.. Parameters, Purpose];

    /// <summary>The tool as the protocol lists it.</summary>
    public Tool ToProtocol() =>
        new()
        {
            Name = Name,
            Title = Title,
            Description = Description,
            InputSchema = ToElement(InputSchema()),
            OutputSchema = ToElement(ToolEnvelope.Schema(Data)),
            Annotations = new ToolAnnotations
            {
                Title = Title,
                ReadOnlyHint = IsReadOnly,
                DestructiveHint = false,
                IdempotentHint = true,
                OpenWorldHint = false,
            },
        };

    private JsonObject InputSchema()
    {
        var properties = new JsonObject();
        foreach (ToolParameter parameter in AllParameters)
        {
            properties[parameter.Name] = parameter.Schema();
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([
                .. AllParameters.Where(one => one.IsRequired).Select(one => (JsonNode)one.Name),
            ]),
            ["additionalProperties"] = false,
        };
    }

    private static JsonElement ToElement(JsonObject schema)
    {
        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }
}
