using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>
/// GA4's default channel groups: 19, of which the first that meets a touch is its channel.
/// Source: Google's help, "[GA4] Default channel group"; the order is that of Velir/dbt-ga4 (macros/default_channel_grouping.sql).
/// </summary>
public static class ChannelGroups
{
    public const string Direct = "Direct";

    /// <summary>Another table is another version, and conversions are credited anew by it.</summary>
    public const string Version = "ga4-2026-11";

    private const string Unassigned = "Unassigned";

    private static readonly string[] s_displayMedia = ["display", "banner", "expandable", "interstitial", "cpm"];

    private static readonly string[] s_socialMedia =
    [
        "social",
        "social-network",
        "social-media",
        "sm",
        "social network",
        "social media",
    ];

    private static readonly string[] s_emailWords = ["email", "e-mail", "e_mail", "e mail"];

    private static readonly ImmutableArray<(string Name, Func<Traffic, bool> Meets)> s_groups =
    [
        (Direct, traffic => traffic.IsDirect),
        ("Cross-network", traffic => traffic.Campaign.Contains("cross-network", StringComparison.Ordinal)),
        ("Paid Shopping", traffic => traffic.IsPaid && traffic.IsShopping),
        ("Paid Search", traffic => traffic is { IsPaid: true, Category: SourceCategory.Search }),
        ("Paid Social", traffic => traffic is { IsPaid: true, Category: SourceCategory.Social }),
        ("Paid Video", traffic => traffic is { IsPaid: true, Category: SourceCategory.Video }),
        ("Display", traffic => s_displayMedia.Contains(traffic.Medium)),
        ("Paid Other", traffic => traffic.IsPaid),
        ("Organic Shopping", traffic => traffic.IsShopping),
        (
            "Organic Social",
            traffic => traffic.Category == SourceCategory.Social || s_socialMedia.Contains(traffic.Medium)
        ),
        (
            "Organic Video",
            traffic =>
                traffic.Category == SourceCategory.Video || traffic.Medium.Contains("video", StringComparison.Ordinal)
        ),
        ("Organic Search", traffic => traffic.Category == SourceCategory.Search || traffic.Medium == "organic"),
        ("Referral", traffic => traffic.Medium is "referral" or "app" or "link"),
        (
            "Email",
            traffic =>
                s_emailWords.Any(word =>
                    traffic.Source.Contains(word, StringComparison.Ordinal)
                    || traffic.Medium.Contains(word, StringComparison.Ordinal)
                )
        ),
        ("Affiliates", traffic => traffic.Medium == "affiliate"),
        ("Audio", traffic => traffic.Medium == "audio"),
        ("SMS", traffic => traffic.Source == "sms" || traffic.Medium == "sms"),
        (
            "Mobile Push",
            traffic =>
                traffic.Medium.EndsWith("push", StringComparison.Ordinal)
                || traffic.Medium.Contains("mobile", StringComparison.Ordinal)
                || traffic.Medium.Contains("notification", StringComparison.Ordinal)
                || traffic.Source == "firebase"
        ),
    ];

    /// <summary>All names, in the table's order.</summary>
    public static ImmutableArray<string> Names { get; } = [.. s_groups.Select(group => group.Name), Unassigned];

    public static string Of(TrafficSource source)
    {
        var traffic = new Traffic(source);
        foreach ((string name, Func<Traffic, bool> meets) in s_groups)
        {
            if (meets(traffic))
            {
                return name;
            }
        }

        return Unassigned;
    }

    /// <summary>What the table asks of a touch. What is not said is an empty text.</summary>
    private sealed class Traffic(TrafficSource from)
    {
        public string Source { get; } = from.Source ?? "";

        public string Medium { get; } = from.Medium ?? "";

        public string Campaign { get; } = from.Campaign ?? "";

        public SourceCategory Category { get; } = SourceCategories.Of(from.Source);

        public bool IsDirect => from.IsDirect;

        /// <summary><c>^(.*cp.*|ppc|retargeting|paid.*)$</c></summary>
        public bool IsPaid =>
            Medium.Contains("cp", StringComparison.Ordinal)
            || Medium is "ppc" or "retargeting"
            || Medium.StartsWith("paid", StringComparison.Ordinal);

        /// <summary>
        /// <c>^(.*(([^a-df-z]|^)shop|shopping).*)$</c>: "shop" at the beginning, or behind what is no letter or an e, and "shopping" anywhere.
        /// </summary>
        public bool IsShopping
        {
            get
            {
                if (Category == SourceCategory.Shopping || Campaign.Contains("shopping", StringComparison.Ordinal))
                {
                    return true;
                }

                for (
                    int at = Campaign.IndexOf("shop", StringComparison.Ordinal);
                    at >= 0;
                    at = Campaign.IndexOf("shop", at + 1, StringComparison.Ordinal)
                )
                {
                    if (at == 0 || Campaign[at - 1] is not ((>= 'a' and <= 'd') or (>= 'f' and <= 'z')))
                    {
                        return true;
                    }
                }

                return false;
            }
        }
    }
}
