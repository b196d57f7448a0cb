using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Silo.Policies;

/// <summary>A policy file that was found in a folder.</summary>
/// <param name="Kind">Null where the file's name is no kind's: then its reading says so.</param>
internal sealed record FoundPolicy(string Path, PolicyKind? Kind, string Text, PolicyReading Reading);

/// <summary>A folder of policy files: <c>identity.yaml</c>, <c>mastership.yaml</c> and so on, each named by its kind.</summary>
internal static class PolicyFolder
{
    private const string Extension = ".yaml";

    private static readonly UTF8Encoding s_strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>The files of the kinds that are known, by name.</summary>
    /// <param name="others">
    /// True: another YAML file in the folder is a fault, since a file whose name is misspelt would be passed over. False in a
    /// folder that is not for policies alone.
    /// </param>
    /// <exception cref="IOException">The folder can't be read; likewise <see cref="UnauthorizedAccessException"/>.</exception>
    public static ImmutableArray<FoundPolicy> Read(string folder, PolicyKinds kinds, bool others)
    {
        var found = ImmutableArray.CreateBuilder<FoundPolicy>();
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            PolicyKind? kind = kinds.All.FirstOrDefault(one => one.Name + Extension == name);
            if (kind is not null)
            {
                found.Add(Read(path, kind, kinds));
            }
            else if (others && Path.GetExtension(name).ToLowerInvariant() is Extension or ".yml")
            {
                string known = string.Join(", ", kinds.All.Select(one => one.Name + Extension));
                found.Add(Refused(path, kind: null, $"No policy is called so. Known: {known}."));
            }
        }

        return found.DrainToImmutable();
    }

    private static FoundPolicy Read(string path, PolicyKind kind, PolicyKinds kinds)
    {
        // A character has up to four bytes.
        if (new FileInfo(path).Length > 4L * kind.CharactersMax)
        {
            return Refused(path, kind, $"It has over {kind.CharactersMax} characters.");
        }

        try
        {
            // Not by File.ReadAllText, which takes UTF-16 as well: a PUT of the file would be refused.
            ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
            string text = s_strict.GetString(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
            return new FoundPolicy(path, kind, text, kinds.Read(kind, text));
        }
        catch (DecoderFallbackException)
        {
            return Refused(path, kind, "It must be UTF-8.");
        }
    }

    private static FoundPolicy Refused(string path, PolicyKind? kind, string message) =>
        new(path, kind, "", new PolicyReading<object>(null, [new ConfigFault(0, "file", message)], []));
}
