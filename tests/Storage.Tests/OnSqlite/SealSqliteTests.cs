using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Storage.Sqlite;
using Customer360.Storage.Sqlite.Blocks;
using Customer360.Storage.Tests.Databases;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>What was removed is in no file any more: neither in its place nor in what SQLite leaves lying about.</summary>
public sealed class SealSqliteTests : IAsyncLifetime
{
    private const string Person = "jane.doe.erased@example.com";
    private readonly SqliteTestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Seal_WhenThePersonWasAmongThousands_LeavesNoByteOfHer()
    {
        await FillLog();
        await FillStates();
        Assert.True(IsInFiles(Person));

        await EraseLog();
        Assert.True(
            await _database.Storage.States.ClearAsync("identifier", $"email:{Person}", 2, CancellationToken.None)
        );
        await _database.Storage.Erasure.SealAsync([Encoding.UTF8.GetBytes(Person)], CancellationToken.None);

        Assert.False(IsInFiles(Person));
        Assert.False(await IsInBlocks(Person));
        Assert.True(await IsInBlocks("someone.else.1@example.com"));
    }

    [Fact]
    public async Task Seal_WhenRowsWereMovedBetweenPages_WritesTheDatabaseAnew()
    {
        // Keys that go into the middle again and again divide pages, and the old bytes stay in their free room.
        foreach (int number in Enumerable.Range(0, 3_000).OrderBy(number => number * 7919 % 3_000))
        {
            await Write($"email:{number:D5}-{Person}", $$"""{"owner":"c_{{number}}"}""");
        }

        foreach (int number in Enumerable.Range(0, 3_000))
        {
            await ClearState($"email:{number:D5}-{Person}");
        }

        await _database.Storage.Erasure.SealAsync([Encoding.UTF8.GetBytes(Person)], CancellationToken.None);

        Assert.False(IsInFiles(Person));
        await Write("email:still@works", """{"owner":"c_1"}""");
        await _database.ReopenAsync();
        Assert.NotNull(
            await _database.Storage.States.ReadAsync("identifier", "email:still@works", CancellationToken.None)
        );
    }

    private async Task FillLog()
    {
        IEventLog log = _database.Log;
        await log.OpenAsync(1, CancellationToken.None);
        for (int append = 0; append < 40; append++)
        {
            await log.AppendAsync(
                1,
                [
                    .. Enumerable
                        .Range(0, 50)
                        .Select(one =>
                        {
                            int number = (append * 50) + one;
                            string email = number % 97 == 0 ? Person : $"someone.else.{number}@example.com";
                            return new LogAppend(
                                number + 1,
                                $"m-{number}",
                                $"email:{email}",
                                LogMessages.Noon.AddSeconds(number),
                                Encoding.UTF8.GetBytes($$"""{"email":"{{email}}","number":{{number}}}""")
                            );
                        }),
                ],
                CancellationToken.None
            );
        }
    }

    private async Task FillStates()
    {
        for (int number = 0; number < 200; number++)
        {
            await Write($"email:someone.else.{number}@example.com", """{"owner":"c_1"}""");
        }

        await Write($"email:{Person}", """{"owner":"c_2"}""");
        await _database.Storage.States.WriteAsync(
            "identifier",
            $"email:{Person}",
            """{"owner":"c_2"}"""u8.ToArray(),
            1,
            new StateCompanions
            {
                // No id has a person in it, but what the list keeps of one must be gone all the same.
                Listings =
                [
                    new LeadListing(
                        new LeadRow(
                            $"email:{Person}",
                            Person,
                            Person,
                            Person,
                            Person,
                            Person,
                            LogMessages.Noon,
                            null,
                            true
                        )
                    ),
                ],
            },
            CancellationToken.None
        );
    }

    private async Task EraseLog()
    {
        var judge = new ErasureJudge(new ErasureTargets([Rules.Events.Identifier.Create("email", Person)]));
        string? next = "";
        while (next is not null)
        {
            next = (await _database.Storage.Erasure.EraseLogAsync(1, next, judge, CancellationToken.None)).Next;
        }
    }

    private async Task Write(string key, string json) =>
        Assert.NotNull(
            await _database.Storage.States.WriteAsync(
                "identifier",
                key,
                Encoding.UTF8.GetBytes(json),
                0,
                CancellationToken.None
            )
        );

    private async Task ClearState(string key) =>
        Assert.True(await _database.Storage.States.ClearAsync("identifier", key, 1, CancellationToken.None));

    private bool IsInFiles(string text) =>
        Directory
            .EnumerateFiles(_database.Folder, "*", SearchOption.AllDirectories)
            // The lock is for the process that holds it, and has one fixed sentence.
            .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))
            .Any(path => IsIn(path, Encoding.UTF8.GetBytes(text)));

    private static bool IsIn(string path, byte[] text)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using MemoryStream bytes = new();
        file.CopyTo(bytes);
        return bytes.ToArray().AsSpan().IndexOf(text) >= 0;
    }

    /// <summary>Unpacks every block that is stored, without the storage's own reading.</summary>
    private async Task<bool> IsInBlocks(string text)
    {
        await _database.Storage.DisposeAsync();
        bool found = false;
        using (
            SqliteConnection connection = SqliteConnection.Open(
                Path.Combine(_database.Folder, "customer360.db"),
                readOnly: false
            )
        )
        {
            using SqliteStatement read = connection.PrepareOnce("select id, content from log_block_1");
            var block = new LogBlockReader();
            while (read.Step())
            {
                block.Load(read.Int64(0), read.Bytes(1));
                while (block.TryRead(out LogBlockEntry entry))
                {
                    byte[] sought = Encoding.UTF8.GetBytes(text);
                    found |= entry.Payload.IndexOf(sought) >= 0 || entry.Anchor.IndexOf(sought) >= 0;
                }
            }
        }

        await _database.InitializeAgainAsync();
        return found;
    }
}
