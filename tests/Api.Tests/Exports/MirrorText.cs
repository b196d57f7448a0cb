using System.Text;
using System.Text.RegularExpressions;
using Parquet;
using Parquet.Schema;

namespace Customer360.Api.Tests.Exports;

/// <summary>The texts that there are of a mirror: documented queries, and what its files hold.</summary>
internal static partial class MirrorText
{
    /// <summary>The query under a heading of docs/warehouse.md: what is documented is what is run.</summary>
    public static string Documented(string heading)
    {
        string page = File.ReadAllText(Path.Combine(Repository(), "docs", "warehouse.md"));
        Match found = Queries()
            .Matches(page)
            .Single(match => match.Groups["heading"].Value.Contains(heading, StringComparison.OrdinalIgnoreCase));
        return found.Groups["sql"].Value.Replace("/warehouse/", "$mirror/", StringComparison.Ordinal);
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Customer360.Orleans.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder!;
    }

    /// <summary>All texts of all files that there are in the folder, not of those alone that the manifest names, and the other files' bytes.</summary>
    public static async Task<string> Everything(ExportHost host)
    {
        var all = new StringBuilder();
        foreach (string file in Directory.EnumerateFiles(host.Mirror, "*", SearchOption.AllDirectories))
        {
            all.AppendLine(file);
            if (!file.EndsWith(".parquet", StringComparison.Ordinal))
            {
                all.AppendLine(await File.ReadAllTextAsync(file));
                continue;
            }

            await using ParquetReader reader = await ParquetReader.CreateAsync(file, null, CancellationToken.None);
            foreach ((string name, string value) in reader.CustomMetadata)
            {
                all.AppendLine(name).AppendLine(value);
            }

            for (int number = 0; number < reader.RowGroupCount; number++)
            {
                using ParquetRowGroupReader group = reader.OpenRowGroupReader(number);
                foreach (
                    DataField field in reader.Schema.DataFields.Where(one =>
                        one.ClrType != typeof(long) && one.ClrType != typeof(bool) && one.ClrType != typeof(DateTime)
                    )
                )
                {
                    string?[] texts = new string?[group.RowCount];
                    await group.ReadAsync(field, texts.AsMemory()!);
                    all.AppendLine(string.Join('\n', texts));
                }

                // What statistics say of a column stands beside it.
                foreach (DataField field in reader.Schema.DataFields)
                {
                    all.AppendLine($"{group.GetStatistics(field)?.MinValue} {group.GetStatistics(field)?.MaxValue}");
                }
            }
        }

        return all.ToString();
    }

    [GeneratedRegex(
        @"^## (?<heading>[^\n]+)\n(?:(?!\n## ).)*?```sql\n(?<sql>.*?)```",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Queries();
}
