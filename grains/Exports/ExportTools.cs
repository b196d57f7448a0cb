using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles.Mastership;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <summary>What work on the warehouse mirror needs beside what every job does.</summary>
public sealed class ExportTools(
    IMirrorFiles files,
    IOptions<ExportOptions> options,
    AccessTables tables,
    IPolicy<AccessPolicy> access,
    IPolicy<MastershipPolicy> mastership,
    MaskKey secret
)
{
    public IMirrorFiles Files => files;

    public ExportOptions Options => options.Value;

    public IPolicy<MastershipPolicy> Mastership => mastership;

    public MaskKey Secret => secret;

    /// <summary>What the grid knows of the mirror without looking into its folder.</summary>
    public IMirrorGrain KnownAs(IGrainFactory grains) => grains.GetGrain<IMirrorGrain>(Options.Folder!);

    public string AccessVersion => access.InForce.Body.Version;

    /// <summary>What the mirror's role may see for its purpose, as it is decided for every other reader.</summary>
    public Outcome<AccessRight> Right() =>
        tables.Decide(
            RoleSet.Of(Roles.None, [Options.Role], []),
            new Purpose(Options.Purpose.Length == 0 ? null : Options.Purpose)
        );

    /// <summary>The role may do what some tables are about, such as seeing attribution.</summary>
    public bool MayDo(RoleTasks task) => tables.MayDo(RoleSet.Of(Roles.None, [Options.Role], []), task);
}
