using System.Collections.Immutable;
using Customer360.Rules.Policies;
using Customer360.Silo.Hosting;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Policies;

/// <summary>
/// The policies that a node brings at its start: those in the folder that <c>Customer360:Policies:Folder</c> names, else those
/// in the data folder, where there are any.
/// </summary>
internal static class PolicyFiles
{
    public const string Setting = "CUSTOMER360__POLICIES__FOLDER";
    private const string Key = "Customer360:Policies:Folder";

    /// <summary>The files, all of them valid.</summary>
    /// <exception cref="StartRefusedException">
    /// The folder does not exist or can't be read, or a file is not valid: the message lists every fault.
    /// </exception>
    public static ImmutableArray<FoundPolicy> Read(IConfiguration configuration, PolicyKinds kinds)
    {
        string? named = configuration[Key] is { Length: > 0 } setting ? setting : null;
        string folder = Path.GetFullPath(named ?? DataFolder.Of(configuration));
        if (!Directory.Exists(folder))
        {
            return named is null
                ? []
                : throw new StartRefusedException(
                    $"{Setting} names the folder '{folder}', which does not exist: create it, or unset the setting."
                );
        }

        ImmutableArray<FoundPolicy> found = ReadAll(folder, kinds, others: named is not null);
        string[] faults = [.. found.SelectMany(one => one.Reading.Faults.Select(fault => $"  {one.Path}, {fault}"))];
        return faults.Length == 0
            ? found
            : throw new StartRefusedException(
                $"These policy files are not valid; mend them, or take them out of '{folder}':{Environment.NewLine}"
                    + string.Join(Environment.NewLine, faults)
            );
    }

    private static ImmutableArray<FoundPolicy> ReadAll(string folder, PolicyKinds kinds, bool others)
    {
        try
        {
            return PolicyFolder.Read(folder, kinds, others);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The policy files in '{folder}' can't be read: let this process read them, or point {Setting} elsewhere.",
                error
            );
        }
    }
}
