namespace Customer360.Rules.Consent;

/// <summary>What a person has said about one purpose. Only <see cref="Granted"/> is a grant.</summary>
public enum ConsentStatus
{
    /// <summary>Nothing that counts was said.</summary>
    Unknown = 0,

    /// <summary>The person agreed.</summary>
    Granted = 1,

    /// <summary>The person refused, or took an agreement back.</summary>
    Denied = 2,
}
