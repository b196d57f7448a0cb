using System.Text;
using Customer360.Api.Security;
using Microsoft.Extensions.Configuration;

namespace Customer360.Api.Tests.Security;

public sealed class KeySettingsTests
{
    [Fact]
    public void Read_OfCompleteKeys_KnowsEachByItsSecret()
    {
        ApiKeys keys = new(
            KeySettings.Read(
                Settings(
                    "0:NAME=web",
                    "0:KEY=k1",
                    "0:ROLES:0=collect",
                    "1:Name=ops",
                    "1:Key=k2",
                    "1:Roles:0=read",
                    "1:Roles:1=Admin"
                )
            )
        );

        Assert.Equal(new ApiKey("web", Roles.Collect), keys.Find("k1"u8));
        Assert.Equal(new ApiKey("ops", Roles.Read | Roles.Admin), keys.Find("k2"u8));
        Assert.Null(keys.Find("k3"u8));
        Assert.Null(keys.Find(""u8));
        Assert.Null(keys.Find(Encoding.ASCII.GetBytes(new string('k', 100_000))));
    }

    [Theory]
    [InlineData("CUSTOMER360__KEYS__0__NAME is missing", "0:KEY=k1", "0:ROLES:0=collect")]
    [InlineData("CUSTOMER360__KEYS__0__KEY is missing", "0:NAME=web", "0:ROLES:0=collect")]
    [InlineData("CUSTOMER360__KEYS__0__ROLES__0 is missing", "0:NAME=web", "0:KEY=k1")]
    [InlineData("CUSTOMER360__KEYS__0__ROLES__0 must be", "0:NAME=web", "0:KEY=k1", "0:ROLES:0=colect")]
    [InlineData("CUSTOMER360__KEYS__0__KEY must be", "0:NAME=web", "0:KEY=k:1", "0:ROLES:0=collect")]
    [InlineData(
        "CUSTOMER360__KEYS__1__NAME repeats",
        "0:NAME=web",
        "0:KEY=k1",
        "0:ROLES:0=read",
        "1:NAME=Web",
        "1:KEY=k2",
        "1:ROLES:0=read"
    )]
    [InlineData(
        "CUSTOMER360__KEYS__1__KEY repeats",
        "0:NAME=web",
        "0:KEY=k1",
        "0:ROLES:0=read",
        "1:NAME=app",
        "1:KEY=k1",
        "1:ROLES:0=read"
    )]
    public void Read_OfAWrongSetting_NamesIt(string expected, params string[] settings)
    {
        var exception = Assert.Throws<SettingInvalidException>(() => KeySettings.Read(Settings(settings)));

        Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Settings(params string[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .Select(setting => setting.Split('='))
                    .Select(parts => KeyValuePair.Create($"CUSTOMER360:KEYS:{parts[0]}", (string?)parts[1]))
            )
            .Build();
}
