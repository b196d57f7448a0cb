using System.Collections.Immutable;
using Customer360.Rules.Configuration;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Policies;

/// <summary>
/// Regional overrides: <c>overrides: {eu: {messages: {default: {days: 30}}}}</c>. What a region says takes the place of what the file
/// says at the same path, where the kind lets it; the rest of the policy is the same everywhere.
/// </summary>
internal static class PolicyOverrides
{
    /// <summary>The file as each region has it. What is wrong with the section itself becomes a fault of the file.</summary>
    public static ImmutableArray<(string Region, PolicyFile File)> Of(
        PolicyFile file,
        ImmutableArray<string> overridable
    )
    {
        if (file.CommonSections.Find(PolicyFile.OverridesSection) is not { IsNothing: false } node)
        {
            return [];
        }

        var section = new ConfigSection(PolicyFile.OverridesSection, node, file.Faults);
        var found = ImmutableArray.CreateBuilder<(string, PolicyFile)>();
        foreach (ConfigMember region in section.Members)
        {
            if (!Regions.IsName(region.Name))
            {
                section.Fault(
                    region.Line,
                    section.Path,
                    "A region is 1 to 16 lower-case letters, digits and hyphens, a letter first."
                );
            }
            else if (region.Value.Kind != ConfigKind.Map)
            {
                section.Fault(region.Line, section.PathOf(region.Name), "It must hold names with values.");
            }
            else
            {
                RefuseOthers(section.PathOf(region.Name), "", region.Value, section, overridable);
                found.Add((region.Name, file.With(Merge(file.Root, region.Value))));
            }
        }

        return found.DrainToImmutable();
    }

    /// <summary>Where a region's override begins.</summary>
    public static int LineOf(PolicyFile file, string region) =>
        file.CommonSections.Find(PolicyFile.OverridesSection)?.Members.FirstOrDefault(one => one.Name == region).Line
        ?? 0;

    /// <summary>Whatever is not below a path that may be overridden is a fault.</summary>
    private static void RefuseOthers(
        string place,
        string path,
        ConfigNode node,
        ConfigSection section,
        ImmutableArray<string> overridable
    )
    {
        foreach (ConfigMember member in node.Members)
        {
            string of = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (overridable.Contains(of, StringComparer.Ordinal))
            {
                continue;
            }

            bool leadsThere = overridable.Any(one => one.StartsWith($"{of}.", StringComparison.Ordinal));
            if (leadsThere && member.Value.Kind == ConfigKind.Map)
            {
                RefuseOthers(place, of, member.Value, section, overridable);
                continue;
            }

            section.Fault(
                member.Line,
                $"{place}.{of}",
                overridable.IsEmpty
                    ? "This kind of policy is the same in all regions."
                    : $"A region can't override it. What it can: {string.Join(", ", overridable)}."
            );
        }
    }

    private static ConfigNode Merge(ConfigNode file, ConfigNode region)
    {
        if (file.Kind != ConfigKind.Map || region.Kind != ConfigKind.Map)
        {
            return region;
        }

        var members = file.Members.ToBuilder();
        foreach (IGrouping<string, ConfigMember> own in region.Members.GroupBy(member => member.Name))
        {
            int place = file.Members.IndexOf(file.Members.FirstOrDefault(member => member.Name == own.Key));
            if (place < 0 || own.Count() > 1)
            {
                // A name that stands there twice stays so: the kind's reader says it.
                members.AddRange(own);
            }
            else
            {
                members[place] = own.Single() with { Value = Merge(members[place].Value, own.Single().Value) };
            }
        }

        return file with
        {
            Members = members.ToImmutable(),
        };
    }
}
