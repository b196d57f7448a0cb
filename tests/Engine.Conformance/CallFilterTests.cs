using Customer360.Engine.Conformance.Grains;
using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance;

/// <summary>Call filters, incoming and outgoing. What they do is in <c>Support/*Filters.cs</c>.</summary>
[Collection(SharedHostTopics.Name)]
public sealed class CallFilterTests(SharedHost fixture) : ConformanceTests(fixture)
{
    [Fact]
    public async Task IncomingFilters_WhenTwoAreRegistered_WrapTheCallInThatOrder()
    {
        var key = Key();

        Assert.Equal("hello", await Grains.GetGrain<IFilteredGrain>(key).Say("hello").WithinLimit());

        Assert.Equal(["outer in Say", "inner in", "call", "inner out", "outer out hello"], Journal.Of(key));
    }

    [Fact]
    public async Task IncomingFilter_WhenItChangesTheResult_TheCallerAndOuterFiltersSeeTheNewOne()
    {
        var key = Key();

        var result = await Grains.GetGrain<IFilteredGrain>(key).Say(FilterWords.ChangeResult).WithinLimit();

        Assert.Equal("changed result", result);
        Assert.Equal("outer out changed result", Journal.Of(key)[^1]);
    }

    [Fact]
    public async Task IncomingFilter_WhenItChangesAnArgument_TheGrainSeesTheNewOne() =>
        Assert.Equal(
            "changed argument",
            await Grains.GetGrain<IFilteredGrain>(Key()).Say(FilterWords.ChangeArgument).WithinLimit()
        );

    [Fact]
    public async Task IncomingFilter_WhenItAnswersItself_TheGrainIsNotCalled()
    {
        var key = Key();

        var result = await Grains.GetGrain<IFilteredGrain>(key).Say(FilterWords.AnswerWithoutTheGrain).WithinLimit();

        Assert.Equal("the filter", result);
        Assert.Equal(["outer in Say", "inner in", "outer out the filter"], Journal.Of(key));
    }

    [Fact]
    public async Task IncomingFilter_WhenItThrows_TheCallerGetsThatAndTheGrainIsNotCalled()
    {
        var key = Key();

        var exception = await Assert
            .ThrowsAsync<UnauthorizedAccessException>(() =>
                Grains.GetGrain<IFilteredGrain>(key).Say(FilterWords.Refuse)
            )
            .WithinLimit();

        Assert.Equal("refused by the filter", exception.Message);
        Assert.Equal(["outer in Say", "inner in"], Journal.Of(key));
    }

    [Fact]
    public async Task IncomingFilter_WhenTheGrainThrows_SeesTheExceptionAndMayReplaceIt()
    {
        var key = Key();

        var exception = await Assert
            .ThrowsAsync<NotSupportedException>(() =>
                Grains.GetGrain<IFilteredGrain>(key).Say(FilterWords.ReplaceException)
            )
            .WithinLimit();

        Assert.Equal("replaced by the filter", exception.Message);
        Assert.Equal(["outer in Say", "inner in", "call", "outer saw as asked"], Journal.Of(key));
    }

    [Fact]
    public async Task OutgoingFilters_WhenAGrainCallsAnother_WrapTheCallInTheOrderOfRegistration()
    {
        var (caller, callee) = (Key(".caller"), Key(".callee"));

        await Grains
            .GetGrain<IFilteredGrain>(caller)
            .Relay(Grains.GetGrain<IFilteredGrain>(callee), "hello")
            .WithinLimit();

        Assert.Equal(
            ["outer in Relay", $"outer out to {callee}", "inner out", "outer back hello", "outer out hello"],
            Journal.Of(caller)
        );
        Assert.Equal(["outer in Say", "inner in", "call", "inner out", "outer out hello"], Journal.Of(callee));
    }

    [Fact]
    public async Task OutgoingFilter_WhenItChangesTheResult_TheCallingGrainSeesTheNewOne()
    {
        var result = await Grains
            .GetGrain<IFilteredGrain>(Key(".caller"))
            .Relay(Grains.GetGrain<IFilteredGrain>(Key(".callee")), "mark the way back")
            .WithinLimit();

        Assert.Equal("marked on the way back", result);
    }

    [Fact]
    public async Task OutgoingFilter_WhenTheCalledGrainThrows_SeesTheException()
    {
        var caller = Key(".caller");

        await Assert
            .ThrowsAsync<UnauthorizedAccessException>(() =>
                Grains
                    .GetGrain<IFilteredGrain>(caller)
                    .Relay(Grains.GetGrain<IFilteredGrain>(Key(".callee")), FilterWords.Refuse)
            )
            .WithinLimit();

        Assert.Equal("outer saw UnauthorizedAccessException", Journal.Of(caller)[^1]);
    }
}
