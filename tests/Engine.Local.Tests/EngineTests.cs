using Customer360.EmbeddedEngine;
using Customer360.EmbeddedEngine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Streams;

namespace Customer360.Engine.Local.Tests;

/// <summary>What is particular to this engine, or where a cluster would be needed to compare.</summary>
public sealed class EngineTests : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
    }

    [Fact]
    public async Task A_generic_interface_means_its_generic_class()
    {
        using var host = await StartAsync();
        var box = Grains(host).GetGrain<IBoxGrain<string>>("a");
        Assert.Null(await box.Swap("x"));
        Assert.Equal("x", await box.Swap("y"));
        Assert.Equal(0, await Grains(host).GetGrain<IBoxGrain<int>>("a").Swap(1));
    }

    [Fact]
    public async Task A_stateless_worker_has_several_activations_but_not_more_than_its_limit()
    {
        using var host = await StartAsync();
        var worker = Grains(host).GetGrain<IWorkerGrain>(0);
        var ids = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => worker.Work(20)));
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public async Task An_observer_is_called_until_its_reference_is_deleted()
    {
        using var host = await StartAsync();
        var listener = new Listener();
        var reference = Grains(host).CreateObjectReference<IListener>(listener);
        await Grains(host).GetGrain<ISpeakerGrain>("a").Say(reference, "hello");
        Assert.Equal(["hello"], listener.Words);
        Grains(host).DeleteObjectReference<IListener>(listener);
        await Assert.ThrowsAnyAsync<Exception>(() => Grains(host).GetGrain<ISpeakerGrain>("a").Say(reference, "again"));
        Assert.Equal(["hello"], listener.Words);
    }

    [Fact]
    public async Task A_call_to_a_blocked_thread_times_out_and_is_dropped()
    {
        using var host = await StartAsync();
        var grain = Grains(host).GetGrain<IStuckGrain>("a");
        var blocking = grain.Block();
        await Assert.ThrowsAsync<TimeoutException>(() => grain.Wait(0));
        await Assert.ThrowsAsync<TimeoutException>(() => blocking);
        _gate.Set();
        Assert.Equal(1, await grain.Wait(0));
    }

    [Fact]
    public async Task Requests_over_the_limit_are_refused()
    {
        using var host = await StartAsync(engine =>
            engine.Configure<SiloMessagingOptions>(static options =>
            {
                options.MaxEnqueuedRequestsHardLimit = 5;
                options.ResponseTimeout = TimeSpan.FromSeconds(30);
            })
        );
        var grain = Grains(host).GetGrain<IStuckGrain>("a");
        var calls = Enumerable.Range(0, 20).Select(_ => grain.Wait(20)).ToArray();
        await Assert.ThrowsAsync<LimitExceededException>(() => Task.WhenAll(calls));
        Assert.InRange(calls.Count(static call => call.IsFaulted), 10, 15);
    }

    [Fact]
    public async Task A_subscriber_outside_grains_gets_events_in_order()
    {
        using var host = await StartAsync(static engine => engine.AddMemoryStreams("s"));
        var client = host.Services.GetRequiredService<IClusterClient>();
        var stream = client.GetStreamProvider("s").GetStream<int>("numbers", "a");
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var got = new List<int>();
        var handle = await stream.SubscribeAsync(
            (item, _) =>
            {
                got.Add(item);
                if (item == 500)
                {
                    all.SetResult();
                }

                return Task.CompletedTask;
            }
        );
        for (var item = 1; item <= 500; item++)
        {
            await stream.OnNextAsync(item);
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(Enumerable.Range(1, 500), got);
        await handle.UnsubscribeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => handle.UnsubscribeAsync());
    }

    [Fact]
    public async Task Calls_after_the_stop_are_refused()
    {
        using var host = await StartAsync();
        var grain = Grains(host).GetGrain<IWorkerGrain>(0);
        await grain.Work(0);
        await host.StopAsync();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.Work(0));
    }

    [Fact]
    public void The_same_seed_gives_the_same_order()
    {
        var first = RunSeeded(1);
        Assert.Equal(first, RunSeeded(1));
        Assert.Contains(Enumerable.Range(2, 8), seed => !RunSeeded(seed).SequenceEqual(first));
        Assert.Equal(30, first.Count);
    }

    private static List<string> RunSeeded(int seed)
    {
        var notes = new List<string>();
        var scheduler = new SeededScheduler(seed);
        var services = new ServiceCollection();
        services.AddSingleton<ITurnScheduler>(scheduler).AddSingleton(notes);
        services.AddEmbeddedGrainEngine(engine =>
            engine.AddGrainAssemblyOf<EngineTests>().Configure(static options => options.WorkItemsPerTurn = 1)
        );
        using var provider = services.BuildServiceProvider();
        var grains = provider.GetRequiredService<IGrainFactory>();
        var calls = Enumerable.Range(0, 10).Select(key => grains.GetGrain<INoteGrain>(key).Note(3)).ToArray();
        scheduler.RunUntilIdle();
        Assert.All(calls, static call => Assert.True(call.IsCompletedSuccessfully));
        return notes;
    }

    private static IGrainFactory Grains(IHost host) => host.Services.GetRequiredService<IGrainFactory>();

    private async Task<IHost> StartAsync(Action<EmbeddedEngineBuilder>? configure = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(_gate);
        builder.Services.AddEmbeddedGrainEngine(engine =>
        {
            engine
                .AddGrainAssemblyOf<EngineTests>()
                .Configure<SiloMessagingOptions>(static options =>
                    options.ResponseTimeout = TimeSpan.FromMilliseconds(500)
                );
            configure?.Invoke(engine);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class Listener : IListener
    {
        public List<string> Words { get; } = [];

        public Task Heard(string word)
        {
            Words.Add(word);
            return Task.CompletedTask;
        }
    }
}
