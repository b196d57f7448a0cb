using System.Text.Json;
using Customer360.Rules.Audit;
using Customer360.Silo.Audit;
using Microsoft.Extensions.Configuration;
using static Customer360.Api.Tests.Audit.AuditGrid;

namespace Customer360.Api.Tests.Audit;

/// <summary>Whether the log is as it was written: by the command, and over HTTP.</summary>
public sealed class AuditCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-audit-").FullName;

    [Fact]
    public async Task Command_WhileTheGridRuns_VerifiesAndPrintsTheHead()
    {
        await using ProfilesHost host = await Start();
        await CollectAda(host);
        string head = await host.Client.GetStringAsync("/v1/audit/head");

        (int code, string output, string error) = await Run("verify", "--data", _folder);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches("^The audit log is whole: [0-9]+ records, root [A-Za-z0-9+/]+=*\\.\n", output);

        (code, string printed, _) = await Run("head", "--data", _folder);
        Assert.Equal((0, head), (code, printed));
        Assert.NotNull(AuditHead.Read(head));

        await Append(host, 3);
        string file = Path.Combine(_folder, "head.txt");
        await File.WriteAllTextAsync(file, head);
        (code, output, _) = await Run("verify", "--head", file, "--data", _folder);
        Assert.Equal(0, code);
        Assert.Contains("begins with what the given head was taken of", output, StringComparison.Ordinal);

        (code, output, error) = await Run("verify", "--json", "--head", file, "--data", _folder);
        Assert.Equal((0, ""), (code, error));
        using var answer = JsonDocument.Parse(output);
        Assert.True(answer.RootElement.GetProperty("isWhole").GetBoolean());
        Assert.True(answer.RootElement.GetProperty("isComparedWithHead").GetBoolean());
        Assert.True(answer.RootElement.GetProperty("records").GetInt64() > 3);
        Assert.Equal(0, answer.RootElement.GetProperty("breaks").GetArrayLength());
    }

    [Fact]
    public async Task Check_OverHttp_SaysWhatTheCommandSays_AndWhetherItIsTheLogOfAHead()
    {
        await using ProfilesHost host = await Start();
        await host.GetProblem("/v1/audit/verification", 404);
        await Append(host, 2_100);
        string head = await host.Client.GetStringAsync("/v1/audit/head");

        JsonElement whole = await Check(host, head);
        AuditChainHead other = new(AuditChain.Of("thing", "o-1"), 9_000, [.. new byte[AuditChain.HashLength]]);
        JsonElement broken = await Check(host, AuditHead.Of([other]).Write());

        Assert.True(whole.GetProperty("isWhole").GetBoolean(), whole.GetRawText());
        Assert.True(whole.GetProperty("isComparedWithHead").GetBoolean());
        Assert.True(whole.GetProperty("records").GetInt64() >= 2_100, whole.GetRawText());
        Assert.False(broken.GetProperty("isWhole").GetBoolean());
        JsonElement found = Assert.Single(broken.GetProperty("breaks").EnumerateArray());
        Assert.Equal((other.Chain, "truncated"), (found.GetProperty("chain").GetInt32(), Text(found, "kind")));
        (int status, _) = await host.PostJson("/v1/audit:verify", ProfilesHost.AdminKey, """{"head":"nonsense"}""");
        Assert.Equal(400, status);
    }

    /// <summary>What a check comes to that is begun and read over HTTP.</summary>
    private static async Task<JsonElement> Check(ProfilesHost host, string head)
    {
        (int status, JsonElement job) = await host.PostJson(
            "/v1/audit:verify",
            ProfilesHost.AdminKey,
            JsonSerializer.Serialize(new Dictionary<string, string> { ["head"] = head })
        );
        Assert.True(status == 202, job.GetRawText());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Text(job, "status") == "running")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
            job = await host.GetJson("/v1/audit/verification");
        }

        Assert.True(Text(job, "status") == "done", job.GetRawText());
        return job.GetProperty("result");
    }

    [Fact]
    public async Task Command_OfAnotherLogsHead_NamesChainAndRecord()
    {
        string file = Path.Combine(_folder, "head.txt");
        AuditChainHead other = new(AuditChain.Of("thing", "o-1"), 2, [.. new byte[AuditChain.HashLength]]);
        await File.WriteAllTextAsync(file, AuditHead.Of([other]).Write());
        await using ProfilesHost host = await Start();
        await Append(host, 1);

        (int code, string output, _) = await Run("verify", "--head", file, "--data", _folder);
        (int codeOfJson, string json, _) = await Run("verify", "--data", _folder, "--head", file, "--json");

        using var answer = JsonDocument.Parse(json);
        JsonElement found = Assert.Single(answer.RootElement.GetProperty("breaks").EnumerateArray());
        Assert.Equal((1, "truncated", 2), (codeOfJson, Text(found, "kind"), found.GetProperty("record").GetInt32()));
        Assert.Equal(1, code);
        Assert.Equal(
            $"chain {other.Chain}, record 2: truncated. Expected hash: {new string('0', 64)}. Found hash: nothing.\n",
            output
        );
    }

    [Theory]
    [InlineData]
    [InlineData("verfy")]
    [InlineData("verify", "--head")]
    [InlineData("head", "--head", "x")]
    [InlineData("verify", "--data", "/nowhere")]
    [InlineData("verify", "--head", "/nowhere")]
    public async Task Command_ThatCannotRead_SaysWhyAndEndsWithTwo(params string[] args)
    {
        (int code, string output, string error) = await Run(args);

        Assert.Equal((2, ""), (code, output));
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task Command_WithAFileThatIsNoHead_EndsWithTwo()
    {
        await (await Start()).DisposeAsync();
        string file = Path.Combine(_folder, "head.txt");
        await File.WriteAllTextAsync(file, "customer360/audit\n1\n");

        (int code, _, string error) = await Run("verify", "--head", file, "--data", _folder);

        Assert.Equal(2, code);
        Assert.Contains("is no head of an audit log", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<ProfilesHost> Start() => StartAs(_folder, ProfilesHost.AdminKey);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        int code = await AuditCommand.RunAsync(
            args,
            new ConfigurationBuilder().Build(),
            output,
            error,
            CancellationToken.None
        );
        return (code, output.ToString(), error.ToString());
    }
}
