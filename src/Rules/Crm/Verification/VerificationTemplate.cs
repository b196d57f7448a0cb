using System.Collections.Immutable;

namespace Customer360.Rules.Crm.Verification;

/// <summary>How a source proves that a request is its own.</summary>
public abstract record VerificationTemplate;

/// <summary>What a signature is made with.</summary>
public enum SignatureAlgorithm
{
    Sha256 = 1,
    Sha1 = 2,
    Sha512 = 3,
}

/// <summary>How a signature is written in its header.</summary>
public enum SignatureEncoding
{
    Hex = 1,
    Base64 = 2,
    Base64Url = 3,
}

/// <summary>How the text of a secret becomes the key.</summary>
public enum KeyEncoding
{
    /// <summary>Its UTF-8 bytes. So it is with Stripe, whose secrets look like those of Standard Webhooks and are not.</summary>
    Text = 1,

    Base64 = 2,

    Hex = 3,

    /// <summary>Base64 behind <c>whsec_</c>, which may be missing: Standard Webhooks.</summary>
    Prefixed = 4,
}

/// <summary>How a time stands in a header.</summary>
public enum TimestampUnit
{
    Seconds = 1,
    Milliseconds = 2,

    /// <summary>A text such as <c>2026-11-27T09:00:00Z</c>.</summary>
    Iso = 3,
}

/// <summary>A signature in a header, over parts of the request.</summary>
/// <param name="Headers">Names of the header; of several the first that is there counts.</param>
/// <param name="Content">What is signed.</param>
public sealed record SignatureTemplate(ImmutableArray<string> Headers, SignedContent Content) : VerificationTemplate
{
    public SignatureAlgorithm Algorithm { get; init; } = SignatureAlgorithm.Sha256;

    /// <summary>True: an HMAC with the secret as its key. False: a plain hash, of content that has the secret in it.</summary>
    public bool IsKeyed { get; init; } = true;

    public SignatureEncoding Encoding { get; init; } = SignatureEncoding.Hex;

    public KeyEncoding KeyEncoding { get; init; } = KeyEncoding.Text;

    /// <summary>What stands before each signature: <c>sha256=</c>. One without it is none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The header holds named parts; null: it holds the one signature.</summary>
    public SignatureList? List { get; init; }

    /// <summary>When it was sent, and how long it counts; null: the source does not say, so a request never grows stale.</summary>
    public TimestampTemplate? Timestamp { get; init; }

    /// <summary>Names of the header with the delivery's id, for content that has it.</summary>
    public ImmutableArray<string> IdHeaders { get; init; } = [];

    public bool Equals(SignatureTemplate? other) =>
        other is not null
        && Headers.SequenceEqual(other.Headers, StringComparer.Ordinal)
        && IdHeaders.SequenceEqual(other.IdHeaders, StringComparer.Ordinal)
        && (Content.Text, Algorithm, IsKeyed, Encoding, KeyEncoding, Prefix)
            == (other.Content.Text, other.Algorithm, other.IsKeyed, other.Encoding, other.KeyEncoding, other.Prefix)
        && Equals(List, other.List)
        && Equals(Timestamp, other.Timestamp);

    public override int GetHashCode() => Content.Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A header of named parts: <c>t=1492774577,v1=5257a8…,v1=…</c>. Of signatures any may be the right one.</summary>
/// <param name="Separator">Between two parts. White space around a part does not count.</param>
/// <param name="Assignment">Between a part's name and its value.</param>
/// <param name="SignatureName">The name of the parts that are signatures. Others, such as older versions, do not count.</param>
/// <param name="TimestampName">The name of the part that is the time; null: it has a header of its own, or there is none.</param>
public sealed record SignatureList(char Separator, char Assignment, string SignatureName, string? TimestampName);

/// <param name="Headers">Names of the header with the time; empty where it stands in the signature's list.</param>
/// <param name="Unit">How it is written.</param>
/// <param name="WindowSeconds">How far it may be from now, in the past and in the future.</param>
public sealed record TimestampTemplate(ImmutableArray<string> Headers, TimestampUnit Unit, int WindowSeconds)
{
    public bool Equals(TimestampTemplate? other) =>
        other is not null
        && Headers.SequenceEqual(other.Headers, StringComparer.Ordinal)
        && (Unit, WindowSeconds) == (other.Unit, other.WindowSeconds);

    public override int GetHashCode() => WindowSeconds;
}

/// <summary>Where a secret stands in the open.</summary>
public enum TokenPlace
{
    /// <summary>A header of the source's own.</summary>
    Header = 1,

    /// <summary><c>Authorization: Bearer …</c></summary>
    Bearer = 2,

    /// <summary><c>Authorization: Basic …</c>; the secret is <c>user:password</c>.</summary>
    Basic = 3,

    /// <summary>A parameter of the address that the source was given.</summary>
    Query = 4,

    /// <summary>A member of the JSON body.</summary>
    Body = 5,
}

/// <summary>A secret that the source sends as it is. It proves the sender and not the body, and a request never grows stale.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Name">The header, the parameter, or the path of the member (<c>$.token</c>); empty where the place needs none.</param>
public sealed record TokenTemplate(TokenPlace Place, string Name = "") : VerificationTemplate;
