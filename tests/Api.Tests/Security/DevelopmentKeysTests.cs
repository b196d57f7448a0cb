using Customer360.Api.Hosting;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Tests.Security;

public sealed class DevelopmentKeysTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ReadOrMake_TheFirstTime_MakesOneKeyOfEachRole()
    {
        var made = DevelopmentKeys.ReadOrMake(_folder);

        Assert.True(made.AreNew);
        Assert.Equal([Roles.Collect, Roles.Read, Roles.Admin], made.Keys.Select(pair => pair.Key.Roles));
        Assert.All(made.Keys, pair => Assert.Equal(32, pair.Secret.Length));
    }

    [Fact]
    public void ReadOrMake_TheNextTime_KeepsThem()
    {
        var made = DevelopmentKeys.ReadOrMake(_folder);

        var kept = DevelopmentKeys.ReadOrMake(_folder);

        Assert.False(kept.AreNew);
        Assert.Equal(made.Keys, kept.Keys);
    }

    [Fact]
    public void Make_OnUnix_LetsOnlyTheOwnerRead()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        DevelopmentKeys.ReadOrMake(_folder);

        UnixFileMode mode = File.GetUnixFileMode(Path.Combine(_folder, DevelopmentKeys.FileName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    [Fact]
    public void ReadOrMake_WhereTheFolderCannotBe_NamesTheSetting()
    {
        Directory.CreateDirectory(_folder);
        string file = Path.Combine(_folder, "a-file");
        File.WriteAllText(file, "");

        var exception = Assert.Throws<SettingInvalidException>(() => DevelopmentKeys.ReadOrMake(file));

        Assert.Contains("CUSTOMER360__DATA", exception.Message, StringComparison.Ordinal);
    }
}
