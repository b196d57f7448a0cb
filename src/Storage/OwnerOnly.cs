namespace Customer360.Storage;

/// <summary>
/// Files that name people are for the user alone whom the program runs as: a folder is made 0700 and a file 0600, whatever the
/// system's default is. On Windows a folder's own rights decide.
/// </summary>
public static class OwnerOnly
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder that nobody else may look into. One that is there stays as it is.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Folder);
        }
    }

    /// <summary>Opens a file that, where it is made now, nobody else may read at any moment.</summary>
    public static FileStream OpenFile(string path, FileMode mode, FileShare share)
    {
        FileStreamOptions options = new()
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        return new FileStream(path, options);
    }

    /// <summary>
    /// Makes a file that is never there in part, whatever crashes: it is written aside, is on the disk, and then gets its name.
    /// False where there is one already, or another process was first: then that one counts.
    /// </summary>
    public static bool MakeOnce(string path, ReadOnlySpan<byte> content)
    {
        if (System.IO.File.Exists(path))
        {
            return false;
        }

        MakeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string aside = $"{path}.{Environment.ProcessId}.{Guid.CreateVersion7():N}";
        using (FileStream file = OpenFile(aside, FileMode.CreateNew, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        try
        {
            System.IO.File.Move(aside, path, overwrite: false);
            return true;
        }
        catch (IOException) when (System.IO.File.Exists(path))
        {
            System.IO.File.Delete(aside);
            return false;
        }
    }

    /// <summary>
    /// Takes the rights of others from a file or folder that is there; false where it had none for them to take, or it is not ours
    /// to change.
    /// </summary>
    public static bool TryNarrow(string path)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path))
        {
            return false;
        }

        UnixFileMode mode = System.IO.File.GetUnixFileMode(path);
        if ((mode & Others) == UnixFileMode.None)
        {
            return false;
        }

        try
        {
            System.IO.File.SetUnixFileMode(path, mode & ~Others);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's, as the root of a volume may be.
            return false;
        }
    }

    /// <summary>True where others than the owner may enter a folder.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(path) & Others) != UnixFileMode.None;
}
