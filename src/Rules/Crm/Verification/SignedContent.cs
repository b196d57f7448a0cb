using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Customer360.Rules.Crm.Verification;

/// <summary>A part of a request that a signature can be over.</summary>
public enum SignedPart
{
    /// <summary>Text of the template itself.</summary>
    Fixed = 0,

    Body = 1,
    Timestamp = 2,
    Id = 3,
    Method = 4,
    Url = 5,

    /// <summary>The address as HubSpot signs it: <see cref="HubSpotUrl"/>.</summary>
    DecodedUrl = 6,

    Secret = 7,
}

/// <summary>What is signed, as a text with places for parts of the request: <c>{id}.{timestamp}.{body}</c>.</summary>
public sealed class SignedContent
{
    private static readonly ImmutableDictionary<string, SignedPart> s_places = new Dictionary<string, SignedPart>(
        StringComparer.Ordinal
    )
    {
        ["body"] = SignedPart.Body,
        ["timestamp"] = SignedPart.Timestamp,
        ["id"] = SignedPart.Id,
        ["method"] = SignedPart.Method,
        ["url"] = SignedPart.Url,
        ["decodedUrl"] = SignedPart.DecodedUrl,
        ["secret"] = SignedPart.Secret,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    private SignedContent(string text, ImmutableArray<(SignedPart Part, string Text)> parts) =>
        (Text, Parts) = (text, parts);

    /// <summary>The names that may stand between braces, in order.</summary>
    public static IEnumerable<string> Places => s_places.Keys.Order(StringComparer.Ordinal);

    /// <summary>As written.</summary>
    public string Text { get; }

    internal ImmutableArray<(SignedPart Part, string Text)> Parts { get; }

    /// <summary>Makes one of a text that is known to be right.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static SignedContent Of(string text) =>
        TryParse(text, out SignedContent? content, out string? fault)
            ? content
            : throw new ArgumentException(fault, nameof(text));

    public bool Has(SignedPart part) => Parts.Any(one => one.Part == part);

    /// <summary>Reads a template's text; what is wrong with it is one sentence.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out SignedContent? content,
        [NotNullWhen(false)] out string? fault
    )
    {
        content = null;
        var parts = ImmutableArray.CreateBuilder<(SignedPart, string)>();
        int at = 0;
        while (at < text.Length)
        {
            int brace = text.IndexOf('{', at);
            int end = brace < 0 ? -1 : text.IndexOf('}', brace);
            if (brace < 0)
            {
                parts.Add((SignedPart.Fixed, text[at..]));
                break;
            }

            if (end < 0 || !s_places.TryGetValue(text[(brace + 1)..end], out SignedPart part))
            {
                fault = $"Between braces it may have: {string.Join(", ", Places)}.";
                return false;
            }

            if (brace > at)
            {
                parts.Add((SignedPart.Fixed, text[at..brace]));
            }

            parts.Add((part, ""));
            at = end + 1;
        }

        // Whoever may change the body may say anything in the source's name.
        if (!parts.Any(one => one.Item1 == SignedPart.Body))
        {
            fault = "It must have {body}: a signature that is not over the body proves nothing about it.";
            return false;
        }

        fault = null;
        content = new SignedContent(text, parts.DrainToImmutable());
        return true;
    }
}
