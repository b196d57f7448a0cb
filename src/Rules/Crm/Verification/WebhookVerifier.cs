using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Verification;

/// <summary>
/// Decides whether a request is its source's own. Every comparison takes a time that tells nothing of the right value, and all
/// secrets are tried, so that one can be replaced by another without a gap.
/// </summary>
public static class WebhookVerifier
{
    /// <summary>Parts of a list that are looked at; a header with more is somebody's attempt to have many tries.</summary>
    private const int SignaturesMax = 10;

    private const string PrefixedMark = "whsec_";

    private static readonly JsonReaderOptions s_shallow = new() { MaxDepth = 64 };

    /// <summary>Null: it is. Else why it is not.</summary>
    /// <param name="template">How the source proves itself.</param>
    /// <param name="request">What came.</param>
    /// <param name="secrets">The source's secrets; a repeat with any of them counts.</param>
    /// <param name="now">When it came.</param>
    public static VerificationRefusal? Check(
        VerificationTemplate template,
        WebhookRequest request,
        ImmutableArray<string> secrets,
        DateTimeOffset now
    ) =>
        secrets.IsDefaultOrEmpty ? new SecretNotSet()
        : template is SignatureTemplate signature ? Check(signature, request, secrets, now)
        : Check((TokenTemplate)template, request, secrets);

