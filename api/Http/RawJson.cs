using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Customer360.Api.Http;

/// <summary>A part of a payload that comes as JSON already: it is passed on as it is, without being read.</summary>
/// <typeparam name="T">The shape that it has, for the description.</typeparam>
/// <param name="Utf8">One whole JSON value, written by the grid itself.</param>
[JsonConverter(typeof(RawJsonConverterFactory))]
public sealed record RawJson<T>(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>Null where there is none.</summary>
    public static RawJson<T>? Of(string? json) => json is null ? null : new(Encoding.UTF8.GetBytes(json));

    /// <summary>Null where it is empty.</summary>
    public static RawJson<T>? Of(ReadOnlyMemory<byte> utf8) => utf8.IsEmpty ? null : new(utf8);
}

/// <summary>Writes <see cref="RawJson{T}"/> whatever its shape is.</summary>
internal sealed class RawJsonConverterFactory : JsonConverterFactory
{
    /// <summary>The shape of the raw JSON that a type stands for; null where it is another type.</summary>
    public static Type? ShapeOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RawJson<>)
            ? type.GenericTypeArguments[0]
            : null;

    public override bool CanConvert(Type typeToConvert) => ShapeOf(typeToConvert) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(ShapeOf(typeToConvert)!))!;

    private sealed class Converter<T> : JsonConverter<RawJson<T>>
    {
        /// <exception cref="NotSupportedException">Always: payloads are only written.</exception>
        public override RawJson<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Raw JSON is only written.");

        public override void Write(Utf8JsonWriter writer, RawJson<T> value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
