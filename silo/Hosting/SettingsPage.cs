using System.Text;

namespace Customer360.Silo.Hosting;

/// <summary>The page of all settings, <c>docs/settings.md</c>.</summary>
public static class SettingsPage
{
    private static readonly (string Section, string Heading, string About)[] s_sections =
    [
        ("Data", "Where and who", "The folder, the address, and the keys."),
        (
            "Tokens",
            "Tokens",
            "Access tokens of an OpenID provider, beside keys. [keys.md](keys.md) says how they are judged."
        ),
        (
            "Console",
            "Console",
            "The pages for people, and how they sign in. [console.md](design/console.md) says how it works."
        ),
        ("Limits", "Limits", "How many requests a caller may send. A key that the grid keeps can have its own."),
        ("Changes", "Live changes", "How streams of changes are kept open ([live changes](http-api/changes.md))."),
        ("Mcp", "Agents", "What agents are answered at `/mcp` ([agents](mcp.md))."),
        ("Grid", "The grid", "How the grains work. The defaults are measured; few ever need another."),
        ("Collect", "Collect", "What senders may do."),
        (
            "Cluster",
            "The cluster",
            "They count where `ConnectionStrings__Customer360` names the database that a cluster lives on."
        ),
        ("Privacy", "The rights of persons", "What recognises people who were erased."),
        ("Policies", "Policies of the start", "Later they are changed by `PUT`, and the newer one holds."),
        ("Jobs", "Jobs", "Work over the whole grid: dry runs, cut-overs, checks."),
        (
            "Destinations",
            "Destinations",
            "What others are told, and by which secrets: see [activation](activation.md)."
        ),
        ("Exports", "Warehouse mirror", "What is written for a warehouse: see [warehouse](warehouse.md)."),
        ("Shelf", "Reads", "What a process keeps ready for readers."),
        ("Metrics", "Metrics", "What `GET /metrics` shows, and to whom."),
    ];

    /// <summary>Which heading a section without one of its own stands under.</summary>
    private static readonly Dictionary<string, string> s_under = new(StringComparer.Ordinal)
    {
        ["PublicUrl"] = "Data",
        ["Keys"] = "Data",
        ["Access"] = "Data",
        ["AuditKey"] = "Data",
        ["Audit"] = "Data",
        ["Webhooks"] = "Data",
    };

    public static string Render()
    {
        var page = new StringBuilder(Introduction);
        foreach ((string section, string heading, string about) in s_sections)
        {
            page.Append("\n## ").Append(heading).Append("\n\n").Append(about).Append("\n\n");
            page.Append("| variable | value | default | what |\n|---|---|---|---|\n");
            foreach (Setting one in SettingsTable.All.Where(one => HeadingOf(one) == section))
            {
                page.Append("| `")
                    .Append(one.Variable.Replace('#', '0'))
                    .Append("` | ")
                    .Append(Word(one.Kind))
                    .Append(" | ");
                page.Append(one.Default.Length > 0 ? $"`{one.Default}`" : "")
                    .Append(" | ")
                    .Append(one.About)
                    .Append(" |\n");
            }
        }

        return page.ToString();
    }

    private const string Introduction = """
        # Settings

        Settings are environment variables, as below, or stand in a file `appsettings.json` in the folder that a program is started in, with a
        colon where a variable has two underscores: `CUSTOMER360__GRID__PARTITIONS` is `Customer360:Grid:Partitions`. Both programs, the API and
        the silo, know all of them. A setting that there is not, or whose value does not fit, ends the start with a sentence that names it.
        Settings are read at the start; a change needs a restart.

        Four are no settings of ours, and are used:

        | variable | what |
        |---|---|
        | `ConnectionStrings__Customer360` | the PostgreSQL database instead of SQLite, and the cluster on it |
        | `ASPNETCORE_URLS` | where the API listens; without it `http://localhost:8360`, or the next free port |
        | `ASPNETCORE_FORWARDEDHEADERS_ENABLED` | `true` behind a proxy: whose requests they are is read from `X-Forwarded-For` |
        | `OTEL_EXPORTER_OTLP_ENDPOINT` | where traces and metrics go; the other `OTEL_EXPORTER_OTLP_…` of OpenTelemetry work, too |

        This page is written from `silo/Hosting/SettingsTable.cs`.

        """;

    private static string HeadingOf(Setting setting)
    {
        string section = setting.Path.Split(':')[1];
        return s_under.GetValueOrDefault(section, section);
    }

    private static string Word(SettingKind kind) =>
        kind switch
        {
            SettingKind.File => "file or folder",
            SettingKind.Number => "whole number",
            SettingKind.Share => "number",
            SettingKind.Switch => "true or false",
            SettingKind.Duration => "time span",
            SettingKind.Address => "address",
            _ => "text",
        };
}
