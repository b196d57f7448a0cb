using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Mcp.Tools;

/// <summary>What the tools have in common: arguments that mean the same everywhere, and the writing of data.</summary>
internal static class ToolParts
{
    public const string IdentifierName = "identifier";
    public const string LimitName = "limit";
    public const string CursorName = "cursor";

    public const string AudienceName = "audience";

    /// <summary>Characters of an audience's or placement's name at most.</summary>
    public const int AudienceLengthMax = 64;

    /// <summary>Rows of a page where the agent does not say.</summary>
    public const int RowsDefault = 20;

    /// <summary>Rows of a page at most: less than over HTTP, since a model reads every one.</summary>
    public const int RowsMax = 100;

    public static ToolParameter Identifier { get; } =
        new(
            IdentifierName,
            ArgumentKind.Text,
            "Who: type:value, for example email:jane@example.com, user_id:u-1, phone:+493012345678 or customer:c_…. "
                + "email@eu:… names a region."
        )
        {
            IsRequired = true,
        };

    public static ToolParameter Audience { get; } =
        new(AudienceName, ArgumentKind.Text, "An audience, as the policy audiences names it: repeat-buyers.")
        {
            LengthMax = AudienceLengthMax,
        };

    public static ToolParameter Limit { get; } =
        new(LimitName, ArgumentKind.Whole, $"Rows of a page, 1 to {RowsMax}. Default: {RowsDefault}.")
        {
            Most = RowsMax,
        };

    public static ToolParameter Cursor { get; } =
        new(CursorName, ArgumentKind.Text, "The next of the page before.") { LengthMax = 8_192 };

    /// <summary>JSON Schema of properties, each with the type and a few words; a type with ? behind it may be null.</summary>
    public static JsonObject Shape(params (string Name, string Type, string About)[] properties)
    {
        var shape = new JsonObject();
        foreach ((string name, string type, string about) in properties)
        {
            JsonNode kind = type.EndsWith('?') ? new JsonArray(type[..^1], "null") : type;
            shape[name] = new JsonObject { ["type"] = kind, ["description"] = about };
        }

        return shape;
    }

    /// <summary>Whatever is written, as bytes.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>A payload as the HTTP path writes it.</summary>
    public static ReadOnlyMemory<byte> Json<T>(this IOptions<JsonOptions> options, T payload) =>
        Json(writer =>
            JsonSerializer.Serialize(
                writer,
                payload,
                (JsonTypeInfo<T>)options.Value.SerializerOptions.GetTypeInfo(typeof(T))
            )
        );
}
