using System.Text.Json;
using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.TryOuts;
using Customer360.Rules.Tests.Conditions;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>What proposed contracts would have made of messages that were received.</summary>
public sealed class ContractsTryOutTests
{
    private const string Proposed = """
        owner: {team: data, contact: data}
        modes: {violations: quarantine}
        contracts:
          - name: Bought
            identifiers: [user_id]
            versions: [{version: 1.0.0, schema: {properties: {total: {type: number}}}}]
        """;

    [Fact]
    public void Report_CountsWhatWouldBeDone_AndTellsTenPlacesAndNoValues()
    {
        var tryOut = new ContractsTryOut(Policy(Proposed));
        for (int position = 1; position <= 30; position++)
        {
            string total = position <= 12 ? "\"jane@x.com\"" : "1";
            tryOut.Add(
                partition: 3,
                position,
                Logged
                    .Message(
                        $$$"""{"type":"track","event":"Bought","userId":"u-1","properties":{"total":{{{total}}}}}"""
                    )
                    .Json
            );
        }

        tryOut.Add(
            3,
            31,
            Logged.Message("""{"type":"track","event":"Bought","anonymousId":"a-1","properties":{}}""").Json
        );
        tryOut.Add(3, 32, Logged.Message("""{"type":"track","event":"Other","userId":"u-1","properties":{}}""").Json);
        tryOut.Add(
            3,
            33,
            Logged.Held("""{"type":"track","event":"Bought","userId":"u-1","properties":{"total":1}}""").Json
        );
        tryOut.Add(3, 34, "{}"u8.ToArray());

        JsonElement report = Report(tryOut);
        Assert.Equal(
            (34, 1, 32, 13, 13, 1, 1),
            (
                Number(report, "messages"),
                Number(report, "unreadable"),
                Number(report, "judged"),
                Number(report.GetProperty("modes"), "quarantine"),
                Number(report, "wouldBeHeld"),
                Number(report, "heldThen"),
                Number(report, "freed")
            )
        );
        Assert.Equal(
            ["Bought properties.total type 12", "Bought  identifier_missing 1"],
            report
                .GetProperty("violations")
                .EnumerateArray()
                .Select(one =>
                    $"{one.GetProperty("contract")} {one.GetProperty("path")} {one.GetProperty("kind")} {one.GetProperty("count")}"
                )
        );
        Assert.Equal(
            Enumerable.Range(1, 10),
            report.GetProperty("examples").EnumerateArray().Select(one => one.GetProperty("position").GetInt32())
        );
        Assert.DoesNotContain("jane", report.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfAMessageThatForbidsSomething_HasItTakenIn()
    {
        var tryOut = new ContractsTryOut(Policy(Proposed));
        const string Denied = ""","context":{"consent":{"categoryPreferences":{"ads":false}}}""";

        tryOut.Add(
            0,
            1,
            Logged
                .Message(
                    $$$"""{"type":"track","event":"Bought","userId":"u-1","properties":{"total":"x"}{{{Denied}}}}"""
                )
                .Json
        );

        JsonElement report = Report(tryOut);
        Assert.Equal(1, Number(report.GetProperty("modes"), "annotate"));
        Assert.Equal(0, Number(report, "wouldBeHeld"));
    }

    private static int Number(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    private static JsonElement Report(ContractsTryOut tryOut)
    {
        using var document = JsonDocument.Parse(tryOut.Report());
        return document.RootElement.Clone();
    }

    private static ContractsPolicy Policy(string yaml) =>
        new ContractsPolicyKind().ReadFile(yaml, SmallYaml.Instance).Body!.Base;
}
