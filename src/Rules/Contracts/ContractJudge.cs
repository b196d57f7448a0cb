using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Contracts.Schemas;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts;

/// <summary>A message that is to be judged.</summary>
/// <param name="Name">The event's, page's or screen's.</param>
internal readonly record struct ContractSubject(EventKind Kind, string? Name, string Source, DateTimeOffset ReceivedAt);

/// <summary>Says by which contract a message is judged, and what of it the message does not keep.</summary>
internal static class ContractJudge
{
    private static readonly SchemaViolation s_notJudged = new("", ContractViolations.NotJudged);

    /// <summary>The judgement; null where nobody asks anything of such messages.</summary>
    /// <param name="message">Canonical, as it was sent.</param>
    public static ContractJudgement? Judge(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        in ContractSubject subject,
        ContractsPolicy policy,
        string policyVersion
    )
    {
        if (policy.IsSilent)
        {
            return null;
        }

        if (policy.Find(subject.Kind, subject.Name, subject.Source) is not { } contract)
        {
            return Unplanned(subject, policy, policyVersion);
        }

        try
        {
            return Judge(message, fields, subject, contract, policy, policyVersion);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever went wrong: what nobody has looked at must not pass, and must not be lost. A person looks at it.
            return new ContractJudgement(
                policyVersion,
                contract.Title,
                contract.Versions[0].Version.ToString(),
                ContractMode.Quarantine,
                [s_notJudged]
            );
        }
    }

    private static ContractJudgement? Unplanned(
        in ContractSubject subject,
        ContractsPolicy policy,
        string policyVersion
    )
    {
        ContractMode mode =
            subject.Kind == EventKind.Track
                ? policy.UnplannedEventMode(subject.Source, subject.Name ?? "")
                : ContractMode.Allow;
        return mode == ContractMode.Allow
            ? null
            : new ContractJudgement(
                policyVersion,
                Contract: null,
                Version: null,
                mode,
                [new SchemaViolation("", ContractViolations.UnplannedEvent)]
            );
    }

    private static ContractJudgement Judge(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        in ContractSubject subject,
        EventContract contract,
        ContractsPolicy policy,
        string policyVersion
    )
    {
        ContractMode mode = policy.ViolationMode(subject.Source, contract.Title);
        ContractMode unplanned = policy.UnplannedPropertyMode(subject.Source, contract.Title);
        string? stated = StatedVersion(message, fields);
        JsonSlice part = PartOf(fields, subject.Kind);
        string name = NameOfPart(subject.Kind);
        ReadOnlySpan<byte> json = part.IsPresent ? part.Of(message) : "{}"u8;
        if (contract.Covers == ContractCover.Message)
        {
            json = message;
            name = "";
        }

        var reader = new Utf8JsonReader(json);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement value = document.RootElement;
        ContractVersion version = Choose(
            contract,
            stated,
            value,
            subject.ReceivedAt,
            out var violations,
            out bool isKnown
        );
        ContractStatus status = version.StatusAt(subject.ReceivedAt);
        ImmutableArray<SchemaViolation> general =
        [
            .. isKnown ? [] : (SchemaViolation[])[new("", ContractViolations.UnknownVersion)],
            .. status == ContractStatus.Retired ? [new("", ContractViolations.Retired)] : (SchemaViolation[])[],
        ];
        ContractMode done = violations.IsEmpty && general.IsEmpty ? ContractMode.Allow : mode;
        if (unplanned != ContractMode.Allow && HasUnplanned(contract, version, value, subject.Kind))
        {
            string path = contract.Covers == ContractCover.Message ? $"{NameOfPart(subject.Kind)}.*" : "*";
            violations = violations.Add(new SchemaViolation(path, ContractViolations.UnplannedProperty));
            done = done > unplanned ? done : unplanned;
        }

        foreach (string recommended in version.Recommended)
        {
            if (!Has(value, recommended))
            {
                violations = violations.Add(new SchemaViolation(recommended, ContractViolations.Recommended));
            }
        }

        return new ContractJudgement(
            policyVersion,
            contract.Title,
            version.Version.ToString(),
            done,
            [.. violations.Select(one => one with { Path = PathOf(name, one.Path) }), .. general]
        )
        {
            IsDeprecated = status == ContractStatus.Deprecated,
            MustCarry = contract.Identifiers,
            CarryMode = mode,
        };
    }

