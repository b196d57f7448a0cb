using System.Runtime.Versioning;
using Customer360.Storage.Sqlite;
using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>What names people is for the program's own user alone, whatever the system's defaults are.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RightsSqliteTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Wide = Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OwnersFolder = Owner | UnixFileMode.UserExecute;
    private const UnixFileMode WideFolder =
        OwnersFolder
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private readonly string _parent = Directory.CreateTempSubdirectory("c360-rights-").FullName;
    private readonly RecordingLogger _logger = new();

    private string Folder => Path.Combine(_parent, "data");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public async Task Open_InANewFolder_ClosesTheFolderAndAllFiles()
    {
        await using GridStorage storage = await OpenAsync();

        AssertClosed();
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task Open_InAFolderOfBeforeWithWiderRights_NarrowsItAndSaysSo()
    {
        await (await OpenAsync()).DisposeAsync();
        Widen();

        await using GridStorage storage = await OpenAsync();

        AssertClosed();
        Assert.Contains(_logger.Lines, line => line.Contains("could be read by other users", StringComparison.Ordinal));
        Assert.Contains(_logger.Lines, line => line.Contains("(0700)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_InAFolderWithOtherThings_ClosesItsOwnFilesOnlyAndSaysSo()
    {
        MakeWideFolder();
        string others = Path.Combine(Folder, "something-else.txt");
        await File.WriteAllTextAsync(others, "");
        File.SetUnixFileMode(others, Wide);

        await using GridStorage storage = await OpenAsync();

        Assert.Equal(WideFolder, File.GetUnixFileMode(Folder));
        Assert.Equal(Wide, File.GetUnixFileMode(others));
        Assert.All(
            Directory.GetFiles(Folder, "customer360.*"),
            file => Assert.Equal(Owner, File.GetUnixFileMode(file))
        );
        Assert.Contains(_logger.Lines, line => line.Contains("chmod 700", StringComparison.Ordinal));
    }

    private void AssertClosed()
    {
        Assert.Equal(OwnersFolder, File.GetUnixFileMode(Folder));
        string[] files = Directory.GetFiles(Folder);
        Assert.True(files.Length >= 4, string.Join(' ', files));
        Assert.All(files, file => Assert.Equal(Owner, File.GetUnixFileMode(file)));
    }

    private void Widen()
    {
        File.SetUnixFileMode(Folder, WideFolder);
        foreach (string file in Directory.GetFiles(Folder))
        {
            File.SetUnixFileMode(file, Wide);
        }
    }

    private void MakeWideFolder()
    {
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(Folder, WideFolder);
    }

    private async Task<GridStorage> OpenAsync()
    {
        GridStorage storage = SqliteStorage.Create(
            new SqliteStorageOptions { DataFolder = Folder },
            TimeProvider.System,
            _logger
        );
        await storage.InitializeAsync(CancellationToken.None);
        return storage;
    }
}
