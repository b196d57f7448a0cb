using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Contracts;

/// <summary><c>contracts.yaml</c>: what events and traits must look like, who owns them, and what is done with what does not.</summary>
public sealed class ContractsPolicyKind() : PolicyKind<ContractsPolicy>(KindName, BuiltInFile)
{
    public const string KindName = "contracts";

    private const string BuiltInFile = """
        owner: {team: data, contact: data}
        # What is done with a message that does not keep its contract, or has none: nothing, until somebody says more.
        modes: {violations: observe, unplannedEvents: allow, unplannedProperties: allow}
        contracts: []
        """;

    private static readonly DateTimeOffset s_noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public override bool NeedsOwner => true;

    public override bool WantsExamples => true;

    /// <summary>Hundreds of contracts have their room.</summary>
    public override int CharactersMax => 1024 * 1024;

    protected override ContractsPolicy? Read(PolicyFile file) => new ContractsPolicyReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, ContractsPolicy policy)
    {
        writer.WriteStartObject();
        Write(writer, "modes", policy.Modes);
        writer.WriteStartObject("sources"u8);
        foreach ((string source, SourceModes modes) in policy.Sources)
        {
            writer.WriteStartObject(source);
            Write(writer, "modes", modes.Modes);
            writer.WriteStartObject("events"u8);
            foreach ((string name, ContractModeSet one) in modes.Events)
            {
                Write(writer, name, one);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("contracts"u8);
        foreach (EventContract contract in policy.Contracts)
        {
            Write(writer, contract);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>
    /// <c>input: {type?, name?, source?, version?, carries?: [type], properties?|traits?: {…}, message?: {…}, at?}</c> →
    /// <c>expect: {mode, contract, version, violations: ["path kind", …]}</c>.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(ContractsPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section(
            "type",
            "name",
            "source",
            "version",
            "carries",
            "properties",
            "traits",
            "message",
            "at"
        );
        EventKind kind = EventKind.Track;
        if (input.Find("type") is { } type)
        {
            kind = ContractsPolicyReader.KindOf(type.Text) ?? default;
            if (kind == default)
            {
                input.Fault("type", ContractsPolicyReader.UnknownKind);
                kind = EventKind.Track;
            }
        }

        string? name = input.Find("name")?.Text;
        byte[] message = MessageOf(input);
        ContractJudgement? judgement = ContractJudge.Judge(
            message,
            MessageFields.Find(message),
            new ContractSubject(kind, name, input.Find("source")?.Text ?? "", AtOf(input)),
            policy,
            "example"
        );
        if (input.Find("carries") is not null)
        {
            judgement = judgement?.CarriedBy([
                .. input.Texts("carries").Select(one => Identifier.Create(one.Text, "example")),
            ]);
        }

        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["mode"] = ContractModeNames.Text(judgement?.Mode ?? ContractMode.Allow),
            ["contract"] = judgement?.Contract ?? "",
            ["version"] = judgement?.Version ?? "",
            ["violations"] = string.Join(
                ", ",
                (judgement?.Violations ?? []).Select(one => $"{one.Path} {one.Kind}".TrimStart())
            ),
        };
    }

    private static DateTimeOffset AtOf(ConfigSection input)
    {
        if (input.Find("at") is not { IsNothing: false } at)
        {
            return s_noon;
        }

        if (
            DateOnly.TryParseExact(
                at.Text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateOnly day
            )
        )
        {
            return new DateTimeOffset(day, new TimeOnly(12, 0), TimeSpan.Zero);
        }

        input.Fault("at", "It must be a day: 2026-12-31.");
        return s_noon;
    }

    private static byte[] MessageOf(ConfigSection input)
    {
        List<ConfigFault> faults = [];
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            if (input.Find("message") is { } whole)
            {
                ConfigJson.Write(writer, whole, "message", faults);
            }
            else
            {
                writer.WriteStartObject();
                foreach (string part in (string[])["properties", "traits"])
                {
                    if (input.Find(part) is { } node)
                    {
                        writer.WritePropertyName(part);
                        ConfigJson.Write(writer, node, part, faults);
                    }
                }

                if (input.Find("version") is { } version)
                {
                    writer.WriteStartObject("context"u8);
                    writer.WriteStartObject("protocols"u8);
                    writer.WriteString("event_version"u8, version.Text);
                    writer.WriteEndObject();
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
            }
        }

        foreach (ConfigFault fault in faults)
        {
            input.Fault(fault.Line, input.PathOf(fault.Rule), fault.Message);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, ContractModeSet modes)
    {
        writer.WriteStartObject(name);
        Write(writer, "violations", modes.Violations);
        Write(writer, "unplannedEvents", modes.UnplannedEvents);
        Write(writer, "unplannedProperties", modes.UnplannedProperties);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, ContractMode? mode)
    {
        if (mode is { } one)
        {
            writer.WriteString(name, ContractModeNames.Text(one));
        }
    }

    private static void Write(Utf8JsonWriter writer, EventContract contract)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, ContractsPolicyReader.IdOf(contract));
        writer.WriteString("type"u8, EventKinds.Text(contract.Kind));
        writer.WriteString("name"u8, contract.Name);
        writer.WriteString("description"u8, contract.Description);
        writer.WriteString("team"u8, contract.Owner.Team);
        writer.WriteString("contact"u8, contract.Owner.Contact);
        writer.WriteString("covers"u8, contract.Covers == ContractCover.Message ? "message"u8 : "part"u8);
        Write(writer, "sources", contract.Sources);
        Write(writer, "identifiers", contract.Identifiers);
        writer.WriteStartObject("classes"u8);
        foreach ((string path, FieldClass of) in contract.Classes)
        {
            writer.WriteString(path, FieldClasses.Text(of));
        }

        writer.WriteEndObject();
        writer.WriteStartArray("versions"u8);
        foreach (ContractVersion version in contract.Versions)
        {
            writer.WriteStartObject();
            writer.WriteString("version"u8, version.Version.ToString());
            writer.WriteString("status"u8, ContractsPolicyReader.TextOf(version.Status));
            writer.WriteString("deprecatedOn"u8, version.DeprecatedOn?.ToString("O", null));
            writer.WriteString("retiredOn"u8, version.RetiredOn?.ToString("O", null));
            Write(writer, "required", version.Required);
            Write(writer, "recommended", version.Recommended);
            writer.WritePropertyName("schema"u8);
            writer.WriteRawValue(version.SchemaJson);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
