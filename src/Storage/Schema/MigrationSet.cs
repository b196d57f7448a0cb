using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Customer360.Storage.Schema;

/// <summary>The embedded migrations of one database, in order.</summary>
internal static class MigrationSet
{
    /// <summary>Reads the migrations of a database: its folder name in this project, <c>Sqlite</c> or <c>Postgres</c>.</summary>
    /// <exception cref="InvalidOperationException">A file's number is missing, repeated or not written as four digits.</exception>
    public static ImmutableArray<Migration> Load(string database)
    {
        Assembly assembly = typeof(MigrationSet).Assembly;
        string prefix = $"Customer360.Storage.{database}.Migrations.";
        ImmutableArray<Migration> migrations =
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => Read(assembly, name, name[prefix.Length..])),
        ];
        for (int index = 0; index < migrations.Length; index++)
        {
            if (migrations[index].Number != index + 1)
            {
                throw new InvalidOperationException($"Migration {index + 1} of {database} is missing or repeated.");
            }
        }

        return migrations;
    }

    /// <summary>Answers the steps that are still to be done.</summary>
    /// <exception cref="SchemaMismatchException">
    /// The database was made by a newer version, or a step was changed after it was applied.
    /// </exception>
    public static ImmutableArray<Migration> Pending(
        ImmutableArray<Migration> known,
        IReadOnlyCollection<AppliedMigration> applied
    )
    {
        foreach (AppliedMigration step in applied)
        {
            if (step.Number > known.Length)
            {
                throw new SchemaMismatchException(
                    $"The database has schema {applied.Max(newest => newest.Number)}, this program knows schemas up to "
                        + $"{known.Length}. Run the newer program, or restore a backup that this one wrote."
                );
            }

            if (!string.Equals(known[step.Number - 1].Checksum, step.Checksum, StringComparison.Ordinal))
            {
                throw new SchemaMismatchException(
                    $"Migration {step.Number} was changed after this database applied it. Migrations are never changed: "
                        + "restore the file and add a new one."
                );
            }
        }

        HashSet<int> done = [.. applied.Select(step => step.Number)];
        return [.. known.Where(migration => !done.Contains(migration.Number))];
    }

    private static Migration Read(Assembly assembly, string resource, string file)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        string sql = reader.ReadToEnd().ReplaceLineEndings("\n");
        bool numbered = file.Length > 9 && file[4] == '_' && file.EndsWith(".sql", StringComparison.Ordinal);
        if (!numbered || !int.TryParse(file[..4], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            throw new InvalidOperationException($"A migration is named NNNN_name.sql, not {file}.");
        }

        string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        return new Migration(number, file[5..^4], sql, checksum);
    }
}
