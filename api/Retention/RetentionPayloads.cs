using System.Text.Json.Serialization;
using Customer360.Api.Jobs;

namespace Customer360.Api.Retention;

/// <summary>How the trimming of the log stands.</summary>
/// <param name="PolicyVersion">Of <c>retention.yaml</c> as it is in force.</param>
/// <param name="KeepsAll">True where that policy ends nothing: then no run begins by itself.</param>
/// <param name="Run">The run that began last; its result has the counts by rule. Null where there was none.</param>
/// <param name="DryRun">The dry run that began last, likewise.</param>
public sealed record RetentionAnswer(string PolicyVersion, bool KeepsAll, JobAnswer? Run, JobAnswer? DryRun);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RetentionAnswer))]
internal sealed partial class RetentionJson : JsonSerializerContext;
