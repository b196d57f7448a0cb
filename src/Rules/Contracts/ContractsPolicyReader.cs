using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Configuration;
using Customer360.Rules.Contracts.Compatibility;
using Customer360.Rules.Contracts.Schemas;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Contracts;

/// <summary>Reads <c>contracts.yaml</c>: <c>modes</c>, <c>sources</c>, <c>schemas</c> and <c>contracts</c>.</summary>
internal sealed class ContractsPolicyReader(PolicyFile file)
{
    /// <summary>Contracts of a file at most: as many as a Segment tracking plan may have rules.</summary>
    public const int ContractsMax = 2_000;

    public const string UnknownKind =
        "There is no such kind of message with a contract. Known: track, identify, group, page, screen.";

    private const int VersionsMax = 50;
    private const int FieldsMax = 500;

    private readonly List<ConfigFault> _faults = file.Faults;
    private readonly Dictionary<string, JsonElement> _registered = new(StringComparer.Ordinal);

    public static EventKind? KindOf(string text) =>
        EventKinds.Parse(Encoding.UTF8.GetBytes(text)) is { } kind and not EventKind.Alias ? kind : null;

    public static string TextOf(ContractStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    /// <summary>What tells a contract from others: <c>track:Order Completed@shop,web</c>.</summary>
    public static string IdOf(EventContract contract) =>
        EventKinds.Text(contract.Kind)
        + (contract.Name is null ? "" : $":{contract.Name}")
        + (contract.Sources.IsEmpty ? "" : $"@{string.Join(',', contract.Sources)}");

    /// <summary>The policy; null after a fault.</summary>
    public ContractsPolicy? Read()
    {
        ConfigSection root = file.Section("modes", "sources", "schemas", "contracts");
        ContractModeSet modes = ReadModes(
            new ConfigSection(
                "modes",
                root.Find("modes"),
                _faults,
                "violations",
                "unplannedEvents",
                "unplannedProperties"
            )
        );
        ImmutableSortedDictionary<string, SourceModes> sources = ReadSources(root);
        foreach (ConfigMember member in new ConfigSection("schemas", root.Find("schemas"), _faults).Members)
        {
            ReadRegistered(member);
        }

        List<EventContract> contracts = [];
        ConfigNode? list = root.Find("contracts");
        if (list is { Kind: not ConfigKind.List, IsNothing: false })
        {
            root.Fault("contracts", "It must be a list.");
        }

        ImmutableArray<ConfigNode> items = list?.Items ?? [];
        if (items.Length > ContractsMax)
        {
            root.Fault("contracts", $"There are over {ContractsMax}.");
            return null;
        }

        for (int index = 0; index < items.Length; index++)
        {
            if (ReadContract($"contracts[{index}]", items[index]) is { } contract)
            {
                RefuseSecond(contracts, contract, items[index]);
                contracts.Add(contract);
                WarnOfBreaks(contract, $"contracts[{index}]", items[index]);
            }
        }

        return _faults.Count > 0
            ? null
            : new ContractsPolicy([.. contracts.OrderBy(IdOf, StringComparer.Ordinal)], modes, sources);
    }

    /// <summary>Whoever proposes a version that breaks what its number promises is told so, and may do it all the same.</summary>
    private void WarnOfBreaks(EventContract contract, string path, ConfigNode node)
    {
        foreach (ContractVersion version in contract.Versions)
        {
            if (ContractCompatibility.WarningOf(contract, version) is { } warning)
            {
                file.Warnings.Add(new ConfigFault(node.Line, $"{path}.versions.{version.Version}", warning));
            }
        }
    }

    private void RefuseSecond(List<EventContract> contracts, EventContract contract, ConfigNode node)
    {
        bool isSecond = contracts.Exists(other =>
            other.Kind == contract.Kind
            && other.Name == contract.Name
            && (
                other.Sources.IsEmpty
                || contract.Sources.IsEmpty
                || other.Sources.Intersect(contract.Sources, StringComparer.Ordinal).Any()
            )
        );
        if (isSecond)
        {
            _faults.Add(
                new ConfigFault(
                    node.Line,
                    "contracts",
                    "There is another contract of it, and so another owner, for the same source."
                )
            );
        }
    }

    private ImmutableSortedDictionary<string, SourceModes> ReadSources(ConfigSection root)
    {
        var sources = ImmutableSortedDictionary.CreateBuilder<string, SourceModes>(StringComparer.Ordinal);
        foreach (ConfigMember member in new ConfigSection("sources", root.Find("sources"), _faults).Members)
        {
            var section = new ConfigSection(
                $"sources.{member.Name}",
                member.Value,
                _faults,
                "violations",
                "unplannedEvents",
                "unplannedProperties",
                "events"
            );
            var events = ImmutableSortedDictionary.CreateBuilder<string, ContractModeSet>(StringComparer.Ordinal);
            foreach (
                ConfigMember one in new ConfigSection(section.PathOf("events"), section.Find("events"), _faults).Members
            )
            {
                events[one.Name] = ReadModes(
                    new ConfigSection(
                        $"{section.PathOf("events")}.{one.Name}",
                        one.Value,
                        _faults,
                        "violations",
                        "unplannedEvents",
                        "unplannedProperties"
                    )
                );
            }

            sources[member.Name] = new SourceModes(ReadModes(section), events.ToImmutable());
        }

        return sources.ToImmutable();
    }

    private static ContractModeSet ReadModes(ConfigSection section) =>
        new(
            ReadMode(section, "violations", mayAllow: false),
            ReadMode(section, "unplannedEvents", mayAllow: true),
            ReadMode(section, "unplannedProperties", mayAllow: true)
        );

    private static ContractMode? ReadMode(ConfigSection section, string name, bool mayAllow)
    {
        if (section.Find(name) is not { } node)
        {
            return null;
        }

        ContractMode? mode = node.Kind == ConfigKind.Text ? ContractModeNames.Parse(node.Text) : null;
        if (mode is null || (mode == ContractMode.Allow && !mayAllow))
        {
            section.Fault(
                name,
                mayAllow
                    ? $"It must be one of: {ContractModeNames.Known}."
                    : "It must be one of: observe, annotate, quarantine, refuse."
            );
        }

        return mode;
    }

    private void ReadRegistered(ConfigMember member)
    {
        if (
            !Uri.TryCreate(member.Name, UriKind.Absolute, out Uri? uri)
            || member.Name.Contains('#', StringComparison.Ordinal)
        )
        {
            _faults.Add(
                new ConfigFault(
                    member.Line,
                    "schemas",
                    "A schema is registered by its absolute address without a fragment."
                )
            );
            return;
        }

        if (ReadJson($"schemas.{member.Name}", member.Value) is { } json)
        {
            _registered[uri.AbsoluteUri] = json;
        }
    }

    private EventContract? ReadContract(string path, ConfigNode node)
    {
        int before = _faults.Count;
        var section = new ConfigSection(
            path,
            node,
            _faults,
            "type",
            "name",
            "description",
            "owner",
            "covers",
            "sources",
            "identifiers",
            "classes",
            "versions"
        );
        EventKind kind = EventKind.Track;
        if (section.Find("type") is { } type)
        {
            if (KindOf(type.Text) is { } known)
            {
                kind = known;
            }
            else
            {
                section.Fault("type", UnknownKind);
            }
        }

        bool hasName = kind is EventKind.Track or EventKind.Page or EventKind.Screen;
        string? name =
            kind == EventKind.Track || (hasName && section.Find("name") is not null)
                ? section.RequiredText("name")
                : null;
        if (!hasName && section.Find("name") is not null)
        {
            section.Fault("name", "Such messages have no name.");
        }

        PolicyOwner? owner = file.OwnerOf(section);
        bool isWhole = section.Find("covers") is { Text: "message" };
        if (section.Find("covers") is { Text: not ("part" or "message") })
        {
            section.Fault("covers", "It must be part (properties or traits) or message.");
        }

        ImmutableArray<ContractVersion> versions = ReadVersions(
            section,
            isWhole ? ContractJudge.NameOfPart(kind) : null
        );
        ImmutableSortedDictionary<string, FieldClass> classes = ReadClasses(section);
        return _faults.Count > before || owner is null
            ? null
            : new EventContract(kind, name, owner, versions)
            {
                Description = section.Find("description") is { IsNothing: false } text ? text.Text : null,
                Covers = isWhole ? ContractCover.Message : ContractCover.Part,
                Sources = [.. section.Texts("sources").Select(one => one.Text).Order(StringComparer.Ordinal)],
                Identifiers = [.. section.Texts("identifiers").Select(one => one.Text)],
                Classes = classes,
            };
    }

    private ImmutableSortedDictionary<string, FieldClass> ReadClasses(ConfigSection contract)
    {
        var classes = ImmutableSortedDictionary.CreateBuilder<string, FieldClass>(StringComparer.Ordinal);
        var section = new ConfigSection(contract.PathOf("classes"), contract.Find("classes"), _faults);
        foreach (ConfigMember member in section.Members)
        {
            if (ContractClasses.FieldOf(member.Name) is null)
            {
                section.Fault(member.Name, "It must name a field: traits.email, properties.total.");
            }
            else if (FieldClasses.Of(member.Value.Text) is { } of)
            {
                classes[member.Name] = of;
            }
            else
            {
                section.Fault(member.Name, $"It must be one of: {FieldClasses.Known}.");
            }
        }

        return classes.ToImmutable();
    }

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
