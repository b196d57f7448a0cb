using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Ports;
using Customer360.Storage.Sqlite;
using Customer360.Storage.Sqlite.Blocks;

namespace Customer360.Storage.Tests.OnSqlite;

/// <summary>What is packed into a block of messages is what is read from it.</summary>
public sealed class LogBlockTests
{
    private readonly LogBlockWriter _writer = new();
    private readonly LogBlockReader _reader = new();

    [Fact]
    public void Pack_WhenMessagesAreAlike_ShrinksThemAndKeepsThem()
    {
        LogAppend[] messages =
        [
            .. Enumerable
                .Range(1, 20)
                .Select(number => Message(number, $$"""{"n":{{number}},"text":"the same in all"}""")),
        ];

        byte[] content = Pack(messages);

        Assert.True(content.Length < messages.Sum(message => message.Payload.Length));
        Assert.Equal(messages.Select(Text), Read(20, content));
    }

    [Fact]
    public void Pack_WhenNothingShrinks_KeepsIt()
    {
        LogAppend message = Message(1, Convert.ToBase64String(RandomNumberGenerator.GetBytes(20_000)));

        Assert.Equal([Text(message)], Read(1, Pack(message)));
    }

    [Fact]
    public void Pack_WhenMessagesAreLarge_KeepsThem()
    {
        LogAppend large = Message(1, new string('x', 256 * 1024)) with
        {
            MessageId = new string('ü', 1024),
            Anchor = new string('你', 1024),
        };

        Assert.True(_writer.HasRoomFor(large));
        byte[] content = Pack(large);

        Assert.Equal([Text(large)], Read(1, content));
        Assert.Equal([Text(Message(2, "{}"))], Read(2, Pack(Message(2, "{}"))));
    }

    [Fact]
    public void HasRoomFor_WhenTheBlockIsFull_IsFalseUntilItIsPacked()
    {
        LogAppend message = Message(1, new string('x', 10_000));
        int count = 0;
        while (_writer.HasRoomFor(message))
        {
            _writer.Add(LogId.Of(0, ++count), message, 0);
        }

        Assert.Equal(3, count);
        Assert.Equal(LogId.Of(0, 3), _writer.LastId);
        _writer.Pack();
        Assert.True(_writer.IsEmpty);
        Assert.True(_writer.HasRoomFor(message));
    }

    [Fact]
    public void TryFind_FindsWhatIsThereInAnyOrder()
    {
        byte[] content = Pack(Message(3, "3"), Message(5, "5"), Message(9, "9"));
        _reader.Load(LogId.Of(0, 9), content);

        Assert.Equal([true, true, false, true, false], new long[] { 9, 3, 4, 5, 10 }.Select(Finds));
        Assert.Equal(
            [false, true, true, true, false],
            new long[] { 2, 3, 4, 9, 10 }.Select(position => _reader.Covers(LogId.Of(0, position)))
        );

        _reader.Forget();
        Assert.False(_reader.Covers(LogId.Of(0, 3)));
        Assert.False(Finds(3));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 7, 1, 2, 3 })]
    public void Load_WhenTheFormIsUnknown_Throws(byte[] content) =>
        Assert.Throws<InvalidDataException>(() => _reader.Load(1, content));

    private bool Finds(long position) =>
        _reader.TryFind(LogId.Of(0, position), out LogBlockEntry entry) && LogId.Position(entry.Id) == position;

    private byte[] Pack(params LogAppend[] messages)
    {
        foreach (LogAppend message in messages)
        {
            _writer.Add(LogId.Of(0, message.Position), message, message.Position * 1_000_000);
        }

        return _writer.Pack().ToArray();
    }

    private List<string> Read(long lastPosition, byte[] content)
    {
        _reader.Load(LogId.Of(0, lastPosition), content);
        List<string> read = [];
        while (_reader.TryRead(out LogBlockEntry entry))
        {
            LogRow row = entry.ToRow();
            read.Add(Text(new LogAppend(row.Position, row.MessageId, row.Anchor, row.Timestamp, row.Payload)));
        }

        return read;
    }

    private static LogAppend Message(long position, string payload) =>
        new(
            position,
            string.Create(CultureInfo.InvariantCulture, $"m-{position}"),
            "user_id:ü",
            DateTimeOffset.UnixEpoch.AddSeconds(position),
            Encoding.UTF8.GetBytes(payload)
        );

    private static string Text(LogAppend message) =>
        $"{message.Position} {message.MessageId} {message.Anchor} {message.Timestamp:O} {Encoding.UTF8.GetString(message.Payload.Span)}";
}
