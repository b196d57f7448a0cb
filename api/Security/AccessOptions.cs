namespace Customer360.Api.Security;

/// <summary>What is asked of callers beside a key. Section <c>Customer360:Access</c> of the settings.</summary>
public sealed class AccessOptions
{
    public const string Section = "Customer360:Access";

    private const int MaskKeyLengthMin = 32;

    /// <summary>Wrong keys a minute from one network; beyond, they are answered 429 for the rest of it. Default: 100.</summary>
    public int WrongKeysPerMinuteMax { get; set; } = 100;

    /// <summary>
    /// What the hashes of masked values are made with, 32 characters at least. In a cluster every node needs the same. Default:
    /// none; then a node makes a key of its own in its data folder when it first needs one.
    /// </summary>
    public string? MaskKey { get; set; }

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        WrongKeysPerMinuteMax is < 1 or > 1_000_000 ? $"{Section}:WrongKeysPerMinuteMax must be 1 to 1000000."
        : MaskKey is { Length: < MaskKeyLengthMin }
            ? $"{Section}:MaskKey must have {MaskKeyLengthMin} characters at least; `openssl rand -hex 32` makes a good one."
        : null;
}
