using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>What the mirror's role may see.</summary>
internal static class MirrorRights
{
    /// <summary>A refusal where the role, its purpose or the secret for keys can't be used.</summary>
    public static Outcome<AccessRight> Of(ExportTools mirror)
    {
        Outcome<AccessRight> right = mirror.Right();
        if (!right.Succeeded)
        {
            return new MirrorRoleRefused(mirror.Options.Role, right.Refusal.Message);
        }

        try
        {
            _ = mirror.Secret.Derive("warehouse");
            return right;
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            return new MirrorRoleRefused(mirror.Options.Role, "CUSTOMER360__ACCESS__MASKKEY is not set on this silo.");
        }
    }

    /// <summary>
    /// The mirror's role sees something of a table that is written as a whole: what it would be shown by asking for it, and no table more.
    /// </summary>
    public static bool IsSeen(MirrorTable table, ExportTools mirror, AccessRight right)
    {
        VisibleFields fields = right.Fields;
        return table switch
        {
            _ when table == IdentityRows.Graph || table == IdentityRows.Moves => fields.Show(FieldSets.Explain),
            _ when ConversionPass.Tables.Contains(table) => mirror.MayDo(RoleTasks.Attribution)
                && fields.Show(FieldSets.Activity),
            _ when table == AccountRows.Accounts => fields.Show(FieldSets.Companies),
            _ when table == AccountRows.Opportunities => AccountRows.ShowsDeals(fields),
            // The mirror is nobody's who has leads: all of them are other people's.
            _ when table == SalesRows.Decisions => mirror.MayDo(RoleTasks.Leads)
                && fields.Show(FieldSets.AllLeads | FieldSets.Companies),
            _ when LeadPass.Tables.Contains(table) => mirror.MayDo(RoleTasks.Leads)
                && fields.HaveAnyOf(FieldSets.Profile),
            _ when table == AudienceRows.Changes => mirror.MayDo(RoleTasks.Audiences)
                && fields.HaveAnyOf(FieldSets.Profile),
            _ when table == DeliveryRows.Table || table == PolicyRows.Table => mirror.Administers,
            _ => fields.HaveAnyOf(FieldSets.Profile),
        };
    }
}

/// <summary>Whether a mirror can be written on, or be compared.</summary>
internal static class MirrorCheck
{
    /// <summary>Why it is not this grid's, or not this role's; null where it is, or there is none.</summary>
    public static Refusal? Refusal(MirrorManifest manifest, ExportOptions options, ImmutableArray<long> heads)
    {
        if (manifest.Role.Length > 0 && (manifest.Role, manifest.Purpose) != (options.Role, options.Purpose))
        {
            return new MirrorOfAnother(manifest.Role, manifest.Purpose);
        }

        foreach ((int partition, long position) in manifest.Positions)
        {
            long head = partition < heads.Length ? heads[partition] : 0;
            if (position > head)
            {
                return new MirrorIsAhead(partition, position, head);
            }
        }

        return null;
    }

    /// <summary>Rows that were shown by one version of access.yaml can't be compared with those of another.</summary>
    public static Refusal? AccessChanged(MirrorManifest manifest, string version) =>
        manifest.AccessVersion.Length == 0 || manifest.AccessVersion == version ? null : new MirrorAccessChanged();

    /// <summary>The first file that is not as it was written, by its length; null where there is none.</summary>
    public static Refusal? FindGone(MirrorManifest manifest, IMirrorFiles files) =>
        manifest.Parts.FirstOrDefault(part => files.LengthOf(part.Path) != part.Bytes) is { } gone
            ? new MirrorFileGone(gone.Path)
            : null;
}
