using System.Reflection;
using Customer360.Simulation.Runtime;

namespace Customer360.Simulation.Tests;

/// <summary>
/// The runtime uses a few members of Orleans that are not public. When another version moves them, this test says which, where
/// the simulation would only fail to start.
/// </summary>
public sealed class OrleansInternalsTests
{
    private const BindingFlags Everywhere =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Internals_WhenOrleansChangesItsVersion_AreAllWhereTheyWere() =>
        Assert.Empty(Moved(OrleansInternals.All));

    [Fact]
    public void Moved_WhenATypeOrAMemberIsElsewhere_NamesIt() =>
        Assert.Equal(
            [
                "Orleans.Runtime.Nowhere, Orleans.Core.Abstractions",
                "Orleans.Runtime.GrainId, Orleans.Core.Abstractions: Fly",
            ],
            Moved([
                ("Orleans.Runtime.Nowhere, Orleans.Core.Abstractions", []),
                ("Orleans.Runtime.GrainId, Orleans.Core.Abstractions", ["Create", "Fly"]),
            ])
        );

    private static IEnumerable<string> Moved(IEnumerable<(string Type, string[] Members)> internals) =>
        internals.SelectMany(one =>
            Type.GetType(one.Type) is { } type
                ? one
                    .Members.Where(member => type.GetMember(member, Everywhere).Length == 0)
                    .Select(member => $"{one.Type}: {member}")
                : [one.Type]
        );
}
