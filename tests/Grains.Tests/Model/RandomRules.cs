namespace Customer360.Grains.Tests.Model;

/// <summary>
/// Identity rules of a run. Between changes limits, trust, kind and degrees differ; and so do priorities and, in runs of two
/// regions, whether there are regions: a message that is sent again may have another anchor then.
/// </summary>
internal sealed class RandomRules(int seed, bool hasRegions)
{
    private readonly int _seed = seed;

    public bool HasRegions { get; } = hasRegions;

    /// <summary>The last rules in a few words.</summary>
    public string Said { get; private set; } = "";

    /// <summary>The regions that identifiers of a type are in; the empty name means the default one, or all.</summary>
    public string[] Regions(string type) => HasRegions && type != "user_id" ? ["", "eu"] : [""];

    /// <summary>The region of a message.</summary>
    public string PickRegion(Random random) => HasRegions && random.Next(2) == 0 ? "eu" : "";

    /// <summary>The file of other rules.</summary>
    public string Next(Random random)
    {
        (int users, int emails, int devices) = (random.Next(1, 3), random.Next(1, 6), random.Next(1, 6));
        string emailTrust = random.Next(4) == 0 ? "verified" : "claimed";
        string deviceKind = random.Next(4) == 0 ? "person" : "device";
        string degree = random.Next(3) == 0 ? "2" : "none";
        int[] priorities = [1, 2, 3, 4];
        if (random.Next(2) == 0)
        {
            random.Shuffle(priorities);
        }

        string regions = HasRegions && random.Next(4) > 0 ? "regions: {default: us, names: [us, eu]}" : "";
        Said =
            $"{_seed}: {users} {emails} {devices} {emailTrust} {deviceKind} {degree} {string.Concat(priorities)} {regions}";
        return $$"""
            defaultRegion: US
            {{regions}}
            identifiers:
              user_id: {priority: {{priorities[0]}}, limit: {{users}}, trust: verified, crossRegion: true}
              email: {priority: {{priorities[1]}}, limit: {{emails}}, normalisation: email, trust: {{emailTrust}}}
              anonymous_id: {priority: {{priorities[2]}}, limit: {{devices}}, kind: {{deviceKind}}}
              ga_client_id: {priority: {{priorities[3]}}, limit: {{devices}}, kind: device}
            containment:
              quarantineDegree: {email: none, anonymous_id: {{degree}}, ga_client_id: {{degree}}}
            """;
    }
}
