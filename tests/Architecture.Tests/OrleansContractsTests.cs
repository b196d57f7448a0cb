namespace Customer360.Architecture.Tests;

/// <summary>The wire between silos is checked in, so that a change of it is seen in review.</summary>
public sealed class OrleansContractsTests
{
    private const string Variable = "CUSTOMER360_WRITE_CONTRACTS";

    private static readonly string s_file = Path.Combine(Repository.Root, "grains", "OrleansContracts.txt");

    [Fact]
    public void Contracts_AsCompiled_AreThoseThatAreCheckedIn()
    {
        string compiled = ContractManifest.Render();
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            File.WriteAllText(s_file, compiled);
        }

        string[] known = File.Exists(s_file) ? File.ReadAllLines(s_file) : [];
        string[] now = compiled.TrimEnd('\n').Split('\n');
        string[] changes =
        [
            .. known.Except(now, StringComparer.Ordinal).Select(line => $"- {line}"),
            .. now.Except(known, StringComparer.Ordinal).Select(line => $"+ {line}"),
        ];
        Assert.True(
            known.SequenceEqual(now, StringComparer.Ordinal),
            $"""
            grains/OrleansContracts.txt is stale. During a rolling update silos of both versions talk to each other: a method
            or a field may be added; what is there keeps its name, number and type. If the change is meant, run

                {Variable}=1 dotnet test tests/Architecture.Tests --filter OrleansContracts

            and check the file in. What differs:
            {string.Join('\n', changes)}
            """
        );
    }

    [Fact]
    public void Contracts_AsCompiled_HoldInterfacesMessagesAndFields()
    {
        // A reader that finds nothing would agree with an empty file.
        string compiled = ContractManifest.Render();

        Assert.Contains("  GetOwner() -> Task<String> [ReadOnly]\n", compiled, StringComparison.Ordinal);
        Assert.Contains("class intake [KeepAlive] [PartitionPlacement]\n", compiled, StringComparison.Ordinal);
        Assert.Contains("type c360.StoredEnvelope\n  0 Int32 Partition\n", compiled, StringComparison.Ordinal);
        Assert.Contains(" for Customer360.Rules.Events.Envelope\n", compiled, StringComparison.Ordinal);
    }
}
