using Customer360.Api.Collect;

namespace Customer360.Api.Tests.Collect;

/// <summary>Who gets how much of what may be under way.</summary>
public sealed class IntakeGateTests
{
    private static readonly IntakeCaller s_key = new("one", 0);
    private static readonly IntakeCaller s_otherKey = new("other", 0);
    private static readonly IntakeCaller s_guest = new(null, 1);
    private static readonly IntakeCaller s_otherGuest = new(null, 2);

    private readonly IntakeGate _gate = new(
        new CollectOptions
        {
            BodyBytesMax = 1_024,
            BytesInFlightMax = 8_000,
            RequestsInFlightMax = 80,
        }
    );

    [Fact]
    public void Callers_OneAfterTheOther_GetHalfOfWhatIsLeft()
    {
        Assert.Equal(40, Fill(s_key));
        Assert.Equal(20, Fill(s_otherKey));
        Assert.Equal(10, Fill(new IntakeCaller("third", 0)));
    }

    [Fact]
    public void Networks_WithoutKeys_ShareHalfAmongThem()
    {
        // One network: a third, since as much must be left to another and both together may have half.
        int first = Fill(s_guest);
        int second = Fill(s_otherGuest);

        Assert.InRange(first, 20, 30);
        Assert.InRange(second, 5, 15);
        Assert.True(first + second <= 40);
        Assert.True(Fill(s_key) >= 20);
    }

    [Fact]
    public void Bytes_OfOneCaller_EndAtHalf()
    {
        Assert.True(_gate.TryEnter(s_key, 100, out IntakePlace? place));
        Assert.True(place.TryGrow(7_900));
        place.Dispose();
        Assert.True(_gate.TryEnter(s_key, 4_000, out _));
        Assert.False(_gate.TryEnter(s_key, 100, out _));
        Assert.True(_gate.TryEnter(s_otherKey, 2_000, out _));
    }

    [Fact]
    public void Growth_OfWhatIsUnderWay_NeedsNoFurtherPlace()
    {
        Assert.True(_gate.TryEnter(s_key, 10, out IntakePlace? place));
        Fill(s_key);
        Fill(s_otherKey);

        Assert.True(place.TryGrow(1_000));
    }

    [Fact]
    public void Place_OfAGuestWhoseKeyIsFound_CountsAsTheKeys()
    {
        List<IntakePlace> places = FillAll(s_guest);

        Assert.True(places[0].TryMoveTo(s_key));

        Assert.True(_gate.TryEnter(s_guest, 1, out _));
    }

    [Fact]
    public void Places_ThatAreLeft_AreGivenBackOnce()
    {
        List<IntakePlace> places = FillAll(s_key);
        foreach (IntakePlace place in places)
        {
            Assert.True(place.TryGrow(1));
            place.Dispose();
            place.Dispose();
        }

        Assert.Equal(0, _gate.Requests);
        Assert.Equal(0, _gate.Bytes);
        Assert.Equal(40, Fill(s_key));
    }

    private int Fill(IntakeCaller caller) => FillAll(caller).Count;

    private List<IntakePlace> FillAll(IntakeCaller caller)
    {
        List<IntakePlace> places = [];
        while (_gate.TryEnter(caller, 1, out IntakePlace? place))
        {
            places.Add(place);
        }

        return places;
    }
}
