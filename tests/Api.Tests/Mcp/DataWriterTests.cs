using System.Buffers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Mcp;

namespace Customer360.Api.Tests.Mcp;

/// <summary>What is written for agents is clean and no longer than it may be, and says where something is missing.</summary>
public sealed class DataWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two\r\nlines\tand a tab", "two  lines and a tab")]
    [InlineData("a\u0000b\u001bc\u0085d", "abcd")]
    [InlineData("a\u202Eb\u200Bc\u2066d\uFEFF", "abcd")]
    [InlineData("a\U000E0041\U000E007Fb", "ab")]
    [InlineData("a\uFE0F\U000E0100b\uE000", "ab")]
    [InlineData("x\u2028y\u2029z", "x y z")]
    [InlineData("Zoë 日本 👩 ok", "Zoë 日本 👩 ok")]
    public void Text_WithWhatNobodySees_IsCleaned(string text, string clean) =>
        Assert.Equal(clean, DataText.Clean(text));

    [Fact]
    public void Text_ThatIsCut_IsNeverCutInACharacter() => Assert.Equal("ab", DataText.Cut("ab👩", 3));

    [Fact]
    public void Json_ThatFits_IsAsItWas()
    {
        const string Json = """{"a":[1,2.50,true,null,{"b":"x"}],"c":{}}""";

        (string written, IReadOnlyList<string> cuts) = Write(Json, 1_000);

        Assert.Equal(Json, written);
        Assert.Empty(cuts);
    }

    [Fact]
    public void List_ThatIsTooLong_KeepsEveryRowAndShortensTheLongest()
    {
        string rows = string.Join(
            ',',
            Enumerable
                .Range(0, 50)
                .Select(row => $$"""{"id":{{row}},"text":"{{new string('x', row % 2 == 0 ? 2_000 : 3)}}"}""")
        );

        (string written, IReadOnlyList<string> cuts) = Write($$"""{"rows":[{{rows}}]}""", 8_192);

        JsonElement parsed = ProfilesHost.Parse(written).GetProperty("rows");
        Assert.InRange(written.Length, 1, 9_000);
        Assert.Equal(Enumerable.Range(0, 50), parsed.EnumerateArray().Select(row => row.GetProperty("id").GetInt32()));
        Assert.Equal("xxx", parsed[1].GetProperty("text").GetString());
        Assert.EndsWith("…", parsed[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("rows[0].text", cuts);
        Assert.Equal("and more", cuts[^1]);
    }

    [Fact]
    public void Names_ThatDifferInWhatNobodySees_AreNotTwice()
    {
        (string written, IReadOnlyList<string> cuts) = Write("""{"plan":"pro","pl\u200ban":"free"}""", 1_000);

        Assert.Equal("""{"plan":"pro"}""", written);
        Assert.Equal(["plan"], cuts);
    }

    private static (string Written, IReadOnlyList<string> Cuts) Write(string json, int bytes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var document = JsonDocument.Parse(json);
        using var writer = new Utf8JsonWriter(buffer, Customer360.Rules.Outcomes.AnswerJson.Options);
        var data = new DataWriter(writer);
        data.Write(document.RootElement, bytes);
        writer.Flush();
        return (Encoding.UTF8.GetString(buffer.WrittenSpan), data.Cuts);
    }
}
