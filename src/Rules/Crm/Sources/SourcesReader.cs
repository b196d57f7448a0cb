using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Configuration;
using Customer360.Rules.Crm.HubSpot;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Crm.Verification;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Crm.Sources;

/// <summary>Reads <c>sources.yaml</c>. All faults are found, not only the first.</summary>
internal sealed class SourcesReader(PolicyFile file)
{
    private const int SourcesMax = 200;
    private const int NameLengthMax = 40;

    private static readonly ImmutableArray<string> s_common = ["kind", "verify"];
    private static readonly ImmutableArray<string> s_hubSpot = ["accounts", "ownApp", "fields"];
    private static readonly ImmutableArray<string> s_salesforce = ["organizations", "ownClient", "fields", "schemas"];
    private static readonly ImmutableArray<string> s_mapped = ["records", "id", "rules"];

    /// <summary>The policy; null after a fault.</summary>
    public SourcesPolicy? Read()
    {
        ConfigSection root = file.Section("sources");
        var section = new ConfigSection("sources", root.Find("sources"), file.Faults);
        var sources = ImmutableSortedDictionary.CreateBuilder<string, WebhookSource>(StringComparer.Ordinal);
        foreach (ConfigMember member in section.Members)
        {
            if (!IsName(member.Name))
            {
                section.Fault(
                    member.Line,
                    section.PathOf(member.Name[..Math.Min(member.Name.Length, NameLengthMax)]),
                    "A source is named by 1 to 40 lower-case letters and digits, with single underscores between them, a letter "
                        + "first: the name is part of an address and of a setting."
                );
            }
            else if (ReadSource(member, section.PathOf(member.Name)) is { } source)
            {
                sources[member.Name] = source;
            }
        }

        if (sources.Count > SourcesMax)
        {
            section.Fault(section.Line, "sources", $"It may have {SourcesMax} sources.");
        }

        return file.Faults.Count > 0 ? null : new SourcesPolicy(sources.ToImmutable());
    }

    private WebhookSource? ReadSource(ConfigMember member, string path)
    {
        var kindOnly = new ConfigSection(path, member.Value, []);
        SourceKind kind = kindOnly.Find("kind")?.Text switch
        {
            "hubspot" => SourceKind.HubSpot,
            "salesforce" => SourceKind.Salesforce,
            _ => SourceKind.Mapped,
        };
        ImmutableArray<string> own = kind switch
        {
            SourceKind.HubSpot => s_hubSpot,
            SourceKind.Salesforce => s_salesforce,
            _ => s_mapped,
        };
        var section = new ConfigSection(path, member.Value, file.Faults, [.. s_common, .. own]);
        if (kind == SourceKind.Mapped && section.Find("kind") is { Text: not "mapped" })
        {
            section.Fault("kind", "It must be one of: hubspot, salesforce, mapped.");
        }

        VerificationTemplate? verification = new VerificationReader(
            new ConfigSection(section.PathOf("verify"), section.Find("verify"), file.Faults, VerificationReader.Members)
        ).Read();
        if (section.Find("verify") is null)
        {
            section.Fault("verify", "It is missing: anybody could send in the source's name.");
        }

        ImmutableSortedDictionary<string, string> names = ReadNames(section);
        RecordMapping? mapping = kind == SourceKind.Mapped ? new MappingReader(section, file.Faults).Read() : null;
        HubSpotSource hubSpot = kind == SourceKind.HubSpot ? ReadHubSpot(section, names) : new HubSpotSource();
        SalesforceSource salesforce =
            kind == SourceKind.Salesforce ? ReadSalesforce(section, names) : new SalesforceSource();
        return verification is null
            ? null
            : new WebhookSource(member.Name, kind, verification)
            {
                HubSpot = hubSpot,
                Salesforce = salesforce,
                Mapping = mapping,
                FieldNames = names,
            };
    }

    private static HubSpotSource ReadHubSpot(ConfigSection section, ImmutableSortedDictionary<string, string> names)
    {
        ImmutableArray<ConfigNode> accounts = section.Texts("accounts");
        foreach (ConfigNode account in accounts.Where(one => !IsNumber(one.Text)))
        {
            section.Fault(account.Line, section.PathOf("accounts"), "It must be the number of an account (portal).");
        }

        return new HubSpotSource
        {
            Accounts = [.. accounts.Select(one => one.Text).Order(StringComparer.Ordinal)],
            OwnApp = TextOf(section, "ownApp"),
            Names = CrmFieldNames.HubSpot.With(names),
        };
    }

    private SalesforceSource ReadSalesforce(ConfigSection section, ImmutableSortedDictionary<string, string> names)
    {
        var organizations = ImmutableArray.CreateBuilder<string>();
        foreach (ConfigNode one in section.Texts("organizations"))
        {
            if (SalesforceId.TryNormalize(one.Text, out string? id))
            {
                organizations.Add(id);
            }
            else
            {
                section.Fault(
                    one.Line,
                    section.PathOf("organizations"),
                    "It must be an organization's id of 15 or 18 characters."
                );
            }
        }

        organizations.Sort(StringComparer.Ordinal);
        return new SalesforceSource
        {
            Organizations = organizations.ToImmutable(),
            OwnClient = TextOf(section, "ownClient"),
            Names = CrmFieldNames.Salesforce.With(names),
            Schemas = ReadSchemas(section),
        };
    }

    /// <summary><c>schemas: {Lead: [ChangeEventHeader, "Name(Salutation FirstName LastName)", Title]}</c></summary>
    private ImmutableDictionary<string, ChangeSchema> ReadSchemas(ConfigSection section)
    {
        var schemas = ImmutableDictionary.CreateBuilder<string, ChangeSchema>(StringComparer.Ordinal);
        var all = new ConfigSection(section.PathOf("schemas"), section.Find("schemas"), file.Faults);
        foreach (ConfigMember schema in all.Members)
        {
            var fields = ImmutableArray.CreateBuilder<(string, ImmutableArray<string>)>();
            foreach (ConfigNode field in all.Texts(schema.Name))
            {
                int at = field.Text.IndexOf('(', StringComparison.Ordinal);
                if (at > 0 && field.Text.EndsWith(')'))
                {
                    string[] members = field.Text[(at + 1)..^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    fields.Add((field.Text[..at], [.. members]));
                }
                else
                {
                    fields.Add((field.Text, []));
                }
            }

            schemas[schema.Name] = new ChangeSchema(fields.ToImmutable());
        }

        return schemas.ToImmutable();
    }

    /// <summary><c>fields: {hs_persona: persona, internal_note: ~}</c>; nothing leaves a field out.</summary>
    private ImmutableSortedDictionary<string, string> ReadNames(ConfigSection section)
    {
        var names = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var fields = new ConfigSection(section.PathOf("fields"), section.Find("fields"), file.Faults);
        foreach (ConfigMember field in fields.Members)
        {
            if (field.Value.Kind != ConfigKind.Text)
            {
                fields.Fault(
                    field.Line,
                    fields.PathOf(field.Name),
                    "It must be the field's name in profiles, or nothing."
                );
            }

            names[field.Name] = field.Value.IsNothing ? "" : field.Value.Text;
        }

        return names.ToImmutable();
    }

    internal static string? TextOf(ConfigSection section, string name) =>
        section.Find(name) is { IsNothing: false } ? section.RequiredText(name) : null;

    private static bool IsNumber(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax
        && char.IsAsciiLetterLower(name[0])
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')
        && !name.Contains("__", StringComparison.Ordinal)
        && name[^1] != '_';
}
