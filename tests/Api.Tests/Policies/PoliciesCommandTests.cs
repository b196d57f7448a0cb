using System.Text.Json;
using Customer360.Silo.Policies;

namespace Customer360.Api.Tests.Policies;

/// <summary><c>customer360 policies check FOLDER</c>.</summary>
public sealed class PoliciesCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-check-").FullName;

    [Fact]
    public void Check_WhenAllIsValid_SaysTheVersionsAndEndsWithZero()
    {
        Write("mastership.yaml", "fields:\n  plan: {sources: [crm]}\n");
        Write("notes.txt", "not a policy");

        (int code, string output, string error) = Run("check", _folder);

        Assert.Equal((0, ""), (code, error));
        Assert.Matches("^.*mastership.yaml: valid, version [0-9a-f]{12}\n$", output);
    }

    [Fact]
    public void Check_WhenFilesHaveFaults_NamesFileLineAndRuleAndEndsWithOne()
    {
        Write("mastership.yaml", "fields:\n  plan: {strategy: newest}\n  owner: {strategy: source-priority}\n");
        Write("identity.yaml", "");
        File.WriteAllBytes(Path.Combine(_folder, "mastership.yml"), [0xff]);

        (int code, string output, _) = Run("check", _folder);

        Assert.Equal(1, code);
        Assert.Equal(
            [
                "identity.yaml:1: file: The file says nothing. To go back to the built-in policy, roll back to its version.",
                "mastership.yaml:2: fields.plan: the strategy is not known; known: latest, first, source-priority, "
                    + "most-frequent, max, min",
                "mastership.yaml:3: fields.owner: source-priority needs ranked 'sources', here or under 'default'",
                "mastership.yml:0: file: No policy is called so. Known: access.yaml, attribution.yaml, audiences.yaml, consent.yaml, contracts.yaml, destinations.yaml, identity.yaml, lifecycle.yaml, "
                    + "mastership.yaml, quality.yaml, retention.yaml, routing.yaml, sales-team.yaml, scoring.yaml, sources.yaml.",
            ],
            output.TrimEnd('\n').Split('\n').Select(line => line[(_folder.Length + 1)..])
        );
    }

    [Fact]
    public void Check_WithJson_AnswersAnObjectOfAllFiles()
    {
        Write("mastership.yaml", "fields:\n  plan: {strategy: newest}\n");
        Write("consent.yaml", "purposes: {ads: }\n");

        (int code, string output, string error) = Run("check", _folder, "--json");

        Assert.Equal((1, ""), (code, error));
        using var answer = JsonDocument.Parse(output);
        JsonElement[] files = [.. answer.RootElement.GetProperty("files").EnumerateArray()];
        Assert.Equal(["consent", "mastership"], files.Select(file => file.GetProperty("kind").GetString()));
        JsonElement fault = Assert.Single(files[1].GetProperty("faults").EnumerateArray());
        Assert.Equal((2, "fields.plan"), (fault.GetProperty("line").GetInt32(), fault.GetProperty("rule").GetString()));
        Assert.False(files[1].GetProperty("isValid").GetBoolean());
    }

    [Fact]
    public void Check_WhenAFileIsNoText_SaysSo()
    {
        File.WriteAllBytes(Path.Combine(_folder, "identity.yaml"), [0xff, 0xfe, 0x00]);

        (int code, string output, _) = Run("check", _folder);

        Assert.Equal(1, code);
        Assert.Contains("It must be UTF-8.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check", "/nowhere")]
    [InlineData("check")]
    [InlineData("chek", "/tmp")]
    [InlineData]
    public void Check_WhenTheCallIsWrong_SaysSoAndEndsWithOne(params string[] args)
    {
        (int code, string output, string error) = Run(args);

        Assert.Equal((1, ""), (code, output));
        Assert.NotEmpty(error);
    }

    /// <summary>A wrong folder must not look like one without faults.</summary>
    [Fact]
    public void Check_WhenTheFolderHasNoPolicy_EndsWithOne()
    {
        (int code, _, string error) = Run("check", _folder);

        Assert.Equal(1, code);
        Assert.Contains("no policy file", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = PoliciesCommand.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
