using System.Globalization;
using Customer360.Engine.Conformance.Support;
using Orleans.Concurrency;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Customer360.Engine.Conformance.Grains;

/// <summary>What travels on the streams of this suite.</summary>
[GenerateSerializer]
[Immutable]
[Alias("conformance.streamItem")]
public sealed record StreamItem([property: Id(0)] int Number);

/// <summary>The stream namespaces of this suite.</summary>
public static class StreamNamespaces
{
    public const string Explicit = "explicit";
    public const string Observed = "observed";
    public const string Subscribed = "subscribed";
}

[Alias("conformance.producer")]
public interface IProducerGrain : IGrainWithStringKey
{
    [Alias("publish")]
    Task Publish(string streamNamespace, string key, int first, int count);
}

public sealed class ProducerGrain : Grain, IProducerGrain
{
    public async Task Publish(string streamNamespace, string key, int first, int count)
    {
        var stream = this.GetStreamProvider(World.StreamProviderName)
            .GetStream<StreamItem>(StreamId.Create(streamNamespace, key));
        for (var number = first; number < first + count; number++)
        {
            await stream.OnNextAsync(new StreamItem(number));
        }
    }
}

[Alias("conformance.consumer")]
public interface IConsumerGrain : IGrainWithStringKey
{
    /// <summary>Subscribes to the stream of that key; items are noted as their numbers.</summary>
    [Alias("subscribe")]
    Task Subscribe(string key);

    /// <summary>Ends all its subscriptions to the stream.</summary>
    [Alias("unsubscribe")]
    Task Unsubscribe(string key);

    [Alias("subscriptions")]
    Task<int> Subscriptions(string key);

    /// <summary>Items that come from now on wait at the gate, after noting "enter {number}".</summary>
    [Alias("holdItems")]
    Task HoldItems(string gate);

    /// <summary>The next item that comes is noted as "failed {number}" and ends in an exception, once.</summary>
    [Alias("failNextItem")]
    Task FailNextItem();

    [Alias("hold")]
    Task Hold(string gate);

    [Alias("append")]
    Task Append(string entry);

    [Alias("retire")]
    Task Retire();

    /// <summary>As <see cref="ITurnGrain.Fence"/>.</summary>
    [AlwaysInterleave]
    [Alias("fence")]
    Task Fence();
}

/// <summary>Subscribes when told to, and resumes its subscriptions on activation. The stream it resumes is named by its key up to "#".</summary>
public sealed class ConsumerGrain(Gates gates, Journal journal) : Grain, IConsumerGrain
{
    private string? _gateOfItems;
    private bool _failsNextItem;
    private TaskScheduler? _scheduler;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _scheduler = TaskScheduler.Current;
        await Append("activated");
        foreach (var handle in await Stream(KeyOfStream()).GetAllSubscriptionHandles())
        {
            await handle.ResumeAsync(OnNext);
            await Append("resumed");
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        Append("deactivated");

    public Task Subscribe(string key) => Stream(key).SubscribeAsync(OnNext);

    public async Task Unsubscribe(string key)
    {
        foreach (var handle in await Stream(key).GetAllSubscriptionHandles())
        {
            await handle.UnsubscribeAsync();
        }
    }

    public async Task<int> Subscriptions(string key) => (await Stream(key).GetAllSubscriptionHandles()).Count;

    public Task HoldItems(string gate)
    {
        _gateOfItems = gate;
        return Task.CompletedTask;
    }

    public Task FailNextItem()
    {
        _failsNextItem = true;
        return Task.CompletedTask;
    }

    public async Task Hold(string gate)
    {
        await Append("enter turn");
        await gates.Passed(gate);
        await Append("leave turn");
    }

    public Task Append(string entry)
    {
        journal.Add(this.GetPrimaryKeyString(), entry);
        return Task.CompletedTask;
    }

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Fence() => Task.CompletedTask;

    private async Task OnNext(StreamItem item, StreamSequenceToken? token)
    {
        if (TaskScheduler.Current != _scheduler)
        {
            await Append("not on the activation's scheduler");
        }

        if (_failsNextItem)
        {
            _failsNextItem = false;
            await Append($"failed {item.Number}");
            throw new InvalidOperationException("as asked");
        }

        if (_gateOfItems is not null)
        {
            await Append($"enter {item.Number}");
            await gates.Passed(_gateOfItems);
        }

        await Append(item.Number.ToString(CultureInfo.InvariantCulture));
    }

    private string KeyOfStream() => this.GetPrimaryKeyString().Split('#')[0];

    private IAsyncStream<StreamItem> Stream(string key) =>
        this.GetStreamProvider(World.StreamProviderName)
            .GetStream<StreamItem>(StreamId.Create(StreamNamespaces.Explicit, key));
}

[Alias("conformance.observingConsumer")]
public interface IObservingConsumerGrain : IGrainWithStringKey;

/// <summary>Subscribed by its class; takes the subscription when the engine offers it.</summary>
[ImplicitStreamSubscription(StreamNamespaces.Observed)]
public sealed class ObservingConsumerGrain(Journal journal)
    : Grain,
        IObservingConsumerGrain,
        IStreamSubscriptionObserver
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        ArgumentNullException.ThrowIfNull(handleFactory);
        journal.Add(this.GetPrimaryKeyString(), "offered");
        return handleFactory
            .Create<StreamItem>()
            .ResumeAsync(
                (item, _) =>
                {
                    journal.Add(this.GetPrimaryKeyString(), item.Number.ToString(CultureInfo.InvariantCulture));
                    return Task.CompletedTask;
                }
            );
    }
}

[Alias("conformance.subscribingConsumer")]
public interface ISubscribingConsumerGrain : IGrainWithStringKey
{
    [Alias("retire")]
    Task Retire();
}

/// <summary>Subscribed by its class; takes the subscription itself when activated.</summary>
[ImplicitStreamSubscription(StreamNamespaces.Subscribed)]
public sealed class SubscribingConsumerGrain(Journal journal) : Grain, ISubscribingConsumerGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Add(this.GetPrimaryKeyString(), "activated");
        var stream = this.GetStreamProvider(World.StreamProviderName)
            .GetStream<StreamItem>(StreamId.Create(StreamNamespaces.Subscribed, this.GetPrimaryKeyString()));
        await stream.SubscribeAsync(
            (item, _) =>
            {
                journal.Add(this.GetPrimaryKeyString(), item.Number.ToString(CultureInfo.InvariantCulture));
                return Task.CompletedTask;
            }
        );
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Add(this.GetPrimaryKeyString(), "deactivated");
        return Task.CompletedTask;
    }

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
