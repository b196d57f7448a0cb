using Customer360.EmbeddedEngine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Customer360.Engine.Local.Tests;

/// <summary>The everyday things, so that a broken engine shows at once. Engine.Conformance has the semantics in detail.</summary>
public sealed class FirstSteps : IAsyncLifetime
{
    private readonly IHost _host;
    private readonly IGrainFactory _grains;

    public FirstSteps()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddEmbeddedGrainEngine(engine =>
            engine
                .AddGrainAssemblyOf<FirstSteps>()
                .AddMemoryGrainStorage("memory")
                .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(1))
        );
        _host = builder.Build();
        _grains = _host.Services.GetRequiredService<IGrainFactory>();
    }

    public Task InitializeAsync() => _host.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task A_call_gives_its_value()
    {
        var grain = _grains.GetGrain<ICounterGrain>("a");
        Assert.Equal(3, await grain.Add(3));
        Assert.Equal(3, await grain.Get());
        Assert.Equal("a", await grain.WhoAmI());
    }

    [Fact]
    public async Task State_survives_the_activation()
    {
        var grain = _grains.GetGrain<ICounterGrain>("b");
        await grain.Add(5);
        await grain.Save();
        var first = await grain.Activation();
        await grain.End();
        Assert.Equal(5, await grain.Get());
        Assert.NotEqual(first, await grain.Activation());
    }

    [Fact]
    public async Task Calls_do_not_interleave()
    {
        var grain = _grains.GetGrain<ICounterGrain>("c");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => grain.AddSlowly(1, CancellationToken.None)));
        Assert.Equal(5, await grain.Get());
    }

    [Fact]
    public async Task Errors_keep_their_type()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => _grains.GetGrain<ICounterGrain>("d").Fail("no"));
        Assert.Equal("no", error.Message);
        Assert.Contains(nameof(CounterGrain), error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Continuations_stay_on_the_scheduler() =>
        Assert.True(await _grains.GetGrain<ICounterGrain>("e").RunsOnItsScheduler());

    [Fact]
    public async Task A_call_to_oneself_times_out()
    {
        var grain = _grains.GetGrain<ICounterGrain>("f");
        await Assert.ThrowsAsync<TimeoutException>(() => grain.CallMyself());
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once()
    {
        using var source = new CancellationTokenSource();
        var call = _grains.GetGrain<ICounterGrain>("g").AddSlowly(1, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_sequence_gives_its_items()
    {
        var items = new List<int>();
        await foreach (var item in _grains.GetGrain<ICounterGrain>("h").Count(3))
        {
            items.Add(item);
        }

        Assert.Equal([1, 2, 3], items);
    }

    [Fact]
    public async Task The_request_context_flows()
    {
        RequestContext.Set("color", "green");
        Assert.Equal("green", await _grains.GetGrain<ICounterGrain>("i").ReadContext("color"));
        RequestContext.Clear();
        Assert.Null(await _grains.GetGrain<ICounterGrain>("i").ReadContext("color"));
    }

    [Fact]
    public async Task A_one_way_call_ends_at_once() => await _grains.GetGrain<ICounterGrain>("j").Forget();
}
