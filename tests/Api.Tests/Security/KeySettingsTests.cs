using System.Text;
using Customer360.Api.Hosting;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
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
    [InlineData(
        "CUSTOMER360__KEYS__0__TRUST must be public or server",
        "0:NAME=web",
        "0:KEY=k1",
        "0:ROLES:0=collect",
        "0:TRUST=full"
    )]
    [InlineData(
        "CUSTOMER360__KEYS__0__SIGNINGSECRET must have 32",
        "0:NAME=web",
        "0:KEY=k1",
        "0:ROLES:0=collect",
        "0:SIGNINGSECRET=short"
    )]
    [InlineData(
        "CUSTOMER360__KEYS__0__SIGNINGSECRET is for keys with TRUST=public",
        "0:NAME=shop",
        "0:KEY=k1",
        "0:ROLES:0=collect",
        "0:TRUST=server",
        "0:SIGNINGSECRET=0123456789abcdef0123456789abcdef"
    )]
    public void Read_OfAWrongSetting_NamesIt(string expected, params string[] settings)
    {
        var exception = Assert.Throws<SettingInvalidException>(() => KeySettings.Read(Settings(settings)));

        Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A key that can only send may stand in a browser; without a word of the operator it is not believed.</summary>
    [Theory]
    [InlineData(SourceTrust.Public, "collect", "")]
    [InlineData(SourceTrust.Public, "collect", "Public")]
    [InlineData(SourceTrust.Server, "collect", "SERVER")]
    [InlineData(SourceTrust.Server, "admin", "")]
    [InlineData(SourceTrust.Server, "read", "")]
    [InlineData(SourceTrust.Public, "admin", "public")]
    public void Read_OfAKey_KnowsItsTrust(SourceTrust expected, string role, string trust)
    {
        ApiKeys keys = new(
            KeySettings.Read(Settings("0:NAME=web", "0:KEY=k1", $"0:ROLES:0={role}", $"0:TRUST={trust}"))
        );

        Assert.Equal(expected, keys.Find("k1"u8)!.Trust);
    }

    [Fact]
    public void Read_OfAKeyThatAlsoReads_IsAServers()
    {
        ApiKeys keys = new(KeySettings.Read(Settings("0:NAME=web", "0:KEY=k1", "0:ROLES:0=collect", "0:ROLES:1=read")));

        Assert.Equal(SourceTrust.Server, keys.Find("k1"u8)!.Trust);
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
