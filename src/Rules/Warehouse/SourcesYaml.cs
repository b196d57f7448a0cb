using System.Text;

namespace Customer360.Rules.Warehouse;

/// <summary>The mirror's own description as dbt reads it: <c>sources.yml</c>, written with each export.</summary>
public static class SourcesYaml
{
    public const string FileName = "sources.yml";

    /// <param name="names">Of the tables that the mirror has.</param>
    public static string Write(IEnumerable<string> names)
    {
        var text = new StringBuilder();
        text.Append("# Written with each export of the mirror; changes are lost.\n");
        text.Append("version: 2\nsources:\n  - name: customer360\n");
        text.Append(
            "    description: The warehouse mirror of the customer grid. Times are UTC, money is in minor units.\n"
        );
        // As dbt-duckdb reads it; {name} is the table's.
        text.Append("    meta:\n      external_location: ");
        text.Append(
            "\"read_parquet('{{ env_var('CUSTOMER360_MIRROR') }}/{name}/**/*.parquet', hive_partitioning=true)\"\n"
        );
        text.Append("    tables:\n");
        foreach (
            MirrorTable table in MirrorTables.All.Where(table => names.Contains(table.Name, StringComparer.Ordinal))
        )
        {
            Append(text, table);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, MirrorTable table)
    {
        text.Append("      - name: ").Append(table.Name).Append('\n');
        text.Append("        description: ").Append(Quoted(table.About)).Append('\n');
        if (table.LoadedAt is not null)
        {
            text.Append("        loaded_at_field: ").Append(table.LoadedAt).Append('\n');
        }

        text.Append("        columns:\n");
        foreach (MirrorColumn column in table.Columns)
        {
            text.Append("          - name: ").Append(column.Name).Append('\n');
            text.Append("            description: ").Append(Quoted(column.About)).Append('\n');
            text.Append("            data_type: ").Append(MirrorTypes.Text(column.Kind)).Append('\n');
            if (table.Key is [var only] && only == column.Name)
            {
                text.Append("            tests: [unique, not_null]\n");
            }
            else if (table.Key.Contains(column.Name))
            {
                text.Append("            tests: [not_null]\n");
            }
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
