namespace Customer360.Benchmarks;

/// <summary>
/// A folder of a benchmark's own, on the disk that holds the source (a memory disk would flatter). A run that was cut off
/// leaves its folder, a gigabyte or more; the next run removes what no process has open any more.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string OwnerFile = "in-use";
    private readonly FileStream _owner;

    public TemporaryFolder()
    {
        string all = System.IO.Path.Combine(AppContext.BaseDirectory, "data");
        Directory.CreateDirectory(all);
        foreach (string left in Directory.EnumerateDirectories(all).Where(IsLeft))
        {
            Directory.Delete(left, recursive: true);
        }

        Path = System.IO.Path.Combine(all, System.IO.Path.GetRandomFileName());
        Directory.CreateDirectory(Path);
        _owner = new FileStream(
            System.IO.Path.Combine(Path, OwnerFile),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None
        );
    }

    public string Path { get; }

    public void Dispose()
    {
        _owner.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>The lock of the file goes with its process.</summary>
    private static bool IsLeft(string folder)
    {
        string file = System.IO.Path.Combine(folder, OwnerFile);
        if (!File.Exists(file))
        {
            return true;
        }

        try
        {
            using FileStream taken = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