    /// <summary>The key that a secret's text stands for; null where it is not written as the template says.</summary>
    public static byte[]? KeyOf(string secret, KeyEncoding encoding)
    {
        try
        {
            return encoding switch
            {
                KeyEncoding.Text => Encoding.UTF8.GetBytes(secret),
                KeyEncoding.Hex => Convert.FromHexString(secret),
                KeyEncoding.Base64 => Convert.FromBase64String(secret),
                KeyEncoding.Prefixed => Convert.FromBase64String(
                    secret.StartsWith(PrefixedMark, StringComparison.Ordinal) ? secret[PrefixedMark.Length..] : secret
                ),
                _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "An unknown encoding."),
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static VerificationRefusal? Check(
        SignatureTemplate template,
        WebhookRequest request,
        ImmutableArray<string> secrets,
        DateTimeOffset now
    )
    {
        if (First(template.Headers, request) is not { } header)
        {
            return new SignatureMissing();
        }

        string? timestamp = null;
        if (template.Timestamp is { } rule)
        {
            timestamp = template.List?.TimestampName is { } name
                ? PartsOf(header, template.List).FirstOrDefault(part => part.Name == name).Value
                : First(rule.Headers, request);
            if (timestamp is null || !IsFresh(timestamp, rule, now))
            {
                return new SignatureStale(rule.WindowSeconds);
            }
        }

        string? id = First(template.IdHeaders, request);
        if (id is null && template.Content.Has(SignedPart.Id))
        {
            return new SignatureMissing();
        }

        List<byte[]> given = Signatures(header, template);
        if (given.Count == 0)
        {
            return new SignatureMissing();
        }

        bool isRight = false;
        foreach (string secret in secrets)
        {
            if (Sign(template, request, secret, timestamp, id) is not { } right)
            {
                continue;
            }

            foreach (byte[] one in given)
            {
                // No way out of the loop at the first that fits: the time would tell which secret it was.
                isRight |= CryptographicOperations.FixedTimeEquals(one, right);
            }
        }

        return isRight ? null : new SignatureWrong();
    }

    private static byte[]? Sign(
        SignatureTemplate template,
        WebhookRequest request,
        string secret,
        string? timestamp,
        string? id
    )
    {
        HashAlgorithmName algorithm = template.Algorithm switch
        {
            SignatureAlgorithm.Sha1 => HashAlgorithmName.SHA1,
            SignatureAlgorithm.Sha512 => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        if (KeyOf(secret, template.KeyEncoding) is not { Length: > 0 } key)
        {
            return null;
        }

        using var hash = template.IsKeyed
            ? IncrementalHash.CreateHMAC(algorithm, key)
            : IncrementalHash.CreateHash(algorithm);
        foreach ((SignedPart part, string text) in template.Content.Parts)
        {
            if (part == SignedPart.Body)
            {
                hash.AppendData(request.Body.Span);
                continue;
            }

            if (part == SignedPart.Secret)
            {
                hash.AppendData(key);
                continue;
            }

            string signed = part switch
            {
                SignedPart.Timestamp => timestamp ?? "",
                SignedPart.Id => id ?? "",
                SignedPart.Method => request.Method,
                SignedPart.Url => request.Url,
                SignedPart.DecodedUrl => HubSpotUrl.Decode(request.Url),
                _ => text,
            };
            hash.AppendData(Encoding.UTF8.GetBytes(signed));
        }

        return hash.GetHashAndReset();
    }

    /// <summary>The signatures that a header holds, as bytes. What is not written as the template says is none.</summary>
    private static List<byte[]> Signatures(string header, SignatureTemplate template)
    {
        List<byte[]> found = [];
        IEnumerable<string> texts = template.List is { } list
            ? PartsOf(header, list).Where(part => part.Name == list.SignatureName).Select(part => part.Value)
            : [header.Trim()];
        foreach (string text in texts.Take(SignaturesMax))
        {
            if (
                text.StartsWith(template.Prefix, StringComparison.Ordinal)
                && Decode(text[template.Prefix.Length..], template.Encoding) is { Length: > 0 } bytes
            )
            {
                found.Add(bytes);
            }
        }

        return found;
    }

    private static byte[]? Decode(string text, SignatureEncoding encoding)
    {
        try
        {
            return encoding switch
            {
                SignatureEncoding.Hex => Convert.FromHexString(text),
                SignatureEncoding.Base64Url => Base64Url.DecodeFromChars(text),
                _ => Convert.FromBase64String(text),
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Name, string Value)> PartsOf(string header, SignatureList list)
    {
        foreach (string part in header.Split(list.Separator, StringSplitOptions.TrimEntries))
        {
            int at = part.IndexOf(list.Assignment, StringComparison.Ordinal);
            if (at > 0)
            {
                yield return (part[..at], part[(at + 1)..]);
            }
        }
    }

    private static bool IsFresh(string text, TimestampTemplate rule, DateTimeOffset now)
    {
        DateTimeOffset? sent = rule.Unit switch
        {
            TimestampUnit.Iso => Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out DateTimeOffset time) ? time : null,
            TimestampUnit.Milliseconds => OfTicks(text, TimeSpan.TicksPerMillisecond),
            _ => OfTicks(text, TimeSpan.TicksPerSecond),
        };
        return sent is { } at && (now - at).Duration() <= TimeSpan.FromSeconds(rule.WindowSeconds);
    }

    private static DateTimeOffset? OfTicks(string text, long ticks)
    {
        long last = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / ticks;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count <= last
            ? DateTimeOffset.UnixEpoch.AddTicks(count * ticks)
            : null;
    }

    private static VerificationRefusal? Check(
        TokenTemplate template,
        WebhookRequest request,
        ImmutableArray<string> secrets
    )
    {
        string? given = template.Place switch
        {
            TokenPlace.Header => request.Header(template.Name),
            TokenPlace.Query => request.Query(template.Name),
            TokenPlace.Body => InBody(request.Body, template.Name),
            TokenPlace.Bearer => Credentials(request, "Bearer "),
            TokenPlace.Basic => OfBasic(Credentials(request, "Basic ")),
            _ => throw new ArgumentOutOfRangeException(nameof(template), template.Place, "An unknown place."),
        };
        if (string.IsNullOrEmpty(given))
        {
            return new SignatureMissing();
        }

        // Hashes have one length, so the time does not tell how long the secret is.
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(given));
        bool isRight = false;
        foreach (string secret in secrets)
        {
            isRight |= CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        }

        return isRight ? null : new SignatureWrong();
    }

    private static string? InBody(ReadOnlyMemory<byte> body, string path)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span, s_shallow);
            using var document = JsonDocument.ParseValue(ref reader);
            return
                FieldPath.TryParse(path, out FieldPath? found, out _)
                && found.Find(document.RootElement) is { ValueKind: JsonValueKind.String } token
                ? token.GetString()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or half of a surrogate pair: there is no token in it.
            return null;
        }
    }

    private static string? Credentials(WebhookRequest request, string scheme) =>
        request.Header("Authorization") is { } header && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? header[scheme.Length..].Trim()
            : null;

    private static string? OfBasic(string? encoded)
    {
        if (encoded is null)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? First(ImmutableArray<string> names, WebhookRequest request) =>
        names.Select(request.Header).FirstOrDefault(value => !string.IsNullOrEmpty(value));
}
