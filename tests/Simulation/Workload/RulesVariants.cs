using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Silo.Policies;

namespace Customer360.Simulation.Workload;

/// <summary>Identity rules that a run may have: the built-in ones with other limits and degrees.</summary>
internal static class RulesVariants
{
    private static readonly PolicyKinds s_kinds = PolicyServices.KnownKinds();

    private static readonly string[] s_yaml =
    [
        s_kinds.Of<IdentityRules>().BuiltIn,
        s_kinds.Of<IdentityRules>().BuiltIn.Replace("limit: 5", "limit: 100", StringComparison.Ordinal),
        s_kinds.Of<IdentityRules>().BuiltIn.Replace("limit: 5", "limit: 2", StringComparison.Ordinal),
        s_kinds.Of<IdentityRules>().BuiltIn.Replace(": 50", ": 2", StringComparison.Ordinal),
    ];

    private static readonly IdentityRules[] s_rules =
    [
        .. s_yaml.Select(yaml => s_kinds.Read<IdentityRules>(yaml).Body!.Base),
    ];

    public static int Count => s_yaml.Length;

    public static string Yaml(int variant) => s_yaml[variant];

    public static bool IsKnown(string version) => Array.Exists(s_rules, rules => rules.Version == version);
}
