using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Crm.Backlog;
using Customer360.Silo.Backup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Privacy;

/// <summary>A backup is taken while the grid runs, and brings nobody back who was erased since.</summary>
public sealed class BackupTests : IDisposable
{
    private const string Jane = "jane.doe-118@example.com";

    private readonly string _outside = Directory.CreateTempSubdirectory("c360-backup-").FullName;

    public void Dispose() => Directory.Delete(_outside, recursive: true);

    [Fact]
    public async Task Restore_WhenAPersonWasErasedSince_ErasesHerAgain()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send(
            "identify",
            $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}","name":"Jane Doe-Smythe"} """
        );
        await host.Send(
            "identify",
            $$""" "userId":"bob-user-22","traits":{"email":"bob@example.com","referrer":"{{Jane}}"} """
        );
        IWebhookGrain webhooks = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IWebhookGrain>("shop");
        await webhooks.Keep(
            WebhookBacklogJson.Write(
                new WebhookBacklog([Part("hers", $$"""{"mail":"{{Jane}}"}"""), Part("bobs", """{"mail":"bob"}""")], [])
            )
        );
        string copy = Path.Combine(_outside, "store.db");
        Assert.Equal((0, ""), Run(["backup", copy], host.Folder));
        await host.Erase($"email:{Jane}");
        await host.Send("identify", """ "userId":"amy-user-333","traits":{"email":"amy@example.com"} """);
        await host.StopAsync();
        Assert.NotEmpty(await File.ReadAllBytesAsync(copy));

        (int code, string error) = Run(["restore", copy, "--replace"], host.Folder);

        Assert.Equal((0, ""), (code, error));
        foreach (string value in new[] { Jane, "jane-user-1", "Doe-Smythe" })
        {
            Assert.Empty(await RawStore.Find(host.Folder, value));
        }

        await host.RestartAsync();
        ReadOnlyMemory<byte> backlog = await host
            .Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IWebhookGrain>("shop")
            .Get();
        Assert.Equal("bobs", Assert.Single(WebhookBacklogJson.Read(backlog).Parts).Id);
        Assert.Null(await host.Profile($"email:{Jane}"));
        Assert.NotNull(await host.Profile("email:bob@example.com"));
        // What came behind the backup is not in it.
        Assert.Null(await host.Profile("email:amy@example.com"));
        await host.Send("track", """ "userId":"jane-user-1","event":"From an old queue" """);
        Assert.Null(await host.Profile("user_id:jane-user-1"));
        (_, JsonElement check) = await host.Officer(HttpMethod.Post, "/v1/rebuild:check");
        JsonElement result = await host.WaitForJob(check.GetProperty("id").GetString()!);
        Assert.Equal(0, result.GetProperty("differenceCount").GetInt64());
    }

    private static SetAsidePart Part(string id, string body) => new(id, "names_nobody", null, default, body, []);

    /// <summary>A ledger that is not there must not be taken for one that names nobody.</summary>
    [Fact]
    public async Task Restore_WithoutALedger_IsRefusedUnlessNobodyWasErased()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", """ "userId":"amy-user-333","traits":{"email":"amy@example.com"} """);
        string copy = Path.Combine(_outside, "store.db");
        Assert.Equal((0, ""), Run(["backup", copy], host.Folder));
        await host.StopAsync();

        (int code, string error) = Run(["restore", copy, "--replace"], host.Folder);

        Assert.Equal(1, code);
        Assert.Contains("no ledger of erasures", error, StringComparison.Ordinal);
        Assert.Equal((0, ""), Run(["restore", copy, "--no-erasures", "--replace"], host.Folder));
        Assert.Equal(1, Run(["restore", copy, "--other"], host.Folder).Code);
        await host.RestartAsync();
        Assert.NotNull(await host.Profile("email:amy@example.com"));
    }

    [Fact]
    public async Task Restore_WhenALineOfTheLedgerIsDamaged_ErasesByTheOthers()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", $$""" "userId":"jane-user-1","traits":{"email":"{{Jane}}"} """);
        string copy = Path.Combine(_outside, "store.db");
        Assert.Equal((0, ""), Run(["backup", copy], host.Folder));
        await host.Erase($"email:{Jane}");
        await host.StopAsync();
        string ledger = Path.Combine(host.Folder, "erasures.ndjson");
        await File.AppendAllTextAsync(ledger, "{\"hash\":\"x\",\"change\":7}\n{\"ha");

        (int code, string error) = Run(["restore", copy, "--replace"], host.Folder);

        Assert.Equal((0, ""), (code, error));
        Assert.Empty(await RawStore.Find(host.Folder, Jane));
    }

    [Fact]
    public async Task Restore_WhenAGridRuns_IsRefused()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        string copy = Path.Combine(_outside, "store.db");
        Run(["backup", copy], host.Folder);

        (int code, string error) = Run(["restore", copy, "--replace"], host.Folder);

        Assert.Equal(1, code);
        Assert.Contains("A grid runs", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_WhenThereIsAStore_ReplacesItOnlyWhereThatIsSaid()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        string copy = Path.Combine(_outside, "store.db");
        Run(["backup", copy], host.Folder);
        await host.Send("identify", """ "userId":"amy-user-333","traits":{"email":"amy@example.com"} """);
        await host.StopAsync();

        (int code, string error) = Run(["restore", copy], host.Folder);

        Assert.Equal(1, code);
        Assert.Contains("--replace", error, StringComparison.Ordinal);
        await host.RestartAsync();
        Assert.NotNull(await host.Profile("email:amy@example.com"));
    }

    [Fact]
    public async Task Backup_WhenTheTargetIsThere_ReplacesNothing()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        string copy = Path.Combine(_outside, "store.db");
        await File.WriteAllTextAsync(copy, "mine");

        Assert.Equal(1, Run(["backup", copy], host.Folder).Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(copy));
    }

    [Fact]
    public async Task Backup_WhenTheGridHasDied_LeavesItsLogInPlace()
    {
        await using PrivacyHost host = await PrivacyHost.Start();
        await host.Send("identify", """ "userId":"amy-user-333","traits":{"email":"amy@example.com"} """);
        string copy = Path.Combine(_outside, "store.db");
        // As a dead grid leaves it: a database and its log, and nobody who has them open.
        foreach (string name in new[] { "customer360.db", "customer360.db-wal" })
        {
            File.Copy(Path.Combine(host.Folder, name), Path.Combine(_outside, name));
        }

        Assert.Equal((0, ""), Run(["backup", copy], _outside));

        Assert.True(File.Exists(Path.Combine(_outside, "customer360.db-wal")));
    }

    private static (int Code, string Error) Run(string[] args, string folder)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Customer360:Data", folder)])
            .Build();
        using StringWriter output = new();
        using StringWriter error = new();
        int code =
            args[0] == BackupCommand.Name
                ? BackupCommand.Backup([.. args[1..]], configuration, output, error)
                : BackupCommand.RestoreAsync([.. args[1..]], configuration, output, error).GetAwaiter().GetResult();
        return (code, error.ToString());
    }
}
