using System.Buffers;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Profiles;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Profiles;

public sealed class ProfileFoldTests
{
    [Fact]
    public void WriteJson_WhenReadBack_GivesEqualBytes()
    {
        ProfileFold fold = ProfileFold
            .Empty.Apply(
                Accept(
                    """{"type":"identify","messageId":"m1","userId":"u1","traits":{"email":"j@x.com","age":3,"o":{"b":[1]}}}"""
                )
            )
            .Apply(Accept("""{"type":"group","messageId":"m2","userId":"u1","groupId":"acme"}"""));

        byte[] bytes = Json(fold);
        var reader = new Utf8JsonReader(bytes);
        ProfileFold back = ProfileFold.ReadJson(ref reader);

        Assert.Equal(fold, back);
        Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(Json(back)));
    }

    private static byte[] Json(ProfileFold fold)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        fold.WriteJson(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
