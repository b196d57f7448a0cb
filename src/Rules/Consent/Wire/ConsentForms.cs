using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Consent.Wire.Cmp;
using Customer360.Rules.Consent.Wire.Gpp;
using Customer360.Rules.Consent.Wire.Signals;
using Customer360.Rules.Consent.Wire.Tcf;

namespace Customer360.Rules.Consent.Wire;

/// <summary>
/// Every form in which a consent arrives, by its name. A form that can't be read says nothing: no exception, and never a
/// grant that its whole text does not hold.
/// </summary>
public static class ConsentForms
{
    /// <summary>
    /// Two bit fields of all 65,535 vendors and one of those disclosed have 33,000 characters; real strings have 1,000.
    /// </summary>
    private const int TextLengthMax = 64 * 1024;

    private static readonly FrozenDictionary<string, WireForm> s_forms = new WireForm[]
    {
        new("segment", SegmentConsent.Read),
        new("rudderstack", RudderStackConsent.Read),
        new("onetrust", OneTrustConsent.Read, OneTrustConsent.ReadText),
        new("cookiebot", CookiebotConsent.Read, CookiebotConsent.ReadText),
        new("usercentrics", UsercentricsConsent.Read),
        new("didomi", DidomiConsent.Read),
        new("ketch", KetchConsent.Read),
        new("iubenda", IubendaConsent.Read),
        new("snowplow", SnowplowConsent.Read),
        new("unomi", UnomiConsent.Read),
        new("google", GoogleConsent.Read, GoogleConsent.ReadText),
        new(TcfEntries.Form, ReadValue: null, TcfEntries.ReadText),
        new(GppEntries.Form, GppEntries.Read, GppEntries.ReadText),
        new(UsPrivacyString.Form, ReadValue: null, UsPrivacyString.ReadText),
        new("gpc", GlobalPrivacyControl.Read, GlobalPrivacyControl.ReadText),
    }.ToFrozenDictionary(form => form.Name);

    /// <summary>The names of the forms.</summary>
    public static IReadOnlySet<string> Known { get; } = s_forms.Keys.ToFrozenSet();

    /// <summary>
    /// Reads a form at its JSON value; a JSON string is read as <see cref="ReadText"/> reads it. Empty where it can't be
    /// read, for any bytes.
    /// </summary>
    /// <param name="form">One of <see cref="Known"/>; another says nothing.</param>
    /// <param name="json">The value, canonical or not.</param>
    /// <param name="judgement">What its meaning depends on.</param>
    public static ImmutableArray<WireConsent> Read(string form, ReadOnlySpan<byte> json, WireJudgement judgement)
    {
        if (!s_forms.TryGetValue(form, out WireForm? found))
        {
            return [];
        }

        using JsonDocument? document = WireJson.Parse(json);
        if (document is null)
        {
            return [];
        }

        JsonElement value = document.RootElement;
        if (value.ValueKind == JsonValueKind.String)
        {
            return WireJson.TextOf(value) is { } text ? ReadText(form, text, judgement) : [];
        }

        var entries = new WireEntries(form, judgement);
        found.ReadValue?.Invoke(value, entries);
        return entries.ToImmutable();
    }

    /// <summary>Reads a form that is a text: a TC or GPP string, a header, a cookie. Empty where it can't be read.</summary>
    /// <param name="form">One of <see cref="Known"/>; another says nothing.</param>
    /// <param name="text">
    /// The text as it was sent, without space around it. Several headers of one name are one text with commas between them,
    /// as proxies write them.
    /// </param>
    /// <param name="judgement">What its meaning depends on.</param>
    public static ImmutableArray<WireConsent> ReadText(string form, string text, WireJudgement judgement)
    {
        if (text.Length > TextLengthMax || !s_forms.TryGetValue(form, out WireForm? found))
        {
            return [];
        }

        var entries = new WireEntries(form, judgement);
        found.ReadText?.Invoke(text, entries);
        return entries.ToImmutable();
    }
}
