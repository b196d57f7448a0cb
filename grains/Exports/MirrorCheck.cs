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
