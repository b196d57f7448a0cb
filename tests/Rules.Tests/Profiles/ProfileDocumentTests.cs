using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using static Customer360.Rules.Tests.Profiles.Folds;

namespace Customer360.Rules.Tests.Profiles;

public sealed class ProfileDocumentTests
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
        Of([
            Message("\"type\":\"identify\",\"traits\":{\"plan\":\"pro\",\"gone\":null}", 1, "crm", "m1"),
            Message("\"type\":\"identify\",\"traits\":{\"plan\":\"free\"}", 0, "web", "m2"),
            Message("\"type\":\"track\",\"event\":\"Buy\"", 0, "web", "m4"),
            Message("\"type\":\"group\",\"groupId\":\"acme\"", 2, "web", "m3"),
        ])
    );

    [Fact]
    public void Render_WhenProfileIsGiven_HasItsShape() =>
        Assert.Equal(
            """
            {"customerId":"c_1","identifiers":[{"type":"user_id","value":"ü\"1"}],"traits":{"plan":"pro"},"consent":{},"audiences":[],"accounts":[{"groupId":"acme","firstAt":"2026-11-22T09:02:00.000Z","lastAt":"2026-11-22T09:02:00.000Z"}],"events":[{"kind":"identify","count":2,"firstAt":"2026-11-22T09:00:00.000Z","lastAt":"2026-11-22T09:01:00.000Z"},{"kind":"track","name":"Buy","count":1,"firstAt":"2026-11-22T09:00:00.000Z","lastAt":"2026-11-22T09:00:00.000Z"},{"kind":"group","count":1,"firstAt":"2026-11-22T09:02:00.000Z","lastAt":"2026-11-22T09:02:00.000Z"}],"lifecycle":{"firstSeenAt":"2026-11-22T09:00:00.000Z","lastSeenAt":"2026-11-22T09:02:00.000Z","messageCount":4},"version":7}
            """,
            Encoding.UTF8.GetString(ProfileDocument.Render(s_view, MastershipPolicy.Latest))
        );

    [Fact]
    public void RenderVerbose_WhenSourcesDiffer_NamesTheOverruled()
    {
        using var document = JsonDocument.Parse(ProfileDocument.RenderVerbose(s_view, MastershipPolicy.Latest));
        JsonElement root = document.RootElement;

        Assert.Equal(
            """{"value":"pro","source":"crm","at":"2026-11-22T09:01:00.000Z","messageId":"m1","rule":{"field":"*","strategy":"latest"},"reason":"latest","overruled":[{"value":"free","source":"web","at":"2026-11-22T09:00:00.000Z","messageId":"m2","reason":"older"}],"ignored":[]}""",
            root.GetProperty("traits").GetProperty("plan").GetRawText()
        );
        Assert.Equal(
            """{"type":"user_id","value":"ü\"1","messageId":"m1","source":"web","linkedAt":"2026-11-22T09:00:00.000Z","ruleVersion":"abc"}""",
            root.GetProperty("identifiers")[0].GetRawText()
        );
    }

    [Fact]
    public void Render_WhenProfileIsEmpty_IsValidJson() =>
        Assert.Equal(
            """{"customerId":"c","identifiers":[],"traits":{},"consent":{},"audiences":[],"accounts":[],"events":[],"lifecycle":{"messageCount":0},"version":0}""",
            Encoding.UTF8.GetString(
                ProfileDocument.Render(new ProfileView("c", 0, [], ProfileFold.Empty), MastershipPolicy.Latest)
            )
        );

    [Fact]
    public void Render_WhenTextsNeedEscapes_WritesThem()
    {
        string nasty =
            string.Concat(Enumerable.Range(1, 40).Select(code => (char)code)) + "\\😀" + new string('ö', 5000);
        using var document = JsonDocument.Parse(
            ProfileDocument.RenderVerbose(s_view with { CustomerId = nasty }, MastershipPolicy.Latest)
        );

        Assert.Equal(nasty, document.RootElement.GetProperty("customerId").GetString());
    }
}
