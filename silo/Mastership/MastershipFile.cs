using Customer360.Grains.Contracts;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Mastership;

/// <summary>
/// The policy that a node finds in a file at its start: the one that <c>Customer360:Mastership:File</c> names, else
/// <c>mastership.yaml</c> in the data folder, where there is one.
/// </summary>
internal static class MastershipFile
{
    public const string Setting = "Customer360:Mastership:File";
    private const string Name = "mastership.yaml";

    /// <summary>The file's policy, or null where there is no file.</summary>
    /// <exception cref="InvalidOperationException">
    /// A named file does not exist, or the file is no policy: the message lists every error.
    /// </exception>
    public static async Task<MastershipPut?> ReadAsync(
        IConfiguration configuration,
        CancellationToken cancellationToken
    )
    {
        string? named = configuration[Setting] is { Length: > 0 } path ? path : null;
        string file = Path.GetFullPath(named ?? Path.Combine(NodeFolder.Of(configuration), Name));
        if (!File.Exists(file))
        {
            return named is null
                ? null
                : throw new InvalidOperationException($"{Setting} names a file that does not exist: {file}");
        }

        string text = await File.ReadAllTextAsync(file, cancellationToken);
        MastershipReading reading = MastershipYaml.Read(text);
        return reading.Policy is { } policy
            ? new MastershipPut(policy, text, Path.GetFileName(file), IsFile: true)
            : throw new InvalidOperationException(
                $"{file} is no mastership policy: {string.Join("; ", reading.Errors)}."
            );
    }
}
