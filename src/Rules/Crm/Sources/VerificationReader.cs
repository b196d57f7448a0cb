using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Crm.Verification;

namespace Customer360.Rules.Crm.Sources;

/// <summary>Reads <c>verify</c>: the name of a template and perhaps another window, or everything that a template says.</summary>
internal sealed class VerificationReader(ConfigSection section)
{
    private const int WindowSecondsMax = 3_600;

    public static string[] Members { get; } =
    [
        "template",
        "windowSeconds",
        "scheme",
        "name",
        "header",
        "content",
        "algorithm",
        "keyed",
        "encoding",
        "keyEncoding",
        "prefix",
        "separator",
        "assignment",
        "signatureName",
        "timestampName",
        "timestampHeader",
        "timestampUnit",
        "idHeader",
    ];

    private enum Scheme
    {
        Signature,
        Header,
        Bearer,
        Basic,
        Query,
        Body,
    }

    /// <summary>The template; null after a fault, or where there is nothing.</summary>
    public VerificationTemplate? Read()
    {
        if (!section.Members.Any())
        {
            return null;
        }

        if (section.Find("template") is null)
        {
            return section.Word("scheme", Scheme.Signature) switch
            {
                Scheme.Signature => ReadSignature(),
                Scheme.Bearer => ReadToken(TokenPlace.Bearer, isNamed: false),
                Scheme.Basic => ReadToken(TokenPlace.Basic, isNamed: false),
                Scheme.Header => ReadToken(TokenPlace.Header, isNamed: true),
                Scheme.Query => ReadToken(TokenPlace.Query, isNamed: true),
                _ => ReadToken(TokenPlace.Body, isNamed: true),
            };
        }

        Refuse(["template", "windowSeconds"], "A template says that already: give the whole of it, or none of it.");
        if (
            section.RequiredText("template") is not { } name
            || !VerificationTemplates.All.TryGetValue(name, out VerificationTemplate? template)
        )
        {
            section.Fault(
                "template",
                $"There is no such template. Known: {string.Join(", ", VerificationTemplates.All.Keys)}."
            );
            return null;
        }

        if (section.Find("windowSeconds") is null)
        {
            return template;
        }

        int window = Window(0);
        if (template is SignatureTemplate { Timestamp: { } timestamp } signature)
        {
            return signature with { Timestamp = timestamp with { WindowSeconds = window } };
        }

        section.Fault("windowSeconds", "The template has no time that could be in a window.");
        return null;
    }

    private TokenTemplate? ReadToken(TokenPlace place, bool isNamed)
    {
        Refuse(isNamed ? ["scheme", "name"] : ["scheme"], "It is for signatures.");
        string? name = isNamed ? section.RequiredText("name") : "";
        if (place == TokenPlace.Body && name is not null && !FieldPath.TryParse(name, out _, out string? fault))
        {
            section.Fault("name", fault);
        }

        return name is null ? null : new TokenTemplate(place, name);
    }

    private SignatureTemplate? ReadSignature()
    {
        Refuse([.. Members.Except(["template", "name"], StringComparer.Ordinal)], "It is for tokens.");
        ImmutableArray<string> headers = Headers("header");
        if (headers.IsEmpty)
        {
            section.Fault(
                "header",
                "It must name the header, or a list of names of which the first that is there counts."
            );
        }

        SignedContent? content = null;
        if (
            section.RequiredText("content") is { } text
            && !SignedContent.TryParse(text, out content, out string? fault)
        )
        {
            section.Fault("content", fault);
        }

        SignatureList? list = ReadList();
        TimestampTemplate? timestamp = ReadTimestamp(list);
        ImmutableArray<string> idHeaders = Headers("idHeader");
        if (content is null || headers.IsEmpty)
        {
            return null;
        }

        Require(content, SignedPart.Timestamp, timestamp is not null, "timestampHeader or timestampName");
        Require(content, SignedPart.Id, !idHeaders.IsEmpty, "idHeader");
        if (timestamp is not null && !content.Has(SignedPart.Timestamp))
        {
            section.Fault("content", "It must have {timestamp}: a time that is not signed can be changed by anybody.");
        }

        bool isKeyed = section.Flag("keyed", true);
        if (isKeyed == content.Has(SignedPart.Secret))
        {
            section.Fault("content", "It must have {secret} where keyed is false, and only there.");
        }

        return new SignatureTemplate(headers, content)
        {
            Algorithm = section.Word("algorithm", SignatureAlgorithm.Sha256),
            IsKeyed = isKeyed,
            Encoding = section.Word("encoding", SignatureEncoding.Hex),
            KeyEncoding = section.Word("keyEncoding", KeyEncoding.Text),
            Prefix = SourcesReader.TextOf(section, "prefix") ?? "",
            List = list,
            Timestamp = timestamp,
            IdHeaders = idHeaders,
        };
    }

    private SignatureList? ReadList()
    {
        if (section.Find("signatureName") is null)
        {
            foreach (string name in (string[])["separator", "assignment", "timestampName"])
            {
                if (section.Find(name) is not null)
                {
                    section.Fault(name, "It is for a header that is a list: say signatureName, too.");
                }
            }

            return null;
        }

        return section.RequiredText("signatureName") is { } signature
            ? new SignatureList(
                Letter("separator", ','),
                Letter("assignment", '='),
                signature,
                SourcesReader.TextOf(section, "timestampName")
            )
            : null;
    }

    private TimestampTemplate? ReadTimestamp(SignatureList? list)
    {
        ImmutableArray<string> headers = Headers("timestampHeader");
        bool isInList = list?.TimestampName is not null;
        if (headers.IsEmpty && !isInList)
        {
            foreach (string name in (string[])["timestampUnit", "windowSeconds"])
            {
                if (section.Find(name) is not null)
                {
                    section.Fault(name, "There is no time: say timestampHeader or timestampName.");
                }
            }

            return null;
        }

        return new TimestampTemplate(
            isInList ? [] : headers,
            section.Word("timestampUnit", TimestampUnit.Seconds),
            Window(300)
        );
    }

    private int Window(int otherwise) => section.Whole("windowSeconds", otherwise, 1, WindowSecondsMax)!.Value;

    private char Letter(string name, char otherwise)
    {
        if (section.Find(name) is not { } node)
        {
            return otherwise;
        }

        if (node is { Kind: ConfigKind.Text, Text.Length: 1 })
        {
            return node.Text[0];
        }

        section.Fault(name, "It must be one character.");
        return otherwise;
    }

    private ImmutableArray<string> Headers(string name) =>
        section.Find(name) switch
        {
            null => [],
            { Kind: ConfigKind.List } => [.. section.Texts(name).Select(text => text.Text)],
            _ => section.RequiredText(name) is { } one ? [one] : [],
        };

    private void Require(SignedContent content, SignedPart part, bool isThere, string member)
    {
        if (content.Has(part) && !isThere)
        {
            string place = JsonNamingPolicy.CamelCase.ConvertName(part.ToString());
            section.Fault("content", $"It has {{{place}}}, so {member} must say where that stands.");
        }
    }

    private void Refuse(IReadOnlyCollection<string> allowed, string message)
    {
        foreach (ConfigMember member in section.Members.Where(member => !allowed.Contains(member.Name)))
        {
            section.Fault(member.Name, message);
        }
    }
}
