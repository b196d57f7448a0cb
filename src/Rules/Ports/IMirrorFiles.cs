using System.Collections.Immutable;
using Customer360.Rules.Warehouse;

namespace Customer360.Rules.Ports;

/// <summary>
/// The folder of the warehouse mirror. The port that the node implements. A file is written aside first, and is on the disk before it has
/// its name.
/// </summary>
/// <exception cref="MirrorFilesException">Of each call: the folder can't be written or read; its text says which file and why.</exception>
public interface IMirrorFiles
{
    /// <summary>False: no setting names a folder, and no other call may be made.</summary>
    bool IsSet { get; }

    /// <summary>Writes rows as Parquet aside, and answers what the file is.</summary>
    Task<(long Bytes, string Sha256)> WriteRowsAsync(string path, MirrorRows rows, CancellationToken stop);

    /// <summary>Gives files that were written aside their names.</summary>
    void Publish(ImmutableArray<string> paths);

    /// <summary>Writes a file as a whole, in the place of one that is there.</summary>
    Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken stop);

    /// <summary>A file's content; null: there is none.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(string path, CancellationToken stop);

    /// <summary>A file's length; null: there is none.</summary>
    long? LengthOf(string path);

    /// <summary>The SHA-256 of a file's bytes, 64 hexadecimal digits; null: there is none.</summary>
    Task<string?> HashOfAsync(string path, CancellationToken stop);

    /// <summary>Reads the rows of a file that was written with this table; a column that it does not have is missing in each row.</summary>
    Task<MirrorRows> ReadRowsAsync(string path, MirrorTable table, CancellationToken stop);

    /// <summary>All Parquet files that there are, and what was written aside.</summary>
    ImmutableArray<string> List();

    /// <summary>Deletes files; those that are not there are none.</summary>
    void Delete(IEnumerable<string> paths);
}

/// <summary>The mirror's folder can't be used as it is.</summary>
/// <param name="message">Which file, why, and what to do.</param>
public sealed class MirrorFilesException(string message, Exception? inner = null) : Exception(message, inner);
