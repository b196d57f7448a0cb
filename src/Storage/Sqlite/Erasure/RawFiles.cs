namespace Customer360.Storage.Sqlite.Erasure;

/// <summary>Looks through files, whatever is in them.</summary>
internal static class RawFiles
{
    private const int BufferBytes = 4 * 1024 * 1024;

    /// <summary>
    /// True where one of the files has one of the texts anywhere. With many texts each place of a file is looked up by its first
    /// four bytes, so the time is that of reading.
    /// </summary>
    /// <param name="paths">Files; one that is not there is passed over.</param>
    /// <param name="texts">Of four bytes or more; shorter ones are anywhere by chance.</param>
    public static bool HoldAny(
        IEnumerable<string> paths,
        IReadOnlyCollection<ReadOnlyMemory<byte>> texts,
        CancellationToken cancellationToken
    )
    {
        Dictionary<uint, List<ReadOnlyMemory<byte>>> byStart = [];
        foreach (ReadOnlyMemory<byte> text in texts.Where(text => text.Length >= sizeof(uint)))
        {
            uint start = BitConverter.ToUInt32(text.Span);
            if (!byStart.TryGetValue(start, out var same))
            {
                byStart.Add(start, same = []);
            }

            same.Add(text);
        }

        int longest = texts.Count == 0 ? 0 : texts.Max(text => text.Length);
        return byStart.Count > 0
            && paths.Any(path => File.Exists(path) && Holds(path, byStart, longest, cancellationToken));
    }

    private static bool Holds(
        string path,
        Dictionary<uint, List<ReadOnlyMemory<byte>>> byStart,
        int longest,
        CancellationToken cancellationToken
    )
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] buffer = new byte[BufferBytes + longest];
        int kept = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = file.ReadAtLeast(buffer.AsSpan(kept), BufferBytes, throwOnEndOfStream: false);
            int length = kept + read;
            if (IsIn(buffer.AsSpan(0, length), byStart))
            {
                return true;
            }

            if (read < BufferBytes)
            {
                return false;
            }

            // A text may lie across the end of what was read.
            kept = Math.Min(length, longest);
            buffer.AsSpan(length - kept, kept).CopyTo(buffer);
        }
    }

    private static bool IsIn(ReadOnlySpan<byte> bytes, Dictionary<uint, List<ReadOnlyMemory<byte>>> byStart)
    {
        for (int index = 0; index + sizeof(uint) <= bytes.Length; index++)
        {
            if (byStart.TryGetValue(BitConverter.ToUInt32(bytes[index..]), out var texts))
            {
                foreach (ReadOnlyMemory<byte> text in texts)
                {
                    if (bytes[index..].StartsWith(text.Span))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }
}
