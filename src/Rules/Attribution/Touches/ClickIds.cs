using System.Collections.Frozen;

namespace Customer360.Rules.Attribution;

/// <summary>A parameter that a network puts behind the address of a link.</summary>
/// <param name="Name">As it stands in the address.</param>
/// <param name="Source">Who put it there.</param>
/// <param name="Medium">What it means.</param>
/// <param name="IsProof">
/// It is there only where somebody has paid for the click, so it counts before <c>utm_*</c>. Others fill what those leave open:
/// Facebook's is on organic links, too.
/// </param>
public sealed record ClickId(string Name, string Source, string Medium, bool IsProof);

/// <summary>The click ids that are known.</summary>
public static class ClickIds
{
    private static readonly FrozenDictionary<string, ClickId> s_all = new ClickId[]
    {
        new("gclid", "google", "cpc", IsProof: true),
        new("gbraid", "google", "cpc", IsProof: true),
        new("wbraid", "google", "cpc", IsProof: true),
        new("gad_source", "google", "cpc", IsProof: true),
        new("dclid", "google", "display", IsProof: true),
        new("msclkid", "bing", "cpc", IsProof: true),
        new("yclid", "yandex", "cpc", IsProof: true),
        new("ttclid", "tiktok", "paid", IsProof: true),
        new("twclid", "twitter", "paid", IsProof: true),
        new("li_fat_id", "linkedin", "paid", IsProof: true),
        new("fbclid", "facebook", "social", IsProof: false),
        new("epik", "pinterest", "social", IsProof: false),
        new("srsltid", "shopping.google.com", "organic", IsProof: false),
        new("mc_eid", "mailchimp", "email", IsProof: false),
        new("_hsenc", "hubspot", "email", IsProof: false),
        new("_hsmi", "hubspot", "email", IsProof: false),
    }.ToFrozenDictionary(one => one.Name, StringComparer.Ordinal);

    public static ClickId? Find(string name) => s_all.GetValueOrDefault(name);
}
