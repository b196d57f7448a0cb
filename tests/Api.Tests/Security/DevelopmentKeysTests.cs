using Customer360.Api.Security;

namespace Customer360.Api.Tests.Security;

public sealed class DevelopmentKeysTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ReadOrMake_TheFirstTime_MakesOneKeyOfEachRoleAndPrintsThem()
    {
        using StringWriter output = new();

        IReadOnlyList<(ApiKey Key, byte[])> keys = KeySettings.Read(DevelopmentKeys.ReadOrMake(_folder, output));

        Assert.Equal(
            [Roles.Admin, Roles.Collect, Roles.Read],
            keys.Select(pair => pair.Key.Roles).OrderByDescending(role => role == Roles.Admin).ThenBy(role => role)
        );
        ApiKeys known = new(keys);
        string[] printed =
        [
            .. output.ToString().Split(' ', '\n').Select(word => word.Trim()).Where(word => word.Length == 32),
        ];
        Assert.Equal(3, printed.Length);
        Assert.All(printed, key => Assert.NotNull(PresentedKey.FindText(known, key)));
    }

    [Fact]
    public void ReadOrMake_TheNextTime_KeepsThemAndPrintsNothing()
    {
        using StringWriter first = new();
        using StringWriter next = new();
        DevelopmentKeys.ReadOrMake(_folder, first);
        string made = File.ReadAllText(Path.Combine(_folder, DevelopmentKeys.FileName));

        DevelopmentKeys.ReadOrMake(_folder, next);

        Assert.Equal(made, File.ReadAllText(Path.Combine(_folder, DevelopmentKeys.FileName)));
        Assert.Empty(next.ToString());
    }

    [Fact]
    public void Make_OnUnix_LetsOnlyTheOwnerRead()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        DevelopmentKeys.ReadOrMake(_folder, TextWriter.Null);

        UnixFileMode mode = File.GetUnixFileMode(Path.Combine(_folder, DevelopmentKeys.FileName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    [Fact]
    public void ReadOrMake_WhereTheFolderCannotBe_NamesTheSetting()
    {
        Directory.CreateDirectory(_folder);
        string file = Path.Combine(_folder, "a-file");
        File.WriteAllText(file, "");

        var exception = Assert.Throws<SettingInvalidException>(() => DevelopmentKeys.ReadOrMake(file, TextWriter.Null));

        Assert.Contains("CUSTOMER360__DATA", exception.Message, StringComparison.Ordinal);
    }
}
