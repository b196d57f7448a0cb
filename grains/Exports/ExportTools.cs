using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <summary>What work on the warehouse mirror needs beside what every job does.</summary>
public sealed class ExportTools(
    IMirrorFiles files,
    IOptions<ExportOptions> options,
    AccessTables tables,
    IPolicy<AccessPolicy> access,
    MirrorPolicies policies,
    IOutbox outbox,
    IAudienceList audiences,
    MaskKey secret
)
{
    public IMirrorFiles Files => files;

    public ExportOptions Options => options.Value;

    public MirrorPolicies Policies => policies;

    public IOutbox Outbox => outbox;

    public IAudienceList Audiences => audiences;

    public MaskKey Secret => secret;

    /// <summary>What the grid knows of the mirror without looking into its folder.</summary>
    public IMirrorGrain KnownAs(IGrainFactory grains) => grains.GetGrain<IMirrorGrain>(Options.Folder!);

    public string AccessVersion => access.InForce.Body.Version;

    /// <summary>What the mirror's role may see for its purpose, as it is decided for every other reader.</summary>
    public Outcome<AccessRight> Right() =>
        tables.Decide(Role, new Purpose(Options.Purpose.Length == 0 ? null : Options.Purpose));

    /// <summary>The role may do what some tables are about, such as seeing attribution.</summary>
    public bool MayDo(RoleTasks task) => tables.MayDo(Role, task);

    /// <summary>It administers: what else only administrators are shown is in the mirror of no other role.</summary>
    public bool Administers => (Role.Roles & Roles.Admin) != Roles.None;

    private RoleSet Role => RoleSet.Of(Roles.None, [Options.Role], []);
}
