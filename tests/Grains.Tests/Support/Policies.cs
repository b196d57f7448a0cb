using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Silo.Policies;

namespace Customer360.Grains.Tests.Support;

/// <summary>Policies as the program reads them.</summary>
internal static class Policies
{
    public const string Identity = IdentityPolicyKind.KindName;
    public const string Mastership = MastershipPolicyKind.KindName;

    public static PolicyKinds Kinds { get; } = PolicyServices.KnownKinds();

    public static string BuiltInRules => Kinds.Of<IdentityRules>().BuiltIn;

    public static PolicyReading<IdentityRules> ReadRules(string yaml) => Kinds.Read<IdentityRules>(yaml);

    /// <summary>The rules of a file that is valid.</summary>
    public static IdentityRules Rules(string yaml) => Valid(ReadRules(yaml)).Base;

    /// <summary>The mastership policy of a file that is valid.</summary>
    public static MastershipPolicy MastershipOf(string yaml) => Valid(Kinds.Read<MastershipPolicy>(yaml)).Base;

    public static IPolicyGrain OwnerOf(TestGrid grid, string kind) => grid.Grains.GetGrain<IPolicyGrain>(kind);

    /// <summary>Puts a file in force as the API does; the node follows within a second.</summary>
    public static Task<PolicyReply> Put(TestGrid grid, string kind, string text, params string[] ifInForce) =>
        OwnerOf(grid, kind).Put(new PolicyPut(text, "test", PolicyAction.Put, [.. ifInForce]));

    private static PolicyBody<T> Valid<T>(PolicyReading<T> reading)
        where T : class
    {
        Assert.True(reading.IsValid, string.Join('\n', reading.Faults));
        return reading.Body!;
    }
}
