using Customer360.Storage;

namespace Customer360.Silo.Hosting;

/// <summary>Files of a node that only the user may read whom it runs as.</summary>
public static class PrivateFiles
{
    /// <inheritdoc cref="OwnerOnly.MakeOnce"/>
    public static bool MakeOnce(string path, ReadOnlySpan<byte> content) => OwnerOnly.MakeOnce(path, content);

    /// <inheritdoc cref="OwnerOnly.TryNarrow"/>
    public static bool TryNarrow(string path) => OwnerOnly.TryNarrow(path);
}
