using System.Text.Json;

namespace Customer360.Rules.Crm.Mapping;

/// <summary>Where a mapping looks for values.</summary>
/// <param name="Record">The record.</param>
/// <param name="Body">The whole body that it came in.</param>
/// <param name="Header">A header of the request by its name; null where there is none.</param>
public sealed record RecordContext(JsonElement Record, JsonElement Body, Func<string, string?> Header);
