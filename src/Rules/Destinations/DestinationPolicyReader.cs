using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Rules.Destinations;

/// <summary>Reads <c>destinations.yaml</c>.</summary>
internal sealed class DestinationPolicyReader(PolicyFile file)
{
    /// <summary>Each effect is a row for each of them that gets it.</summary>
    private const int DestinationsMax = 200;

    private const int NameLengthMax = 63;
    private const int KeepDaysMax = 365;
    private const int FreshnessSecondsMax = 7 * 24 * 3600;

    private static readonly string[] s_members =
    [
        "owner",
        "kind",
        "address",
        "secrets",
        "purpose",
        "role",
        "effects",
        "messages",
        "audiences",
        "traits",
        "identifiers",
        "limits",
        "freshness",
        "method",
        "headers",
        "body",
        "object",
        "key",
        "map",
        "format",
    ];

    public static string UnknownEffect(IEnumerable<string> known) =>
        $"There is no such effect. Known: {string.Join(", ", known)}.";

    /// <summary>The policy; null after a fault.</summary>
    public DestinationPolicy? Read()
    {
        ConfigSection root = file.Section("keep", "destinations");
        var keep = new ConfigSection("keep", root.Find("keep"), file.Faults, "sent", "others");
        int sent = keep.Whole("sent", 1, 1, KeepDaysMax)!.Value;
        int others = keep.Whole("others", 30, 1, KeepDaysMax)!.Value;
        var all = new ConfigSection("destinations", root.Find("destinations"), file.Faults);
        ConfigMember[] members = [.. all.Members];
        if (members.Length > DestinationsMax)
        {
            all.Fault(
                all.Line,
                "destinations",
                string.Create(CultureInfo.InvariantCulture, $"There may be {DestinationsMax} at most.")
            );
        }

        var destinations = ImmutableSortedDictionary.CreateBuilder<string, Destination>(StringComparer.Ordinal);
        foreach (ConfigMember member in members.Take(DestinationsMax))
        {
            if (Read(all, member) is { } destination)
            {
                destinations[destination.Name] = destination;
            }
        }

        return file.Faults.Count > 0
            ? null
            : new DestinationPolicy(destinations.ToImmutable())
            {
                KeepsSent = TimeSpan.FromDays(sent),
                KeepsOthers = TimeSpan.FromDays(others),
            };
    }

    private Destination? Read(ConfigSection all, ConfigMember member)
    {
        string path = all.PathOf(member.Name);
        if (!IsName(member.Name))
        {
            all.Fault(
                member.Line,
                path,
                "A name has lower case letters, digits and hyphens, and begins with a letter: 63 at most."
            );
        }

        var section = new ConfigSection(path, member.Value, file.Faults, s_members);
        int before = file.Faults.Count;
        if (section.Find("kind") is null)
        {
            section.Fault("kind", "It is missing.");
        }

        DestinationKind kind = section.Word("kind", DestinationKind.Webhook);
        string? address = section.RequiredText("address");
        CheckAddress(section, kind, address);

        string? purpose = section.RequiredText("purpose");
        string? role = section.RequiredText("role");
        PolicyOwner? owner = file.OwnerOf(section);
        ImmutableArray<string> secrets = TextsOf(section, "secrets");
        if (kind is DestinationKind.Webhook or DestinationKind.HubSpot or DestinationKind.Salesforce && secrets.IsEmpty)
        {
            section.Fault("secrets", "It must name the setting that holds its secret.");
        }

        ImmutableArray<EffectKind> effects = EffectsOf(section);
        DestinationLimits limits = LimitsOf(section);
        HttpOptions? http = HttpOf(section, kind);
        CrmOptions? crm = CrmOf(section, kind);
        DeliveryFileOptions? files = FilesOf(section, kind);
        if (section.Find("map") is not null && crm is null && files is null)
        {
            Refuse(section, kind, "map");
        }

        int freshness = section.Whole("freshness", 300, 1, FreshnessSecondsMax)!.Value;
        if (file.Faults.Count > before || address is null || purpose is null || role is null || owner is null)
        {
            return null;
        }

        return new Destination(member.Name, kind, address, purpose, role, owner)
        {
            Secrets = secrets,
            Effects = effects,
            Messages = TextsOf(section, "messages"),
            Audiences = TextsOf(section, "audiences"),
            Traits = TextsOf(section, "traits"),
            Identifiers = TextsOf(section, "identifiers"),
            Http = http,
            Crm = crm,
            Files = files,
            Limits = limits,
            Freshness = TimeSpan.FromSeconds(freshness),
        };
    }

