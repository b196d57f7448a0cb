using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Rules.Destinations;

/// <summary>Reads what a destination has by its kind: its address, and how requests, records and files are made.</summary>
internal sealed class DestinationOptionsReader(ConfigSection section, DestinationKind kind, List<ConfigFault> faults)
{
    private const int ObjectLengthMax = 100;

    public void CheckAddress(string? address)
    {
        if (address is null)
        {
            return;
        }

        if (kind != DestinationKind.Files)
        {
            CheckUrl(section, address);
        }
        else if (!DestinationPolicyReader.IsName(address))
        {
            section.Fault("address", "It must be the name of a folder: lower case letters, digits and hyphens.");
        }
    }

    /// <summary>Of <c>http</c>; null of another kind.</summary>
    public HttpOptions? ReadHttp(string? address)
    {
        if (kind != DestinationKind.Http)
        {
            Refuse("method", "headers", "body", "correction");
            return null;
        }

        var named = new ConfigSection(section.PathOf("headers"), section.Find("headers"), faults);
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
            MethodOf(section, "POST", "PUT", "PATCH"),
            headers.ToImmutable(),
            new TemplateReader(faults).ReadBody(section, "body")
        )
        {
            Correction = ReadCorrection(address ?? ""),
        };
    }

    /// <summary>Of a CRM; null of another kind.</summary>
    public CrmOptions? ReadCrm()
    {
        if (kind is not (DestinationKind.HubSpot or DestinationKind.Salesforce))
        {
            Refuse("object", "key");
            return null;
        }

        string? of = section.RequiredText("object");
        string? key = section.RequiredText("key");
        foreach ((string name, string? text) in (ReadOnlySpan<(string, string?)>)[("object", of), ("key", key)])
        {
            if (text is not null && !IsObject(text))
            {
                section.Fault(name, "It has letters, digits, hyphens and underscores: 100 at most.");
            }
        }

        ImmutableSortedDictionary<string, FieldSource> fields = ReadMap();
        if (key is not null && !fields.ContainsKey(key))
        {
            section.Fault("map", "It must say where the key comes from.");
        }
        else if (key is not null && fields[key].Path is var path && DeliveryPaths.IdentifierTypeOf(path) is null)
        {
            section.Fault(
                "key",
                "It must come from an identifier (identifiers.TYPE): of a person who is erased nothing else is left by which the records are found."
            );
        }

        return of is null || key is null ? null : new CrmOptions(of, key, fields);
    }

    /// <summary>Of files; null of another kind.</summary>
    public DeliveryFileOptions? ReadFiles()
    {
        if (kind != DestinationKind.Files)
        {
            Refuse("format");
            if (kind is not (DestinationKind.HubSpot or DestinationKind.Salesforce))
            {
                Refuse("map");
            }

            return null;
        }

        string format = section.Find("format") is { Kind: ConfigKind.Text, IsNothing: false } given
            ? given.Text
            : "ndjson";
        if (format is not ("ndjson" or "csv"))
        {
            section.Fault("format", "It must be one of: ndjson, csv.");
        }

        ImmutableSortedDictionary<string, FieldSource> fields = ReadMap();
        if ((format == "csv") == fields.IsEmpty)
        {
            section.Fault("map", "CSV needs its columns, and NDJSON has none.");
        }
        else if (
            format == "csv"
            && !fields.Values.Any(field => field is { Path: DeliveryPaths.Type, As.IsEmpty: true })
        )
        {
            section.Fault(
                "map",
                "CSV needs a column {from: type}: without it a person who is to be deleted looks like one who has changed."
            );
        }

        return new DeliveryFileOptions(format == "csv", [.. fields.Select(field => (field.Key, field.Value))]);
    }

    /// <summary>
    /// A private host is no fault of the file: whether it may be called is an operator's setting, and is asked when it is connected to.
    /// Plain http is for those alone. Values may stand behind the host only: so none leads elsewhere.
    /// </summary>
    private void CheckUrl(ConfigSection within, string address)
    {
        string[] paths = [.. HttpTemplate.PathsOf(address)];
        if (paths.Length > 0 && kind != DestinationKind.Http)
        {
            within.Fault("address", "Only 'http' fills values into its address.");
        }

        if (paths.FirstOrDefault(path => !DeliveryPaths.IsPath(path)) is not null)
        {
            within.Fault("address", $"There is no such path. Known: {DeliveryPaths.Known}.");
        }

        string bare = HttpTemplate.Bare(address);
        if (!Uri.TryCreate(bare, UriKind.Absolute, out Uri? uri))
        {
            within.Fault("address", "It must be an absolute URL with https.");
            return;
        }

        string secure = uri.Scheme == Uri.UriSchemeHttp ? "https" + bare[uri.Scheme.Length..] : bare;
        bool isPlain = uri.Scheme == Uri.UriSchemeHttp;
        if (isPlain && CallbackAddress.Problem(secure, []) is null)
        {
            within.Fault("address", "It must be an absolute URL with https.");
        }
        else if (CallbackAddress.Problem(secure, [uri.IdnHost.ToLowerInvariant()]) is { } problem)
        {
            within.Fault("address", $"The address {problem}.");
        }

        string authority = address.Split('/') is [_, _, var host, ..] ? host : "";
        if (authority.Contains('{', StringComparison.Ordinal) || authority.Contains('?', StringComparison.Ordinal))
        {
            within.Fault("address", "Values may stand behind the host only.");
        }
    }

    /// <summary>Null where there is none: then nothing is corrected.</summary>
    private HttpCorrection? ReadCorrection(string address)
    {
        if (section.Find("correction") is not { } node)
        {
            return null;
        }

        var own = new ConfigSection(section.PathOf("correction"), node, faults, "address", "method", "body");
        string? other = own.Find("address") is null ? null : own.RequiredText("address");
        if (other is not null)
        {
            CheckUrl(own, other);
        }

        return new HttpCorrection(
            other ?? address,
            MethodOf(own, "POST", "PUT", "PATCH", "DELETE"),
            new TemplateReader(faults).ReadBody(own, "body")
        );
    }

    private ImmutableSortedDictionary<string, FieldSource> ReadMap() =>
        new TemplateReader(faults).ReadFields(section, "map");

    private static string MethodOf(ConfigSection within, params ReadOnlySpan<string> known)
    {
        string method = within.Find("method") is { Kind: ConfigKind.Text, IsNothing: false } given
            ? given.Text
            : "POST";
        if (!known.Contains(method))
        {
            within.Fault("method", $"It must be one of: {string.Join(", ", known)}.");
        }

        return method;
    }

    private static bool IsHeader(ConfigMember header) =>
        header.Name.Length is > 0 and <= 100
        && header.Name.All(one => char.IsAsciiLetterOrDigit(one) || one == '-')
        && header.Value is { Kind: ConfigKind.Text, IsNothing: false, Text: { Length: <= 1_000 } text }
        && text.All(one => one is >= ' ' and <= '~')
        && HttpTemplate.PathsOf(text).All(path => path.StartsWith("secret.", StringComparison.Ordinal));

    /// <summary>It stands in addresses of the CRM.</summary>
    private static bool IsObject(string text) =>
        text.Length is > 0 and <= ObjectLengthMax
        && text.All(one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-');

    private void Refuse(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (section.Find(name) is not null)
            {
                section.Fault(name, $"The kind '{JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())}' has none.");
            }
        }
    }
}
