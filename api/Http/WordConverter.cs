using System.Text.Json;
using System.Text.Json.Serialization;

namespace Customer360.Api.Http;

/// <summary>Writes a value of an enum as a word, <c>dryRun</c>; the description then lists the words that there are.</summary>
public sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
