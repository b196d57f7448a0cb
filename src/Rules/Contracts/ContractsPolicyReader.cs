using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Configuration;
using Customer360.Rules.Contracts.Compatibility;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Contracts;

/// <summary>Reads <c>contracts.yaml</c>: <c>modes</c>, <c>sources</c>, <c>schemas</c> and <c>contracts</c>.</summary>
internal sealed partial class ContractsPolicyReader(PolicyFile file)
{
    /// <summary>Contracts of a file at most: as many as a Segment tracking plan may have rules.</summary>
    public const int ContractsMax = 2_000;

    public const string UnknownKind =
        "There is no such kind of message with a contract. Known: track, identify, group, page, screen.";

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
}
