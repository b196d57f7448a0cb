using System.Text;
using System.Text.Json;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using static Customer360.Rules.Tests.Identity.Decisions;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Identity;

public sealed class ExplainDocumentTests
{
    private static readonly ProfileView s_view = new(
        "c_1",
        7,
        [
            new ProfileIdentifier(
                Identifier.Create("user_id", "ü\"1"),
                "m1",
                "web",
                new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero),
                "abc"
            ),
        ],
        Of([Message("\"type\":\"identify\",\"traits\":{\"plan\":\"pro\"}", 1, "crm", "m1")])
    );

    [Fact]
    public void Render_OfTheFirstPage_HasEvidenceHistoryAndFields()
    {
        string text = Render(
            s_view,
            [
                Decision(
                    "d_1",
                    DecisionKinds.Created,
                    0,
                    "{'messageId':'m1','source':'web','ruleVersion':'abc','because':'it is new','identifiers':['user_id:1']}"
                ),
                Decision("d_2", DecisionKinds.Merged, 1, "{'messageId':'m2','because':'both'}", other: "c_2"),
            ],
            next: "more"
        );

        Assert.StartsWith(
            """
            {"customerId":"c_1","identifiers":[{"type":"user_id","value":"ü\"1","evidence":[{"messageId":"m1","source":"web","at":"2026-11-22T09:00:00.000Z","ruleVersion":"abc","confidence":"deterministic"}]}],"history":[{"kind":"created","id":"d_1","at":"2026-11-22T10:00:00.000Z","customerId":"c_1","messageId":"m1","source":"web","ruleVersion":"abc","because":"it is new","identifiers":["user_id:1"]},{"kind":"merged","id":"d_2","at":"2026-11-22T10:00:01.000Z","customerId":"c_1","otherCustomerId":"c_2","mergeId":"d_2","messageId":"m2","because":"both"}],"fields":{"plan":{"value":"pro","source":"crm",
            """.Trim(),
            text,
            StringComparison.Ordinal
        );
        Assert.EndsWith(""","next":"more"}""", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OfAnIdentifierThatAMergeBrought_HasTheMergeAsEvidenceToo()
    {
        using var explained = JsonDocument.Parse(
            Render(
                s_view,
                [
                    Decision(
                        "d_2",
                        DecisionKinds.Merged,
                        1,
                        "{'messageId':'m2','source':'app','ruleVersion':'def','identifiers':['email:x','user_id:ü\\'1']}",
                        other: "c_2"
                    ),
                    Decision(
                        "d_3",
                        DecisionKinds.Merged,
                        2,
                        "{'messageId':'m3','identifiers':['email:x']}",
                        other: "c_3"
                    ),
                ]
            )
        );

        JsonElement evidence = explained.RootElement.GetProperty("identifiers")[0].GetProperty("evidence");
        Assert.Equal(2, evidence.GetArrayLength());
        Assert.Equal(
            """{"messageId":"m2","source":"app","at":"2026-11-22T10:00:01.000Z","ruleVersion":"def","mergeId":"d_2","confidence":"deterministic"}""",
            evidence[1].GetRawText()
        );
    }

    [Fact]
    public void Render_OfAFieldAndItsVerboseForm_AreTheSame()
    {
        using var explained = JsonDocument.Parse(Render(s_view, []));
        using var verbose = JsonDocument.Parse(ProfileDocument.RenderVerbose(s_view, MastershipPolicy.Latest));

        Assert.Equal(
            verbose.RootElement.GetProperty("traits").GetRawText(),
            explained.RootElement.GetProperty("fields").GetRawText()
        );
    }

    [Fact]
    public void Render_OfAKindThatIsNew_ShowsItsMembersAsTheyAre()
    {
        string text = Render(
            null,
            [Decision("d_9", "separated", 0, "{'map':{'a':[1,2.50,null]},'id':'mine','kind':'x','mergeId':'d_2'}")]
        );

        Assert.Equal(
            """{"customerId":"c_1","history":[{"kind":"separated","id":"d_9","at":"2026-11-22T10:00:00.000Z","customerId":"c_1","map":{"a":[1,2.50,null]},"mergeId":"d_2"}]}""",
            text
        );
    }

    [Fact]
    public void Render_WhenPartIsMissing_SaysSo() =>
        Assert.Equal(
            """{"customerId":"c_1","history":[],"truncated":true}""",
            Encoding.UTF8.GetString(
                ExplainDocument.Render("c_1", null, [], null, isTruncated: true, MastershipPolicy.Latest)
            )
        );

    private static string Render(ProfileView? view, DecisionRecord[] history, string? next = null) =>
        Encoding.UTF8.GetString(
            ExplainDocument.Render("c_1", view, history, next, isTruncated: false, MastershipPolicy.Latest)
        );
}
