namespace Customer360.Storage.Sqlite.Blocks;

/// <summary>
/// The form in which messages of one partition lie together in a row of the log: one byte that names the form, then the
/// messages by rising position, as one Snappy block (github.com/google/snappy, format_description.txt).
/// </summary>
/// <remarks>
/// A message: its row id (8 bytes, <see cref="LogId"/>), when it happened (8, microseconds since 1970), the lengths of its
/// payload (4), of its message id (2) and of its anchor (2), all little-endian; then message id, anchor and payload. One that was
/// removed has neither anchor nor payload nor time, and in the place of its id two keyed hashes of it (<see cref="KeyHash"/>):
/// that of the index (8), and the one by which a repeat is recognised (16).
/// </remarks>
internal static class LogBlockFormat
{
    /// <summary>The only form so far.</summary>
    public const byte Form = 1;

    public const int IdAt = 0;
    public const int MicrosecondsAt = 8;
    public const int PayloadLengthAt = 16;
    public const int MessageIdLengthAt = 20;
    public const int AnchorLengthAt = 22;
    public const int HeadBytes = 24;

    /// <summary>Of a removed message: both hashes of its id.</summary>
    public const int RemovedIdBytes = 8 + KeyHash.RemovedBytes;
}
