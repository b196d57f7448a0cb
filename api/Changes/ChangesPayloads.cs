using System.Text.Json.Serialization;

namespace Customer360.Api.Changes;

/// <summary>The data of <c>entered</c> and <c>left</c>.</summary>
/// <param name="At">When the person entered or left, UTC.</param>
/// <param name="IsHeldOut">Nothing of it is delivered: the person is, or was, in the holdout.</param>
public sealed record AudienceChangeAnswer(string Audience, string CustomerId, DateTime At, bool IsHeldOut);

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(AudienceChangeAnswer))]
internal sealed partial class ChangesJson : JsonSerializerContext;