    /// <summary>The name of the member that a contract of such messages is about, or whose members it plans where it is about all of it.</summary>
    public static string NameOfPart(EventKind kind) =>
        kind is EventKind.Identify or EventKind.Group ? "traits" : "properties";

    /// <summary>Whatever the schema is about: what nobody has planned is looked for among the properties or traits.</summary>
    private static bool HasUnplanned(
        EventContract contract,
        ContractVersion version,
        JsonElement value,
        EventKind kind
    ) =>
        contract.Covers != ContractCover.Message
            ? version.Declared.CountOthers(value) > 0
            : value.TryGetProperty(NameOfPart(kind), out JsonElement part) && version.Declared.CountOthers(part) > 0;

    /// <summary>The version that the message names, else the newest that it keeps, else the newest.</summary>
    private static ContractVersion Choose(
        EventContract contract,
        string? stated,
        JsonElement value,
        DateTimeOffset at,
        out ImmutableArray<SchemaViolation> violations,
        out bool isKnown
    )
    {
        isKnown = true;
        if (stated is not null)
        {
            foreach (ContractVersion version in contract.Versions)
            {
                if (version.StatusAt(at) != ContractStatus.Proposed && version.Version.IsMeantBy(stated))
                {
                    violations = ViolationsOf(version, value);
                    return version;
                }
            }

            isKnown = false;
        }

        ContractVersion? newest = null;
        violations = [];
        foreach (ContractVersion version in contract.Versions)
        {
            if (version.StatusAt(at) == ContractStatus.Proposed)
            {
                continue;
            }

            ImmutableArray<SchemaViolation> found = ViolationsOf(version, value);
            if (found.IsEmpty)
            {
                violations = found;
                return version;
            }

            if (newest is null)
            {
                (newest, violations) = (version, found);
            }
        }

        return newest ?? throw new InvalidOperationException("All versions of the contract are proposed.");
    }

    private static ImmutableArray<SchemaViolation> ViolationsOf(ContractVersion version, JsonElement value)
    {
        ImmutableArray<SchemaViolation> violations = version.Schema.Violations(value);
        foreach (string required in version.Required)
        {
            var missing = new SchemaViolation(required, "required");
            if (!Has(value, required) && !violations.Contains(missing))
            {
                violations = violations.Add(missing);
            }
        }

        return violations;
    }

    private static bool Has(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty(name, out JsonElement member)
        && member.ValueKind != JsonValueKind.Null;

    /// <summary>That part of a message: its properties or traits.</summary>
    public static JsonSlice PartOf(in MessageFields fields, EventKind kind) =>
        kind switch
        {
            EventKind.Identify => EnvelopeText.StatedTraits(fields.Traits, fields.ContextTraits),
            EventKind.Group => fields.Traits,
            _ => fields.Properties,
        };

    private static string PathOf(string part, string path) =>
        part.Length == 0 ? path
        : path.Length == 0 || path[0] == '[' ? part + path
        : $"{part}.{path}";

    /// <summary><c>context.protocols.event_version</c>, a text or a number; null where the message names none.</summary>
    private static string? StatedVersion(ReadOnlySpan<byte> message, in MessageFields fields)
    {
        if (!fields.Context.IsObject || fields.Context.Of(message).IndexOf("\"event_version\""u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(fields.Context.Of(message));
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return
            document.RootElement.TryGetProperty("protocols"u8, out JsonElement protocols)
            && protocols.ValueKind == JsonValueKind.Object
            && protocols.TryGetProperty("event_version"u8, out JsonElement version)
            ? version.ValueKind switch
            {
                JsonValueKind.String => version.GetString(),
                JsonValueKind.Number => version.GetRawText(),
                _ => "",
            }
            : null;
    }
}
