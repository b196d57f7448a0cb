using Customer360.Rules.Configuration;

namespace Customer360.Rules.Conditions;

/// <summary>Facts and times in the examples of policy files.</summary>
internal static class ExampleFacts
{
    /// <summary>The facts of a member, by name; what is wrong with them becomes a fault.</summary>
    public static FactSet Read(ConfigSection section, string name, FactCatalog catalog)
    {
        var facts = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        List<ConfigFault> faults = [];
        var members = new ConfigSection(section.PathOf(name), section.Find(name), faults);
        foreach (ConfigMember member in members.Members)
        {
            string path = members.PathOf(member.Name);
            if (catalog.KindOf(member.Name) is not { } kind)
            {
                members.Fault(member.Line, path, $"There is no such fact. Known: {catalog.Names}.");
            }
            else if (FactLiteral.Read(member.Value, kind, path, faults) is { } value)
            {
                facts[member.Name] = value;
            }
        }

        foreach (ConfigFault fault in faults)
        {
            section.Fault(fault.Line, fault.Rule, fault.Message);
        }

        return new FactSet(facts);
    }

    /// <summary>A time; null where it is missing, or after a fault.</summary>
    public static DateTimeOffset? ReadTime(ConfigSection section, string name)
    {
        List<ConfigFault> faults = [];
        FactValue? value = section.Find(name) is { } node
            ? FactLiteral.Read(node, FactKind.Instant, section.PathOf(name), faults)
            : null;
        foreach (ConfigFault fault in faults)
        {
            section.Fault(fault.Line, fault.Rule, fault.Message);
        }

        return value?.Instant;
    }
}
