using System.Text.Json.Serialization;
using Customer360.Api.Jobs;

namespace Customer360.Api.Exports;

/// <summary>How the warehouse mirror stands.</summary>
/// <param name="Export">The export that began last; its result has the tables with their rows and files. Null where there was none.</param>
/// <param name="Verification">The comparison that began last; its result has the differences. Null where there was none.</param>
public sealed record ExportsAnswer(JobAnswer? Export, JobAnswer? Verification);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ExportsAnswer))]
internal sealed partial class ExportsJson : JsonSerializerContext;
