namespace Customer360.Api.Console;

/// <summary>The pages for people. Section <c>Customer360:Console</c> of the settings.</summary>
public sealed class ConsoleOptions
{
    public const string Section = "Customer360:Console";

    private const int SessionHoursMax = 24 * 7;

    /// <summary>False: this process serves no console, and nobody can sign in to it. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>After so many hours a person signs in anew, whatever they do. 1 to 168. Default: 8.</summary>
    public int SessionHours { get; set; } = 8;

    /// <summary>
    /// Where the keys lie that cookies are sealed with. Several processes behind one address need the same folder. Default:
    /// <c>console-keys</c> in the data folder.
    /// </summary>
    public string? KeysFolder { get; set; }

    /// <summary>Whether a person may sign in with a key. Default: in Development, and where <see cref="ClientId"/> is not set.</summary>
    public bool? KeySignIn { get; set; }

    /// <summary>The client that the OpenID provider of the tokens knows the console as. Default: none, nobody signs in there.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its secret; a public client has none, and proves itself by PKCE alone.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What it asks for, with spaces between. Default: <c>openid profile</c>.</summary>
    public string Scopes { get; set; } = "openid profile";

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        SessionHours is < 1 or > SessionHoursMax ? $"{Section}:SessionHours must be 1 to {SessionHoursMax}."
        : ClientSecret is { Length: > 0 } && string.IsNullOrEmpty(ClientId)
            ? $"{Section}:ClientSecret needs a ClientId."
        : null;
}
