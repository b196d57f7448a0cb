using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Contracts.Schemas;

namespace Customer360.Rules.Contracts;

/// <summary>Reads the versions of a contract, with their schemas.</summary>
internal sealed partial class ContractsPolicyReader
{
    private const int VersionsMax = 50;
    private const int FieldsMax = 500;

    /// <param name="planned">Where the schemas are about whole messages: the member whose members they plan.</param>
    private ImmutableArray<ContractVersion> ReadVersions(ConfigSection contract, string? planned)
    {
        if (contract.Find("versions") is not { Kind: ConfigKind.List, Items.IsEmpty: false } list)
        {
            contract.Fault("versions", "It must be a list of versions, each with its schema.");
            return [];
        }

        if (list.Items.Length > VersionsMax)
        {
            contract.Fault("versions", $"There are over {VersionsMax}.");
            return [];
        }

        List<ContractVersion> versions = [];
        for (int index = 0; index < list.Items.Length; index++)
        {
            string path = $"{contract.PathOf("versions")}[{index}]";
            if (ReadVersion(path, list.Items[index], planned) is { } version)
            {
                if (versions.Exists(other => other.Version == version.Version))
                {
                    contract.Fault(list.Items[index].Line, path, "The version is there twice.");
                }

                versions.Add(version);
            }
        }

        if (versions.Count > 0 && versions.TrueForAll(one => one.Status == ContractStatus.Proposed))
        {
            contract.Fault("versions", "All of them are proposed: no message could be judged.");
        }

        return [.. versions.OrderByDescending(one => one.Version)];
    }

    private ContractVersion? ReadVersion(string path, ConfigNode node, string? planned)
    {
        int before = _faults.Count;
        var section = new ConfigSection(
            path,
            node,
            _faults,
            "version",
            "status",
            "deprecatedOn",
            "retiredOn",
            "required",
            "recommended",
            "schema"
        );
        SemanticVersion? version = section.RequiredText("version") is { } text
            ? SemanticVersion.Parse(text)
            : default(SemanticVersion);
        if (version is null)
        {
            section.Fault("version", "It must be MAJOR.MINOR.PATCH: 1.0.0.");
        }

        ContractStatus status = section.Word("status", ContractStatus.Active);
        DateOnly? deprecated = ReadDay(section, "deprecatedOn");
        DateOnly? retired = ReadDay(section, "retiredOn");
        if (retired < deprecated)
        {
            section.Fault("retiredOn", "It lies before the day on which the version is deprecated.");
        }

        (string Json, CompiledSchema Schema)? schema = ReadSchema(section);
        return _faults.Count > before || schema is not { } read || version is not { } number
            ? null
            : new ContractVersion(number, status, read.Json, read.Schema)
            {
                Declared = planned is null ? read.Schema.Declared() : read.Schema.DeclaredBelow(planned),
                DeprecatedOn = deprecated,
                RetiredOn = retired,
                Required = ReadFields(section, "required"),
                Recommended = ReadFields(section, "recommended"),
            };
    }

    private static ImmutableArray<string> ReadFields(ConfigSection section, string name)
    {
        ImmutableArray<ConfigNode> fields = section.Texts(name);
        if (fields.Length > FieldsMax)
        {
            section.Fault(name, $"There are over {FieldsMax}.");
        }

        return [.. fields.Select(one => one.Text)];
    }

    private static DateOnly? ReadDay(ConfigSection section, string name)
    {
        if (section.Find(name) is not { IsNothing: false } node)
        {
            return null;
        }

        if (
            DateOnly.TryParseExact(
                node.Text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateOnly day
            )
        )
        {
            return day;
        }

        section.Fault(name, "It must be a day: 2026-12-31.");
        return null;
    }

    private (string Json, CompiledSchema Schema)? ReadSchema(ConfigSection section)
    {
        if (section.Find("schema") is not { } node)
        {
            section.Fault("schema", "It is missing.");
            return null;
        }

        string path = section.PathOf("schema");
        if (ReadJson(path, node) is not { } json)
        {
            return null;
        }

        SchemaReading reading = CompiledSchema.Compile(json, _registered);
        foreach (SchemaFault fault in reading.Faults)
        {
            section.Fault(node.Line, path + fault.Pointer, fault.Message);
        }

        return reading.Schema is { } schema ? (json.GetRawText(), schema) : null;
    }

    /// <summary>A map of the file, or a text that holds JSON: YAML here is not nested as deep as a schema may be.</summary>
    private JsonElement? ReadJson(string path, ConfigNode node)
    {
        int before = _faults.Count;
        ReadOnlyMemory<byte> json = node is { Kind: ConfigKind.Text, IsQuoted: true }
            ? Encoding.UTF8.GetBytes(node.Text)
            : ConfigJson.Write(node, path, _faults);
        if (json.Length > SchemaLimits.BytesMax)
        {
            _faults.Add(new ConfigFault(node.Line, path, $"It has over {SchemaLimits.BytesMax} bytes."));
        }

        if (_faults.Count > before)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(
                json,
                new JsonDocumentOptions { MaxDepth = SchemaLimits.DepthMax * 2 }
            );
            // Once more, compact: the same schema is the same text, however it is laid out.
            using var compact = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(document.RootElement));
            return compact.RootElement.Clone();
        }
        catch (JsonException)
        {
            _faults.Add(new ConfigFault(node.Line, path, "It is no JSON."));
            return null;
        }
    }
}
