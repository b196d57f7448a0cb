using System.Collections.Immutable;
using Customer360.Storage.Schema;
using Customer360.Tests.Support;

namespace Customer360.Storage.Tests.Schema;

/// <summary>The embedded migrations.</summary>
public sealed class MigrationSetTests
{
    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public void Load_WhenFilesAreInTheFolder_EmbedsEachInOrder(string database)
    {
        string folder = Repository.Path("src", "Storage", database, "Migrations");
        string[] files =
        [
            .. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal),
        ];

        ImmutableArray<Migration> migrations = MigrationSet.Load(database);

        Assert.Equal(files, migrations.Select(migration => $"{migration.Number:0000}_{migration.Name}.sql"));
        Assert.All(
            migrations,
            migration =>
                Assert.Equal(
                    File.ReadAllText(Path.Combine(folder, files[migration.Number - 1])).ReplaceLineEndings("\n"),
                    migration.Sql
                )
        );
    }

    [Fact]
    public void Load_WhenBothDatabasesAreCompared_TheyHaveTheSameSteps() =>
        Assert.Equal(
            MigrationSet.Load("Sqlite").Select(migration => (migration.Number, migration.Name)),
            MigrationSet.Load("Postgres").Select(migration => (migration.Number, migration.Name))
        );
}
