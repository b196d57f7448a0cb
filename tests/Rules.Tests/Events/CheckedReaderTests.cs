using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Events;

/// <summary>The quick reader of canonical text says what the checking reader of the platform says.</summary>
public sealed class CheckedReaderTests
{
    [Fact]
    public void Read_WhenTextIsCanonical_SeesWhatTheCheckingReaderSees()
    {
        int compared = 0;
        Prop.ForAll(
                Gen.OneOf(MessageGenerator.Any, MessageGenerator.Plausible).ToArbitrary(),
                message =>
                {
                    if (Messages.Read(message) is not { Succeeded: true, Value: { } taken })
                    {
                        return true;
                    }

                    compared++;
                    using var document = JsonDocument.Parse(taken.Json);
                    var reader = new CheckedReader(taken.Json.Span);
                    return IsSame(document.RootElement, ref reader);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        Assert.True(compared > 300, "The generator makes too few messages that are taken.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"a""")]
    [InlineData("""{"a\""")]
    [InlineData("""{"a":""")]
    [InlineData("""{"a":}""")]
    [InlineData("""{"a":[1,{"b":2]""")]
    public void Read_WhenTextIsCutOff_ThrowsJsonException(string json) =>
        Assert.Throws<JsonException>(() =>
        {
            var reader = new CheckedReader(Encoding.UTF8.GetBytes(json));
            reader.TryEnter(JsonTokenType.StartObject);
            while (reader.TryReadName(out _))
            {
                reader.Skip();
            }
        });

    [Fact]
    public void Read_WhenBytesAreAnything_EndsWithinTheText() =>
        Prop.ForAll(
                Gen.Elements("{}[]\",:\\a1tn ".ToCharArray()).ArrayOf().ToArbitrary(),
                letters =>
                {
                    byte[] json = Encoding.UTF8.GetBytes(letters);
                    try
                    {
                        var reader = new CheckedReader(json);
                        reader.TryEnter(JsonTokenType.StartObject);
                        while (reader.TryReadName(out _))
                        {
                            reader.Skip();
                        }

                        return reader.Position <= json.Length;
                    }
                    catch (JsonException)
                    {
                        return true;
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static bool IsSame(JsonElement expected, ref CheckedReader reader)
    {
        if (reader.TryEnter(JsonTokenType.StartObject))
        {
            foreach (JsonProperty member in expected.EnumerateObject())
            {
                bool isNamed =
                    reader.TryReadName(out ReadOnlySpan<byte> name)
                    && JsonText.Read(name) == member.Name
                    && IsSame(member.Value, ref reader);
                if (!isNamed)
                {
                    return false;
                }
            }

            return !reader.TryReadName(out _);
        }

        if (reader.TryEnter(JsonTokenType.StartArray))
        {
            foreach (JsonElement element in expected.EnumerateArray())
            {
                if (!reader.TryReadElement() || !IsSame(element, ref reader))
                {
                    return false;
                }
            }

            return !reader.TryReadElement();
        }

        int start = reader.Position;
        JsonSlice value = reader.Take();
        return value.Start == start
            && value.Length == Encoding.UTF8.GetByteCount(expected.GetRawText())
            && reader.Position == start + value.Length;
    }
}
