using System.Collections.Frozen;

namespace Customer360.Rules.Attribution;

/// <summary>What an address that a visit came from means.</summary>
public enum ReferrerKind
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>Another site: it says where the visit came from.</summary>
    Site = 1,

    /// <summary>One's own, or a payment, sign-in or CRM page on the way: the visit goes on as it began.</summary>
    Continues = 2,

    /// <summary>Known for referrer spam: the touch is left out, with this reason.</summary>
    Spam = 3,
}

/// <summary>Tells what referrers mean.</summary>
/// <param name="own">One's own hosts, each with all below it.</param>
/// <param name="continuing">Hosts beside the known ones that a visit goes through.</param>
public sealed class Referrers(IEnumerable<string> own, IEnumerable<string> continuing)
{
    private const int HostLengthMax = 253;

    /// <summary>Payment, 3-D Secure, sign-in and CRM pages that people come back from.</summary>
    private static readonly string[] s_known =
    [
        "paypal.com",
        "paypalobjects.com",
        "checkout.stripe.com",
        "hooks.stripe.com",
        "js.stripe.com",
        "klarna.com",
        "playground.klarna.com",
        "pay.google.com",
        "payments.google.com",
        "pay.amazon.com",
        "payments.amazon.com",
        "pay.shopify.com",
        "checkout.shopify.com",
        "adyen.com",
        "worldpay.com",
        "sofort.com",
        "mollie.com",
        "braintreegateway.com",
        "secure.checkout.visa.com",
        "3dsecure.io",
        "arcot.com",
        "cardinalcommerce.com",
        "securesuite.co.uk",
        "accounts.google.com",
        "login.microsoftonline.com",
        "login.live.com",
        "appleid.apple.com",
        "okta.com",
        "oktapreview.com",
        "auth0.com",
        "onelogin.com",
        "force.com",
        "salesforce.com",
        "app.hubspot.com",
    ];

    private static readonly FrozenSet<string> s_spam = new[]
    {
        "semalt.com",
        "buttons-for-website.com",
        "darodar.com",
        "ilovevitaly.com",
        "best-seo-offer.com",
        "best-seo-solution.com",
        "get-free-traffic-now.com",
        "traffic2money.com",
        "event-tracking.com",
        "free-share-buttons.com",
        "simple-share-buttons.com",
        "trafficbot.life",
        "bot-traffic.icu",
        "news.grets.store",
        "static.seders.website",
        "rida.tokyo",
        "kar.razas.site",
        "ofer.bartikus.site",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenSet<string> _continuing = own.Concat(continuing)
        .Concat(s_known)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What the host means; the page's own host goes on, too.</summary>
    public ReferrerKind KindOf(string? host, string? pageHost) =>
        host is null ? ReferrerKind.None
        : IsAmong(s_spam, host) ? ReferrerKind.Spam
        : host == pageHost || IsAmong(_continuing, host) ? ReferrerKind.Continues
        : ReferrerKind.Site;

    /// <summary>What a site is as a source.</summary>
    public static TrafficSource SourceOf(string host)
    {
        if (host is "com.google.android.gm" or "mail.google.com")
        {
            return new TrafficSource("gmail", "email", null);
        }

        string name = host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
        return SourceCategories.EngineOf(name) is { } engine && SourceCategories.Of(name) == SourceCategory.Search
                ? new TrafficSource(engine, "organic", null)
            : SourceCategories.Of(name) == SourceCategory.Search ? new TrafficSource(name, "organic", null)
            : new TrafficSource(name, "referral", null);
    }

    /// <summary>The host of an address, in lower case: of <c>android-app://com.example/</c> the app's name; null: it has none.</summary>
    public static string? HostOf(string? address)
    {
        if (address is null)
        {
            return null;
        }

        int scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = address.AsSpan(scheme + 3);
        int end = rest.IndexOfAny('/', '?', '#');
        rest = end < 0 ? rest : rest[..end];
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        int port = rest.IndexOf(':');
        rest = (port < 0 ? rest : rest[..port]).TrimEnd('.');
        return rest.Length is 0 or > HostLengthMax || rest.ContainsAny(' ', '\t', '%')
            ? null
            : rest.ToString().ToLowerInvariant();
    }

    private static bool IsAmong(FrozenSet<string> hosts, string host)
    {
        for (string rest = host; ; rest = rest[(rest.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (hosts.Contains(rest))
            {
                return true;
            }

            if (!rest.Contains('.'))
            {
                return false;
            }
        }
    }
}
