using Customer360.Rules.Configuration;

namespace Customer360.Rules.Policies;

/// <summary>
/// A policy file that is being read. The sections that every kind has (<c>owner</c>, <c>examples</c>, <c>overrides</c>) are
/// taken out; what is left is the kind's.
/// </summary>
public sealed class PolicyFile
{
    internal const string OwnerSection = "owner";
    internal const string ExamplesSection = "examples";
    internal const string OverridesSection = "overrides";

    private static readonly string[] s_common = [OwnerSection, ExamplesSection, OverridesSection];

    internal PolicyFile(ConfigNode file)
    {
        Root = file with { Members = [.. file.Members.Where(member => !IsCommon(member))] };
        ConfigNode common = new(ConfigKind.Map, file.Line) { Members = [.. file.Members.Where(IsCommon)] };
        CommonSections = new ConfigSection("", common, Faults);
        Owner = ReadOwner(CommonSections.Find(OwnerSection), OwnerSection);
    }

    private PolicyFile(PolicyFile of, ConfigNode root)
    {
        Root = root;
        CommonSections = of.CommonSections;
        Owner = of.Owner;
    }

    /// <summary>The kind's own sections.</summary>
    public ConfigNode Root { get; }

    /// <summary>Where faults are added to.</summary>
    public List<ConfigFault> Faults { get; } = [];

    /// <summary>Where is added what somebody should look at and nothing is refused for.</summary>
    public List<ConfigFault> Warnings { get; } = [];

    /// <summary>Who answers for the whole file; null where it does not say.</summary>
    public PolicyOwner? Owner { get; }

    internal ConfigSection CommonSections { get; }

    internal bool HasExamples => CommonSections.Find(ExamplesSection) is { Items.IsEmpty: false };

    /// <summary>True of an empty file, and of one that has names and no values.</summary>
    internal bool SaysNothing => IsSilent(Root);

    /// <summary>The file as a map whose members have these names.</summary>
    public ConfigSection Section(params string[] known) => new("", Root, Faults, known);

    /// <summary>
    /// The owner of an entry: its own <c>owner</c>, else the file's. Null, and a fault, where neither says one. For kinds that
    /// decide without a person.
    /// </summary>
    public PolicyOwner? OwnerOf(ConfigSection entry)
    {
        if (entry.Find(OwnerSection) is { IsNothing: false } own)
        {
            return ReadOwner(own, entry.PathOf(OwnerSection));
        }

        if (Owner is null)
        {
            entry.Fault(OwnerSection, "It decides by itself, so it must name its owner: team and contact.");
        }

        return Owner;
    }

    /// <summary>The same file with other sections of the kind, and faults of its own.</summary>
    internal PolicyFile With(ConfigNode root) => new(this, root);

    private PolicyOwner? ReadOwner(ConfigNode? node, string path)
    {
        if (node is null)
        {
            return null;
        }

        var section = new ConfigSection(path, node, Faults, "team", "contact");
        string? team = section.RequiredText("team");
        string? contact = section.RequiredText("contact");
        return team is null || contact is null ? null : new PolicyOwner(team, contact);
    }

    private static bool IsCommon(ConfigMember member) => s_common.Contains(member.Name, StringComparer.Ordinal);

    private static bool IsSilent(ConfigNode node) =>
        node.Kind switch
        {
            ConfigKind.Map => node.Members.All(member => IsSilent(member.Value)),
            ConfigKind.List => node.Items.IsEmpty,
            _ => node.IsNothing,
        };
}
