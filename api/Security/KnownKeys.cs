namespace Customer360.Api.Security;

/// <summary>The keys of the settings that count in this process.</summary>
/// <param name="Keys">They, by what is presented.</param>
/// <param name="Made">Where none was configured in Development: those that were made; else null.</param>
public sealed record KnownKeys(ApiKeys Keys, DevelopmentKeys? Made)
{
    /// <summary>True where there is none: then only keys that the grid keeps, and tokens, let anybody in.</summary>
    public bool IsEmpty => Keys.IsEmpty;
}
