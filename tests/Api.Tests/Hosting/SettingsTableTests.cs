using System.Globalization;
using System.Reflection;
using Customer360.Api.Changes;
using Customer360.Api.Collect;
using Customer360.Api.Console;
using Customer360.Api.Mcp;
using Customer360.Api.Security;
using Customer360.Api.Security.Limits;
using Customer360.Api.Security.Tokens;
using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Silo.Hosting;
using Customer360.Silo.Telemetry;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Hosting;

/// <summary>The one table of settings says what the options say, and the page says what the table says.</summary>
public sealed class SettingsTableTests
{
    private const string Variable = "CUSTOMER360_WRITE_SETTINGS";

    private static readonly (string Section, object Options)[] s_options =
    [
        ("Grid", new GridOptions()),
        ("Collect", new CollectOptions()),
        ("Cluster", new ClusterSettings()),
        ("Cluster:Tls", new ClusterTlsSettings()),
        ("Jobs", new JobOptions()),
        ("Shelf", new ShelfOptions()),
        ("Metrics", new MetricsOptions()),
        ("Access", new AccessOptions()),
        ("Tokens", new TokenOptions()),
        ("Limits", new LimitOptions()),
        ("Mcp", new McpOptions()),
        ("Changes", new ChangesOptions()),
        ("Console", new ConsoleOptions()),
    ];

    [Fact]
    public void Table_OfEachSection_HasItsOptionsAndTheirDefaults()
    {
        foreach ((string section, object options) in s_options)
        {
            string path = $"Customer360:{section}:";
            Dictionary<string, Setting> known = SettingsTable
                .All.Where(one =>
                    one.Path.StartsWith(path, StringComparison.Ordinal)
                    && !one.Path[path.Length..].Contains(':', StringComparison.Ordinal)
                )
                .ToDictionary(one => one.Path[path.Length..]);
            PropertyInfo[] properties = [.. options.GetType().GetProperties().Where(IsSetting)];

            Assert.Equal(properties.Select(one => one.Name).Order(), known.Keys.Order());
            Assert.All(properties, one => Assert.Equal(TextOf(one.GetValue(options)), known[one.Name].Default));
        }
    }

    [Fact]
    public void Table_HasNothingTwiceAndADefaultThatIsAValue()
    {
        Assert.Equal(SettingsTable.All.Count, SettingsTable.All.Select(one => one.Variable).Distinct().Count());
        Assert.All(SettingsTable.All, one => Assert.Null(one.Problem(one.Default)));
        Assert.All(SettingsTable.All, one => Assert.EndsWith(".", one.About, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_AsWritten_IsTheTable()
    {
        string file = Repository.Path("docs", "settings.md");
        string page = SettingsPage.Render();
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            File.WriteAllText(file, page);
        }

        // A section that the page has no heading for would be left out without a word.
        Assert.All(
            SettingsTable.All,
            one => Assert.Contains($"| `{one.Variable.Replace('#', '0')}` |", page, StringComparison.Ordinal)
        );
        Assert.True(
            File.Exists(file) && File.ReadAllText(file) == page,
            $"docs/settings.md is stale: run {Variable}=1 dotnet test tests/Api.Tests --filter SettingsTable, and check it in."
        );
    }

    private static bool IsSetting(PropertyInfo property) => property.CanWrite && property.Name != "Tls";

    private static string TextOf(object? value) =>
        value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture).TrimEnd('0') is var text
            && text.LastIndexOf('.') > text.LastIndexOf(':')
                ? text
                : span.ToString("c", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
}
