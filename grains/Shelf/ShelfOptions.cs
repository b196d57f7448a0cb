namespace Customer360.Grains;

/// <summary>How much a node's shelf holds. Section <c>Customer360:Shelf</c> of the settings.</summary>
public sealed class ShelfOptions
{
    /// <summary>
    /// Names under which profiles stand, one per identifier and one per customer; beyond, those that nobody has read for the
    /// longest are taken off. Default: 2,000,000 (about 150 MB).
    /// </summary>
    public int EntriesMax { get; set; } = 2_000_000;

    /// <summary>Bytes of rendered profiles; beyond, profiles are taken off likewise. Default: 256 MB.</summary>
    public long BytesMax { get; set; } = 256 * 1024 * 1024;

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        this switch
        {
            { EntriesMax: < 1 } => "Customer360:Shelf:EntriesMax must be at least 1.",
            { BytesMax: < 1 } => "Customer360:Shelf:BytesMax must be at least 1.",
            _ => null,
        };
}
