using System.Globalization;
using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;

namespace Customer360.Storage.Tests;

/// <summary>What the store of grain states promises. Each behaviour is tested on a table of its own and on the common one.</summary>
public abstract class GrainStateStoreTests(TestDatabase database)
{
    private static readonly string[] s_kinds = ["customer", "identifier", "account", "intake", "pubsub", "other"];

    private IGrainStateStore States => database.Storage.States;

    [DatabaseFact]
    public async Task Write_WhenReadBack_GivesTheSameBytes()
    {
        byte[] json = Encoding.UTF8.GetBytes("""{ "b":1,"a" : "Zoë 😀 \u00fc", "b":2, "owner":"c_1","n":1.50 }""");
        foreach (string kind in s_kinds)
        {
            Assert.Null(await ReadAsync(kind, "bytes"));
            Assert.Equal(1, await States.WriteAsync(kind, "bytes", json, 0, CancellationToken.None));

            StoredState? stored = await ReadAsync(kind, "bytes");

            Assert.NotNull(stored);
            Assert.Equal(1, stored.Version);
            Assert.Equal(json, stored.Json.ToArray());
        }
    }

    [DatabaseFact]
    public async Task Write_WhenVersionIsTheExpectedOne_RaisesIt()
    {
        foreach (string kind in s_kinds)
        {
            for (long version = 0; version < 5; version++)
            {
                Assert.Equal(version + 1, await WriteAsync(kind, "rising", version + 1, version));
            }

            StoredState? stored = await ReadAsync(kind, "rising");
            Assert.Equal(5, stored?.Version);
            Assert.Equal("""{"n":5}""", Encoding.UTF8.GetString(stored!.Json.Span));
        }
    }

    [DatabaseFact]
    public async Task Write_WhenAnotherCameFirst_ChangesNothing()
    {
        foreach (string kind in s_kinds)
        {
            Assert.Null(await WriteAsync(kind, "lost", 1, expectedVersion: 3));
            Assert.Null(await ReadAsync(kind, "lost"));
            await WriteAsync(kind, "lost", 1, expectedVersion: 0);

            Assert.Null(await WriteAsync(kind, "lost", 2, expectedVersion: 0));
            Assert.Null(await WriteAsync(kind, "lost", 2, expectedVersion: 2));

            Assert.Equal("""{"n":1}""", Encoding.UTF8.GetString((await ReadAsync(kind, "lost"))!.Json.Span));
        }
    }

    [DatabaseFact]
    public async Task Write_WhenManyRaceForOneKey_ExactlyOneWinsEachVersion()
    {
        for (long version = 0; version < 10; version++)
        {
            long expected = version;
            long?[] results = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(number => WriteAsync("customer", "race", number, expected))
            );
            Assert.Equal(version + 1, Assert.Single(results, result => result is not null));
        }
    }

    [DatabaseFact]
    public async Task Write_WhenChainedWithoutWaiting_AppliesInOrder()
    {
        long?[] results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(version => WriteAsync("account", "chain", version, version))
        );

        Assert.Equal(Enumerable.Range(1, 20).Select(version => (long?)version), results);
    }

    [DatabaseFact]
    public async Task Clear_WhenVersionIsTheExpectedOne_Removes()
    {
        foreach (string kind in s_kinds)
        {
            await WriteAsync(kind, "cleared", 1, 0);

            Assert.False(await States.ClearAsync(kind, "cleared", 7, CancellationToken.None));
            Assert.True(await States.ClearAsync(kind, "cleared", 1, CancellationToken.None));
            Assert.False(await States.ClearAsync(kind, "cleared", 1, CancellationToken.None));

            Assert.Null(await ReadAsync(kind, "cleared"));
            Assert.Equal(1, await WriteAsync(kind, "cleared", 2, 0));
        }
    }

    [DatabaseFact]
    public async Task Read_WhenKindsShareAKey_TellsThemApart()
    {
        for (int number = 0; number < s_kinds.Length; number++)
        {
            await WriteAsync(s_kinds[number], "shared", number, 0);
        }

        StoredState?[] states = await Task.WhenAll(s_kinds.Select(kind => ReadAsync(kind, "shared")));

        Assert.Equal(
            Enumerable.Range(0, s_kinds.Length).Select(number => $$"""{"n":{{number}}}"""),
            states.Select(state => Encoding.UTF8.GetString(state!.Json.Span))
        );
    }

    [DatabaseFact]
    public async Task Read_WhenManyAskAtOnce_AnswersEach()
    {
        const int keys = 500;
        await Task.WhenAll(
            Enumerable.Range(0, keys).Select(number => WriteAsync("identifier", KeyOf(number), number, 0))
        );

        StoredState?[] states = await Task.WhenAll(
            Enumerable.Range(0, 3 * keys).Select(number => ReadAsync("identifier", KeyOf(number % (2 * keys))))
        );

        for (int number = 0; number < states.Length; number++)
        {
            int key = number % (2 * keys);
            string? text = states[number] is { } state ? Encoding.UTF8.GetString(state.Json.Span) : null;
            Assert.Equal(key < keys ? $$"""{"n":{{key}}}""" : null, text);
        }

        static string KeyOf(int number) => string.Create(CultureInfo.InvariantCulture, $"email:{number}@example.com");
    }

    [DatabaseFact]
    public async Task Write_WhenAcknowledged_SurvivesReopening()
    {
        await WriteAsync("customer", "kept", 1, 0);

        await database.ReopenAsync();

        Assert.Equal(1, (await ReadAsync("customer", "kept"))?.Version);
    }

    [DatabaseFact]
    public async Task Write_WhenAnotherRequestFails_NeitherFailsNorShowsItsValue()
    {
        Task poison = database.FailUnexpectedlyAsync();
        Task<long?> good = WriteAsync("customer", "beside-poison", 1, 0);

        InvalidOperationException refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => poison);

        Assert.Equal(1, await good);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(database.Logger.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    private Task<StoredState?> ReadAsync(string kind, string key) =>
        States.ReadAsync(kind, key, CancellationToken.None);

    private Task<long?> WriteAsync(string kind, string key, long number, long expectedVersion) =>
        States.WriteAsync(
            kind,
            key,
            Encoding.UTF8.GetBytes($$"""{"n":{{number}}}"""),
            expectedVersion,
            CancellationToken.None
        );
}
