using System.Text;
using System.Text.Json;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Audit;
using Customer360.Rules.Keys;
using Customer360.Silo.Keys;
using Customer360.Storage;
using Microsoft.Extensions.Configuration;

namespace Customer360.Grains.Tests.Keys;

/// <summary><c>customer360 keys</c>, on a store of its own.</summary>
public sealed class KeysCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Add_OnAnEmptyStore_ShowsTheKeyOnceAndKeepsItsDigest()
    {
        (int code, string output, string error) = await Run(
            "add",
            "operator",
            "--role",
            "admin",
            "--expires",
            "2999-01-01"
        );

        string text = output.TrimEnd('\n');
        Assert.Equal(0, code);
        Assert.True(KeyText.TryReadId(Encoding.ASCII.GetBytes(text), out _), text);
        Assert.Contains("never again", error, StringComparison.Ordinal);
        (_, string list, _) = await Run("list");
        Assert.Matches(
            "^operator: admin; made 2[-0-9T:]+Z by command line; expires 2999-01-01T00:00:00Z; never used\n$",
            list
        );
        foreach (string file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            Assert.True(
                Encoding
                    .Latin1.GetString(await File.ReadAllBytesAsync(file))
                    .IndexOf(text[^30..], StringComparison.Ordinal) < 0,
                $"{file} holds the secret."
            );
        }
    }

    [Fact]
    public async Task Change_WithoutAGrid_LeavesItsEntryForTheAudit()
    {
        await Run("add", "first", "--role", "admin");
        await Run("add", "second", "--role", "collect", "--role", "read");
        (int code, string output, _) = await Run("revoke", "first");

        Assert.Equal((0, "The key 'first' is revoked.\n"), (code, output));
        await using KeyRingStore store = await KeyRingStore.Open(Settings());
        (KeyRing ring, _) = await store.Read();
        Assert.Equal(["second"], ring.Keys.Select(key => key.Name));
        Assert.Equal(
            ["key.created first", "key.created second", "key.revoked first"],
            ring.Unrecorded.Select(one => $"{one.Action} {one.ObjectId}")
        );
        Assert.All(ring.Unrecorded, one => Assert.Equal(new AuditActor("grid", "command line", ""), one.Actor));
    }

    [Theory]
    [InlineData("Usage:", "show")]
    [InlineData("Usage:", "add")]
    [InlineData("Usage:", "add", "crm", "--role")]
    [InlineData("Usage:", "add", "crm", "--rule", "admin")]
    [InlineData("Usage:", "add", "crm", "--role", "admin", "--expires", "tomorrow")]
    [InlineData("Usage:")]
    [InlineData("The key has no role", "add", "crm")]
    [InlineData("A role can't be used", "add", "crm", "--role", "Admin\n")]
    [InlineData("The name can't be used", "add", "a b", "--role", "admin")]
    [InlineData("The expiry must lie ahead", "add", "crm", "--role", "admin", "--expires", "2020-01-01")]
    [InlineData("The grid keeps no key 'crm'.", "revoke", "crm")]
    public async Task Call_ThatCanNotBeDone_SaysWhyAndEndsWithOne(string expected, params string[] args)
    {
        (int code, string output, string error) = await Run(args);

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_OfANameThatIsTaken_SaysSo()
    {
        await Run("add", "crm", "--role", "collect");

        (int code, _, string error) = await Run("add", "CRM", "--role", "collect");

        Assert.Equal(1, code);
        Assert.StartsWith("There is a key 'CRM' already", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithJson_IsAnObject_WithoutSecrets()
    {
        (_, string key, _) = await Run("add", "crm", "--role", "collect", "--role", "sales", "--purpose", "support");

        (int code, string output, string error) = await Run("list", "--json");

        Assert.Equal((0, ""), (code, error));
        using var answer = JsonDocument.Parse(output);
        JsonElement one = Assert.Single(answer.RootElement.GetProperty("keys").EnumerateArray());
        Assert.Equal("crm", one.GetProperty("name").GetString());
        Assert.Equal(2, one.GetProperty("roles").GetArrayLength());
        Assert.Equal("support", one.GetProperty("purposes")[0].GetString());
        Assert.Equal(JsonValueKind.Null, one.GetProperty("lastUsedOn").ValueKind);
        Assert.DoesNotContain(key.TrimEnd('\n')[^20..], output, StringComparison.Ordinal);
        Assert.DoesNotContain("digest", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Add_WhileAGridHasTheFile_IsRefusedByTheStore()
    {
        await using TestGrid grid = await TestGrid.StartAsync(("Customer360:Data", _folder));
        string folder = ((IConfiguration)grid.Services.GetService(typeof(IConfiguration))!)["Customer360:Data"]!;

        await Assert.ThrowsAsync<StorageRefusedException>(() =>
            KeysCommand.RunAsync(["list"], Settings(folder), TimeProvider.System, TextWriter.Null, TextWriter.Null)
        );
    }

    private async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await KeysCommand.RunAsync(args, Settings(), TimeProvider.System, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private IConfiguration Settings(string? folder = null) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>(StringComparer.Ordinal) { ["Customer360:Data"] = folder ?? _folder }
            )
            .Build();
}
