using System.Globalization;

namespace Customer360.Silo.Start;

/// <summary>
/// The name of a silo in the table of members. It says which contract the silo speaks, because nothing else in that table can:
/// <c>vm-7:11111/1</c>.
/// </summary>
internal static class SiloName
{
    /// <param name="given">The name of the settings, or null.</param>
    public static string Make(string? given, int port) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{given ?? $"{Environment.MachineName}:{port}"}/{GridContract.Version}"
        );

    /// <summary>A silo of a release that did not say speaks the first.</summary>
    public static int ContractOf(string name) =>
        int.TryParse(
            name.AsSpan(name.LastIndexOf('/') + 1),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int contract
        )
            ? contract
            : 1;
}
