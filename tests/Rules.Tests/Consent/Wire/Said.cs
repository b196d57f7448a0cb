using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Consent;
using Customer360.Rules.Consent.Wire;

namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>Reads a form and writes what it says as <c>ads=granted</c>, in the order of the ids.</summary>
internal static class Said
{
    public static readonly WireJudgement Judgement = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));

    public static string[] Json(string form, string json, params string[] asked) =>
        Of(ConsentForms.Read(form, Encoding.UTF8.GetBytes(json), Judgement with { AskedIds = [.. asked] }));

    public static string[] Text(string form, string text, params string[] asked) =>
        Of(ConsentForms.ReadText(form, text, Judgement with { AskedIds = [.. asked] }));

    public static string[] Of(ImmutableArray<WireConsent> entries)
    {
        Assert.All(entries, entry => Assert.NotEqual(ConsentStatus.Unknown, entry.Status));
        Assert.Equal(entries.Length, entries.DistinctBy(entry => (entry.Form, entry.Id)).Count());
        return
        [
            .. entries
                .Select(entry => $"{entry.Id}={(entry.Status == ConsentStatus.Granted ? "granted" : "denied")}")
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>What is granted, with its form: what must never grow when a text loses its end.</summary>
    public static HashSet<string> Grants(ImmutableArray<WireConsent> entries) =>
        [.. entries.Where(entry => entry.Status == ConsentStatus.Granted).Select(entry => $"{entry.Form} {entry.Id}")];
}
