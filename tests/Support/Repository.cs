namespace Customer360.Tests.Support;

/// <summary>The files of the repository that these tests run in.</summary>
public static class Repository
{
    /// <exception cref="InvalidOperationException">The tests were built elsewhere.</exception>
    public static string Folder { get; } = Find();

    /// <summary>A file or folder of it.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder, .. parts]);

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Customer360.Orleans.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests don't run inside the repository.");
    }
}