    private static void CheckAddress(ConfigSection section, DestinationKind kind, string? address)
    {
        if (address is null)
        {
            return;
        }

        if (kind == DestinationKind.Files)
        {
            if (!IsName(address))
            {
                section.Fault("address", "It must be the name of a folder: lower case letters, digits and hyphens.");
            }

            return;
        }

        string[] paths = [.. HttpTemplate.PathsOf(address)];
        if (paths.Length > 0 && kind != DestinationKind.Http)
        {
            section.Fault("address", "Only 'http' fills values into its address.");
        }

        if (paths.FirstOrDefault(path => !DeliveryPaths.IsPath(path)) is not null)
        {
            section.Fault("address", $"There is no such path. Known: {DeliveryPaths.Known}.");
        }

        CheckUrl(section, address);
    }

    /// <summary>
    /// A private host is no fault of the file: whether it may be called is an operator's setting, and is asked when it is connected to.
    /// Plain http is for those alone. Values may stand behind the host only: so none leads elsewhere.
    /// </summary>
    private static void CheckUrl(ConfigSection section, string address)
    {
        string bare = HttpTemplate.Bare(address);
        if (!Uri.TryCreate(bare, UriKind.Absolute, out Uri? uri))
        {
            section.Fault("address", "It must be an absolute URL with https.");
            return;
        }

        string secure = uri.Scheme == Uri.UriSchemeHttp ? "https" + bare[uri.Scheme.Length..] : bare;
        bool isPlain = uri.Scheme == Uri.UriSchemeHttp;
        if (isPlain && CallbackAddress.Problem(secure, []) is null)
        {
            section.Fault("address", "It must be an absolute URL with https.");
        }
        else if (CallbackAddress.Problem(secure, [uri.IdnHost.ToLowerInvariant()]) is { } problem)
        {
            section.Fault("address", $"The address {problem}.");
        }

        string authority = address.Split('/') is [_, _, var host, ..] ? host : "";
        if (authority.Contains('{', StringComparison.Ordinal) || authority.Contains('?', StringComparison.Ordinal))
        {
            section.Fault("address", "Values may stand behind the host only.");
        }
    }

    private HttpOptions? HttpOf(ConfigSection section, DestinationKind kind)
    {
        if (kind != DestinationKind.Http)
        {
            Refuse(section, kind, "method", "headers", "body");
            return null;
        }

        string method = section.Find("method") is { Kind: ConfigKind.Text, IsNothing: false } given
            ? given.Text
            : "POST";
        if (method is not ("POST" or "PUT" or "PATCH"))
        {
            section.Fault("method", "It must be POST, PUT or PATCH.");
        }

        var named = new ConfigSection(section.PathOf("headers"), section.Find("headers"), file.Faults);
        var headers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (ConfigMember header in named.Members)
        {
            if (!IsHeader(header))
            {
                named.Fault(
                    header.Line,
                    named.PathOf(header.Name),
                    "A header has a name of letters, digits and hyphens, and a text of ASCII; {secret.NAME} stands for a secret."
                );
            }
            else
            {
                headers[header.Name] = header.Value.Text;
            }
        }

        return new HttpOptions(
            method,
            headers.ToImmutable(),
            new TemplateReader(file.Faults).ReadBody(section, "body")
        );
    }

    private static bool IsHeader(ConfigMember header) =>
        header.Name.Length is > 0 and <= 100
        && header.Name.All(one => char.IsAsciiLetterOrDigit(one) || one == '-')
        && header.Value is { Kind: ConfigKind.Text, IsNothing: false, Text: { Length: <= 1_000 } text }
        && text.All(one => one is >= ' ' and <= '~')
        && HttpTemplate.PathsOf(text).All(path => path.StartsWith("secret.", StringComparison.Ordinal));

