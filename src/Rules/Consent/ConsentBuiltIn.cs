using System.Collections.Immutable;

namespace Customer360.Rules.Consent;

/// <summary>
/// The consent policy that counts until there is another, and on which every file builds. <c>consent.yaml</c> beside this file
/// says the same; a test holds them together.
/// </summary>
internal static class ConsentBuiltIn
{
    public static ConsentPolicy Policy { get; } =
        new(
            [
                new ConsentPurpose("ads") { Scope = ConsentScope.Device, IsObjectedTo = true },
                new ConsentPurpose("analytics") { Scope = ConsentScope.Device },
                new ConsentPurpose("email-marketing") { IsObjectedTo = true },
                new ConsentPurpose("personalization"),
                new ConsentPurpose("profiling") { IsObjectedTo = true },
                new ConsentPurpose("sales-contact") { Basis = "legitimate-interest", IsObjectedTo = true },
            ],
            [
                .. Map("google", "ads", "ad_storage", "ad_user_data", "ad_personalization"),
                .. Map("google", "analytics", "analytics_storage"),
                .. Map("google", "personalization", "personalization_storage"),
                .. Map("tcf", "ads", "purpose:1", "purpose:3", "purpose:4"),
                .. Map("tcf", "personalization", "purpose:5", "purpose:6"),
                .. Map("tcf", "analytics", "purpose:8", "purpose:9"),
                .. Map("gpp", "ads", "sale", "sharing", "targeted-advertising"),
                .. Map("uspv1", "ads", "sale"),
                .. Map("gpc", "ads", "sale", "sharing", "targeted-advertising"),
            ],
            new Dictionary<string, ImmutableArray<ConsentPlace>>(StringComparer.Ordinal)
            {
                [ConsentPolicy.Any] =
                [
                    new ConsentPlace("google", "context.consent.google"),
                    new ConsentPlace("gpc", "context.consent.gpc"),
                    new ConsentPlace("gpp", "context.consent.gpp"),
                    new ConsentPlace("rudderstack", "context.consentManagement"),
                    new ConsentPlace("segment", "context.consent"),
                    new ConsentPlace("tcf", "context.consent.tcf"),
                ],
            }
        )
        {
            Traits =
            [
                new ConsentTrait("DoNotCall", "sales-contact", ["true"], []),
                new ConsentTrait("HasOptedOutOfEmail", "email-marketing", ["true"], []),
                new ConsentTrait("hs_email_optout", "email-marketing", ["true"], []),
                // Of one kind of mail. Which kinds there are each company decides, so by default any no is a no to mail.
                new ConsentTrait("hs_email_optout_*", "email-marketing", ["true"], []),
            ],
            Personal =
            [
                "context.device",
                "context.ip",
                "context.location",
                "context.page.referrer",
                "context.page.search",
                "context.page.url",
                "context.traits",
                "context.userAgent",
                "properties.email",
                "properties.phone",
                "traits",
            ],
            Devices =
            [
                "android.id",
                "android.idfa",
                "android.push_token",
                "anonymous_id",
                "device_id",
                "ga_client_id",
                "ios.id",
                "ios.idfa",
                "ios.push_token",
            ],
        };

    private static IEnumerable<ConsentMapping> Map(string form, string purpose, params string[] ids) =>
        ids.Select(id => new ConsentMapping(form, id, [purpose]));
}
