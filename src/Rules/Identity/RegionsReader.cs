using Customer360.Rules.Configuration;

namespace Customer360.Rules.Identity;

/// <summary>Reads and validates <c>regions</c> of <c>identity.yaml</c>: <c>{default, names: [], sources: {source: region}}</c>.</summary>
internal static class RegionsReader
{
    private const int SourcesMax = 1_000;

    /// <summary>Null where the file has none, or after a fault.</summary>
    public static Regions? Read(ConfigSection root, List<ConfigFault> faults)
    {
        if (root.Find("regions") is not { IsNothing: false } node)
        {
            return null;
        }

        int before = faults.Count;
        var section = new ConfigSection("regions", node, faults, "default", "names", "sources");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ConfigNode name in section.Texts("names"))
        {
            if (!Regions.IsName(name.Text))
            {
                section.Fault(
                    name.Line,
                    section.PathOf("names"),
                    "A region is 1 to 16 lower-case letters, digits and hyphens, a letter first."
                );
            }

            names.Add(name.Text);
        }

        if (names.Count is < 2 or > Regions.CountMax)
        {
            section.Fault("names", $"There must be 2 to {Regions.CountMax} regions; with one, leave regions out.");
        }

        string fallback = section.RequiredText("default") ?? "";
        if (fallback.Length > 0 && !names.Contains(fallback))
        {
            section.Fault("default", "It is not among names.");
        }

        var sources = new ConfigSection(section.PathOf("sources"), section.Find("sources"), faults);
        var bySource = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ConfigMember source in sources.Members)
        {
            if (source.Value.Kind != ConfigKind.Text || !names.Contains(source.Value.Text))
            {
                sources.Fault(source.Line, sources.PathOf(source.Name), "It must be one of regions.names.");
            }
            else
            {
                bySource.Add(source.Name, source.Value.Text);
            }
        }

        if (bySource.Count > SourcesMax)
        {
            sources.Fault(sources.Line, sources.Path, $"There may be {SourcesMax} sources at most.");
        }

        return faults.Count > before ? null : new Regions(fallback, names, bySource);
    }
}
