using System.Text.Json.Serialization;
using Customer360.Api.Http;
using Customer360.Rules.Access;

namespace Customer360.Api.Profiles;

/// <summary>A page of people who were found by their names.</summary>
/// <param name="Profiles">By the first of their words that fits. A page may be short, or empty; <c>next</c> says whether there are more.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record FoundProfilesAnswer(IReadOnlyList<FoundProfileAnswer> Profiles, string? Next);

/// <summary>Somebody who was found, as far as the caller may see it: enough to tell two of one name apart.</summary>
public sealed record FoundProfileAnswer
{
    /// <summary>Identifiers that are shown; the profile has all.</summary>
    private const int IdentifiersMax = 5;

    public required string CustomerId { get; init; }

    /// <summary>As the profile has it. Left out where there is none, or the caller may not see it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson<string>? Name { get; init; }

    /// <inheritdoc cref="Name"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson<string>? FirstName { get; init; }

    /// <inheritdoc cref="Name"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson<string>? LastName { get; init; }

    /// <summary>Some of them, perhaps masked.</summary>
    public required IReadOnlyList<FoundIdentifierAnswer> Identifiers { get; init; }

    /// <summary>Left out where the caller may not see when people were seen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? LastSeenAt { get; init; }

    internal static FoundProfileAnswer From(VisibleProfile person)
    {
        var traits = person
            .Traits.Where(trait => trait.Name is "name" or "firstName" or "lastName")
            .ToDictionary(trait => trait.Name, trait => new RawJson<string>(trait.ValueJson), StringComparer.Ordinal);
        return new FoundProfileAnswer
        {
            CustomerId = person.CustomerId,
            Name = traits.GetValueOrDefault("name"),
            FirstName = traits.GetValueOrDefault("firstName"),
            LastName = traits.GetValueOrDefault("lastName"),
            Identifiers =
            [
                .. person
                    .Identifiers.OrderBy(one => one.Identifier.Type == "anonymous_id")
                    .Take(IdentifiersMax)
                    .Select(one => new FoundIdentifierAnswer(one.Identifier.Type, one.Identifier.Value)),
            ],
            LastSeenAt = person.Last?.At.UtcDateTime,
        };
    }
}

/// <summary>By what somebody is known.</summary>
public sealed record FoundIdentifierAnswer(string Type, string Value);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(FoundProfilesAnswer))]
[JsonSerializable(typeof(ProfilesFindShape))]
internal sealed partial class FoundProfilesJson : JsonSerializerContext;
