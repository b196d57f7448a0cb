using System.Collections.Immutable;

namespace Customer360.Rules.Consent.Wire.Gpp;

/// <summary>What the fields of the US sections speak of, with one name in all of them.</summary>
internal static class UsIds
{
    public const string Sale = "sale";
    public const string Sharing = "sharing";
    public const string TargetedAdvertising = "targeted-advertising";

    /// <summary>Use of personal data beyond the purposes that were told.</summary>
    public const string SecondaryUse = "secondary-use";

    /// <summary>Denied where the business knows of a child whose consent it has not.</summary>
    public const string KnownChild = "known-child";

    public const string Origin = "sensitive:racial-or-ethnic-origin";
    public const string Religion = "sensitive:religious-beliefs";
    public const string Health = "sensitive:health";
    public const string Sexuality = "sensitive:sexual-orientation";
    public const string Citizenship = "sensitive:citizenship";
    public const string Genetic = "sensitive:genetic-data";
    public const string Biometric = "sensitive:biometric-data";
    public const string Location = "sensitive:precise-geolocation";
    public const string IdentityDocuments = "sensitive:identity-documents";
    public const string AccountAccess = "sensitive:account-access";
    public const string Union = "sensitive:union-membership";
    public const string Messages = "sensitive:message-contents";
    public const string ConsumerHealth = "sensitive:consumer-health";
    public const string CrimeVictim = "sensitive:victim-of-crime";
    public const string NationalOrigin = "sensitive:national-origin";
    public const string Transgender = "sensitive:transgender-or-nonbinary";

    /// <summary>The eight kinds of sensitive data that most states have, in their order.</summary>
    public static readonly ImmutableArray<string> Most =
    [
        Origin,
        Religion,
        Health,
        Sexuality,
        Citizenship,
        Genetic,
        Biometric,
        Location,
    ];

    /// <summary>The sixteen of the national section; its first layout has twelve.</summary>
    public static readonly ImmutableArray<string> SensitiveOfNation =
    [
        .. Most,
        IdentityDocuments,
        AccountAccess,
        Union,
        Messages,
        ConsumerHealth,
        CrimeVictim,
        NationalOrigin,
        Transgender,
    ];

    /// <summary>All that needs a consent where the data are a child's.</summary>
    public static readonly ImmutableArray<string> All =
    [
        Sale,
        Sharing,
        TargetedAdvertising,
        SecondaryUse,
        .. SensitiveOfNation,
    ];
}
