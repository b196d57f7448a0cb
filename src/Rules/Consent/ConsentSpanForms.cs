namespace Customer360.Rules.Consent;

/// <summary>Forms of words that no decoder reads.</summary>
public static class ConsentSpanForms
{
    /// <summary>A request of <c>PUT /v1/profiles/{…}/consent</c>.</summary>
    public const string Api = "api";

    /// <summary>A trait whose value the policy knows to deny or grant.</summary>
    public const string Trait = "trait";
}
