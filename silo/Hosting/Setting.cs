using System.Globalization;

namespace Customer360.Silo.Hosting;

/// <summary>What a setting's value looks like.</summary>
public enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A file's or folder's name.</summary>
    File,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A number with decimals, a dot before them.</summary>
    Share,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Switch,

    /// <summary>A time span: <c>hours:minutes:seconds</c>, days before with a dot, decimals behind with one.</summary>
    Duration,

    /// <summary>An absolute address that begins with http or https, without a query.</summary>
    Address,
}

/// <summary>A setting of the programs.</summary>
/// <param name="Path">As in a settings file: <c>Customer360:Grid:Partitions</c>. A <c>#</c> stands for 0, 1, 2, …, and a name such
/// as <c>&lt;source&gt;</c> for names that somebody else gives.</param>
/// <param name="Kind">What its value looks like.</param>
/// <param name="Default">What holds where it is not set, written like a value; empty: nothing.</param>
/// <param name="About">What it is for, in a sentence or two.</param>
public sealed record Setting(string Path, SettingKind Kind, string Default, string About)
{
    /// <summary>As an environment variable: <c>CUSTOMER360__GRID__PARTITIONS</c>.</summary>
    public string Variable => VariableOf(Path);

    /// <summary>The environment variable of a path.</summary>
    public static string VariableOf(string path) =>
        path.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>What is wrong with a value, as the end of a sentence; null where nothing is.</summary>
    public string? Problem(string value) =>
        Kind switch
        {
            // An option that has no default may be given empty, as by a variable that nobody filled.
            _ when value.Length == 0 && Default.Length == 0 => null,
            SettingKind.Number when !long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) =>
                "is no whole number",
            SettingKind.Share when !double.TryParse(value, CultureInfo.InvariantCulture, out _) => "is no number",
            SettingKind.Switch when !bool.TryParse(value, out _) => "must be true or false",
            SettingKind.Duration when !TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _) =>
                "is no time span such as 00:00:30",
            SettingKind.Address when !IsAddress(value) => "is no address such as https://grid.example.com",
            _ => null,
        };

    internal static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0
        && address.Query.Length == 0
        && address.Fragment.Length == 0
        && address.UserInfo.Length == 0;
}