    private CrmOptions? CrmOf(ConfigSection section, DestinationKind kind)
    {
        if (kind is not (DestinationKind.HubSpot or DestinationKind.Salesforce))
        {
            Refuse(section, kind, "object", "key");
            return null;
        }

        string? of = section.RequiredText("object");
        string? key = section.RequiredText("key");
        ImmutableSortedDictionary<string, FieldSource> fields = new TemplateReader(file.Faults).ReadFields(
            section,
            "map"
        );
        if (key is not null && !fields.ContainsKey(key))
        {
            section.Fault("map", "It must say where the key comes from.");
        }

        return of is null || key is null ? null : new CrmOptions(of, key, fields);
    }

    private DeliveryFileOptions? FilesOf(ConfigSection section, DestinationKind kind)
    {
        if (kind != DestinationKind.Files)
        {
            Refuse(section, kind, "format");
            return null;
        }

        string format = section.Find("format") is { Kind: ConfigKind.Text, IsNothing: false } given
            ? given.Text
            : "ndjson";
        if (format is not ("ndjson" or "csv"))
        {
            section.Fault("format", "It must be one of: ndjson, csv.");
        }

        ImmutableSortedDictionary<string, FieldSource> fields = new TemplateReader(file.Faults).ReadFields(
            section,
            "map"
        );
        if ((format == "csv") == fields.IsEmpty)
        {
            section.Fault("map", "CSV needs its columns, and NDJSON has none.");
        }

        return new DeliveryFileOptions(format == "csv", [.. fields.Select(field => (field.Key, field.Value))]);
    }

    private static void Refuse(ConfigSection section, DestinationKind kind, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (section.Find(name) is not null)
            {
                section.Fault(name, $"The kind '{JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())}' has none.");
            }
        }
    }

    private static ImmutableArray<EffectKind> EffectsOf(ConfigSection section)
    {
        var kinds = ImmutableArray.CreateBuilder<EffectKind>();
        foreach (ConfigNode text in section.Texts("effects"))
        {
            EffectKind? kind = EffectKinds.ChosenWords.Contains(text.Text) ? EffectKinds.KindOf(text.Text) : null;
            if (kind is { } known)
            {
                kinds.Add(known);
            }
            else
            {
                section.Fault(
                    text.Line,
                    section.PathOf("effects"),
                    EffectKinds.Words.Contains(text.Text)
                        ? "It is told to whoever was sent the person before, and can't be chosen."
                        : UnknownEffect(EffectKinds.ChosenWords)
                );
            }
        }

        if (kinds.Count == 0)
        {
            section.Fault("effects", "It must name what is sent: " + string.Join(", ", EffectKinds.ChosenWords) + ".");
        }

        foreach (
            (string list, EffectKind[] of) in (ReadOnlySpan<(string, EffectKind[])>)
                [
                    ("messages", [EffectKind.Message]),
                    ("audiences", [EffectKind.AudienceEntered, EffectKind.AudienceLeft]),
                ]
        )
        {
            if (section.Find(list) is not null && !of.Any(kinds.Contains))
            {
                section.Fault(list, $"Its effects do not name {EffectKinds.WordOf(of[0])}.");
            }
        }

        return [.. kinds.Order()];
    }

    private DestinationLimits LimitsOf(ConfigSection section)
    {
        var limits = new ConfigSection(
            section.PathOf("limits"),
            section.Find("limits"),
            file.Faults,
            "perSecond",
            "concurrent",
            "batch",
            "timeout"
        );
        var standard = new DestinationLimits();
        return new DestinationLimits
        {
            PerSecond = limits.Whole("perSecond", standard.PerSecond, 1, 10_000)!.Value,
            Concurrent = limits.Whole("concurrent", standard.Concurrent, 1, 256)!.Value,
            Batch = limits.Whole("batch", standard.Batch, 1, 1_000)!.Value,
            Timeout = TimeSpan.FromSeconds(limits.Whole("timeout", (int)standard.Timeout.TotalSeconds, 1, 60)!.Value),
        };
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax
        && char.IsAsciiLetterLower(name[0])
        && name.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-');

    private static ImmutableArray<string> TextsOf(ConfigSection section, string name) =>
        [.. section.Texts(name).Select(text => text.Text)];
}
