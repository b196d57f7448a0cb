namespace Customer360.Benchmarks;

/// <summary>A folder of a benchmark's own, on the disk that holds the source (a memory disk would flatter).</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = System.IO.Path.Combine(AppContext.BaseDirectory, "data", System.IO.Path.GetRandomFileName());
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
