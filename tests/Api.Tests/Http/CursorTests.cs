using Customer360.Api.Http;

namespace Customer360.Api.Tests.Http;

/// <summary>Cursors read what they wrote; whatever else somebody sends is none.</summary>
public sealed class CursorTests
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Cursor_WhenWritten_ReadsTheSame()
    {
        string cursor = new CursorWriter(7)
            .Time(s_time)
            .Small(1)
            .Number(-5)
            .Number(long.MaxValue)
            .Text("d_ü")
            .ToString();

        var reader = new CursorReader(cursor, 7);

        Assert.Equal(s_time, reader.Time());
        Assert.Equal(1, reader.Small(most: 1));
        Assert.Equal(-5, reader.SmallerNumber());
        Assert.Equal(long.MaxValue, reader.Number());
        Assert.Equal("d_ü", reader.Text());
        Assert.True(reader.IsWhole);
    }

    /// <summary>A page that was asked for before an update is asked for again after it.</summary>
    [Fact]
    public void Cursor_IsWrittenAsBefore() =>
        Assert.Equal(
            "AgjfS7TMFKAACN9LtMwUoAAI30u0zBSgAA",
            new CursorWriter(2).Time(s_time).Time(s_time).Time(s_time).ToString()
        );

    [Theory]
    [InlineData("")]
    [InlineData("Aw")]
    [InlineData("Ag")]
    [InlineData("AgAAAAAAAAAA")]
    [InlineData("Av__________")]
    [InlineData("AgjfS7TMFKAAAQA")]
    [InlineData("AgjfS7TMFKAAAg")]
    [InlineData("no base 64!")]
    public void Cursor_WhenItIsNone_IsNotWhole(string cursor)
    {
        var reader = new CursorReader(cursor, 2);
        reader.Time();
        reader.Small(most: 1);

        Assert.False(reader.IsWhole);
    }

    [Fact]
    public void Cursor_OfAnotherForm_IsNone()
    {
        var reader = new CursorReader(new CursorWriter(1).Small(0).ToString(), 2);
        reader.Small(most: 1);

        Assert.False(reader.IsWhole);
    }

    [Fact]
    public void Text_ReadsWhatItWrote_AndNothingElse()
    {
        Assert.Equal("email:ü", CursorText.Read(CursorText.Write("email:ü")));
        Assert.Null(CursorText.Read("no base 64!"));
    }
}
