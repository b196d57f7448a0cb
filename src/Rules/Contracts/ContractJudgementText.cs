using System.Text.Json;
using Customer360.Rules.Contracts.Schemas;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts;

/// <summary>
/// A <see cref="ContractJudgement"/> in an envelope: <c>{"policy","name"?,"version"?,"mode"?:"observe|annotate|quarantine",
/// "deprecated"?:true,"releasedFrom"?:"partition:position","violations"?:[{"path","kind"}]}</c>.
/// </summary>
internal static class ContractJudgementText
{
    public static void Write(ref Utf8Buffer buffer, ContractJudgement judgement)
    {
        buffer.Raw("{\"policy\":"u8);
        buffer.Text(judgement.PolicyVersion);
        if (judgement.Contract is { } name)
        {
            buffer.Raw(",\"name\":"u8);
            buffer.Text(name);
        }

        if (judgement.Version is { } version)
        {
            buffer.Raw(",\"version\":"u8);
            buffer.Text(version);
        }

        if (judgement.Mode != ContractMode.Allow)
        {
            buffer.Raw(",\"mode\":"u8);
            buffer.Text(ContractModeNames.Text(judgement.Mode));
        }

        if (judgement.IsDeprecated)
        {
            buffer.Raw(",\"deprecated\":true"u8);
        }

        if (judgement.ReleasedFrom is { } place)
        {
            buffer.Raw(",\"releasedFrom\":"u8);
            buffer.Text(place);
        }

        if (!judgement.Violations.IsEmpty)
        {
            buffer.Raw(",\"violations\":["u8);
            foreach (SchemaViolation violation in judgement.Violations)
            {
                buffer.Raw("{\"path\":"u8);
                buffer.Text(violation.Path);
                buffer.Raw(",\"kind\":"u8);
                buffer.Text(violation.Kind);
                buffer.Raw("},"u8);
            }

            buffer.DropComma();
            buffer.Raw("]"u8);
        }

        buffer.Raw("}"u8);
    }

    /// <exception cref="JsonException">It is not of that form.</exception>
    public static ContractJudgement Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        string mode = TextOf(root, "mode") ?? "allow";
        return new ContractJudgement(
            TextOf(root, "policy") ?? throw new JsonException("Not a judgement: a member is missing."),
            TextOf(root, "name"),
            TextOf(root, "version"),
            ContractModeNames.Parse(mode) ?? throw new JsonException("An unknown mode."),
            root.TryGetProperty("violations"u8, out JsonElement violations)
                ?
                [
                    .. violations
                        .EnumerateArray()
                        .Select(one => new SchemaViolation(TextOf(one, "path") ?? "", TextOf(one, "kind") ?? "")),
                ]
                : []
        )
        {
            IsDeprecated = root.TryGetProperty("deprecated"u8, out _),
            ReleasedFrom = TextOf(root, "releasedFrom"),
        };
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
