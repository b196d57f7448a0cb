using System.Globalization;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Hosting;

/// <summary>
/// Looks through what a program was given before it does anything with it: what <see cref="SettingsTable"/> does not have is a
/// mistake, since a setting that is passed over in silence is found out when its want hurts.
/// </summary>
internal static class SettingsCheck
{
    private const string Connections = "ConnectionStrings";
    private const string Exporter = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // Another program's connection string is no business of ours; one that differs in a letter or two is meant for us.
    private const int SimilarConnection = 3;
    private const int SimilarRoot = 2;
    private const int SimilarName = 2;

    private static readonly string s_root = SettingsTable.Root.ToUpperInvariant();

    /// <exception cref="StartRefusedException">There is no such setting, or its value does not fit; the message names it.</exception>
    public static void Require(IConfiguration configuration) =>
        Require(configuration, Environment.GetEnvironmentVariables().Keys.Cast<string>());

    /// <param name="configuration">What the program was given.</param>
    /// <param name="variables">The names of its environment.</param>
    internal static void Require(IConfiguration configuration, IEnumerable<string> variables)
    {
        string? problem = Problem(configuration) ?? Misspelt([.. variables]);
        if (problem is not null)
        {
            throw new StartRefusedException(problem);
        }
    }

    private static string? Problem(IConfiguration configuration) =>
        Find(configuration.GetSection(SettingsTable.Root), SettingsTable.Root)
        ?? configuration
            .GetSection(Connections)
            .GetChildren()
            .Select(OfConnection)
            .FirstOrDefault(one => one is not null)
        ?? (
            configuration[Exporter] is { Length: > 0 } exporter && !Setting.IsAddress(exporter)
                ? $"'{exporter}' at '{Exporter}' is no address such as http://localhost:4317."
                : null
        );

    /// <param name="section">A place in the settings.</param>
    /// <param name="path">The same in the table's spelling.</param>
    private static string? Find(IConfigurationSection section, string path)
    {
        Setting? setting = SettingsTable.All.FirstOrDefault(one => one.Path == path);
        if (setting is not null)
        {
            return section.Value is { } value && setting.Problem(value) is { } wrong
                ? $"'{value}' at '{path}' {wrong}."
                : section.GetChildren().Select(child => Unknown(child, path, [])).FirstOrDefault();
        }

        string[] known = [.. NamesIn(path)];
        foreach (IConfigurationSection child in section.GetChildren())
        {
            string? name = known.FirstOrDefault(one => Fits(child.Key, one));
            string? problem = name is null ? Unknown(child, path, known) : Find(child, $"{path}:{name}");
            if (problem is not null)
            {
                return problem;
            }
        }

        return section.Value is { Length: > 0 }
            ? $"{path} is no setting by itself; its own are {string.Join(", ", known)}."
            : null;
    }

    private static IEnumerable<string> NamesIn(string path) =>
        SettingsTable
            .All.Where(one => one.Path.StartsWith($"{path}:", StringComparison.Ordinal))
            .Select(one => one.Path[(path.Length + 1)..].Split(':')[0])
            .Distinct();

    private static bool Fits(string key, string name) =>
        name == "#"
            ? int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            : name.StartsWith('<') || string.Equals(key, name, StringComparison.OrdinalIgnoreCase);

    private static string Unknown(IConfigurationSection child, string path, string[] known)
    {
        string its =
            known.Length > 0 ? $"those of {path} are {string.Join(", ", known)}" : $"{path} has none of its own";
        return $"There is no setting {path}:{child.Key}; {its}.{Nearest(child, path, known)}";
    }

    private static string? OfConnection(IConfigurationSection given)
    {
        bool isOurs = string.Equals(given.Key, GridServices.ConnectionName, StringComparison.OrdinalIgnoreCase);
        string upper = given.Key.ToUpperInvariant();
        return !isOurs && Distance(upper, GridServices.ConnectionName.ToUpperInvariant()) <= SimilarConnection
            ? $"The connection string '{given.Key}' is nobody's: did you mean {GridServices.ConnectionSetting}? Without that one the "
                + "data would go to a SQLite file."
            : null;
    }

    /// <summary>
    /// Of variables that are meant for us and do not reach us: an underscore is missing, or the name's beginning is misspelt.
    /// Others that begin with the name may be anybody's: Kubernetes makes some for each service.
    /// </summary>
    private static string? Misspelt(string[] variables)
    {
        ILookup<string, string> known = SettingsTable
            .All.Select(one => one.Variable)
            .Append(GridServices.ConnectionSetting)
            .ToLookup(Bare, StringComparer.Ordinal);
        foreach (string variable in variables)
        {
            string first = variable.Split("__")[0];
            if (first.Length < variable.Length && Distance(first.ToUpperInvariant(), s_root) is > 0 and <= SimilarRoot)
            {
                return $"The variable {variable} is no setting: did you mean {s_root}{variable[first.Length..]}?";
            }

            if (
                variable.Contains(s_root, StringComparison.OrdinalIgnoreCase)
                && known[Bare(variable)].FirstOrDefault() is { } meant
                && !Reaches(variable, meant)
            )
            {
                return $"The variable {variable} is no setting: did you mean {Zeros(meant)}, with two underscores?";
            }
        }

        return null;
    }

    private static bool Reaches(string variable, string meant) =>
        variable.Split("__").Length == meant.Split("__").Length;

    /// <summary>Without what people mistake: underscores, case, and numbers.</summary>
    private static string Bare(string variable) =>
        string.Concat(variable.Where(char.IsAsciiLetter).Select(char.ToUpperInvariant));

    /// <summary>The sibling that was meant, else the setting whose whole name is the nearest; empty where none is near.</summary>
    private static string Nearest(IConfigurationSection child, string path, string[] known)
    {
        string key = child.Key.ToUpperInvariant();
        string? sibling = known.MinBy(one => Distance(key, one.ToUpperInvariant()));
        if (sibling is not null && Distance(key, sibling.ToUpperInvariant()) <= SimilarName)
        {
            string meant = $"{path}:{sibling}";
            return $" Did you mean {Zeros(SettingsTable.All.First(one => IsIn(one.Path, meant)).Variable)}?";
        }

        string variable = Setting.VariableOf(child.Path);
        string nearest = SettingsTable.All.Select(one => Zeros(one.Variable)).MinBy(one => Distance(variable, one))!;
        return Distance(variable, nearest) <= Math.Max(2, variable.Length / 4) ? $" Did you mean {nearest}?" : "";
    }

    private static bool IsIn(string path, string meant) =>
        path == meant || path.StartsWith($"{meant}:", StringComparison.Ordinal);

    private static string Zeros(string variable) => variable.Replace('#', '0');

    /// <summary>Levenshtein's: how many letters must be put in, taken out or changed.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
