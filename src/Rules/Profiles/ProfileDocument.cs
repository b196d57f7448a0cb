namespace Customer360.Rules.Profiles;

/// <summary>Renders profiles as the JSON of <c>GET /v1/profiles/{type}:{value}</c> (blueprint, section 7).</summary>
public static class ProfileDocument
{
    /// <summary>
    /// <c>{"customerId","identifiers":[{"type","value"}],"traits":{name:value},"consent":{},"audiences":[],
    /// "accounts":[…],"events":[…],"lifecycle":{…},"version"}</c>, UTF-8. A trait's value is the latest over all sources.
    /// </summary>
    public static byte[] Render(ProfileView view) => throw new NotImplementedException();

    /// <summary>
    /// The same with, per trait, its source, time, message and the overruled candidates, and per identifier its evidence.
    /// </summary>
    public static byte[] RenderVerbose(ProfileView view) => throw new NotImplementedException();
}
