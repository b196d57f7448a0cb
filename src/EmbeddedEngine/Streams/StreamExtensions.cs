using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Orleans
{
    /// <summary>Stream providers, for grains.</summary>
    public static class GrainStreamingExtensions
    {
        /// <summary>Throws <see cref="KeyNotFoundException"/> if there is no provider of that name.</summary>
        public static IStreamProvider GetStreamProvider(this Grain grain, string name) =>
            GetStreamProvider((IGrainBase)grain, name);

        /// <inheritdoc cref="GetStreamProvider(Grain, string)" />
        public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name)
        {
            ArgumentNullException.ThrowIfNull(grain);
            return ClientStreamingExtensions.Provider(grain.GrainContext.EngineServices, name);
        }
    }

    /// <summary>Stream providers, outside grains.</summary>
    public static class ClientStreamingExtensions
    {
        /// <summary>Throws <see cref="KeyNotFoundException"/> if there is no provider of that name.</summary>
        public static IStreamProvider GetStreamProvider(this IClusterClient client, string name)
        {
            ArgumentNullException.ThrowIfNull(client);
            return Provider(client.ServiceProvider, name);
        }

        internal static IStreamProvider Provider(IServiceProvider services, string name)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            return services.GetKeyedService<IStreamProvider>(name)
                ?? throw new KeyNotFoundException($"Stream provider '{name}' not found");
        }
    }
}

namespace Orleans.Streams
{
    /// <summary>Subscribing with methods in place of an observer.</summary>
    public static class AsyncObservableExtensions
    {
        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs,
            Func<T, StreamSequenceToken?, Task> onNextAsync
        ) => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, null, null));

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs,
            Func<T, StreamSequenceToken?, Task> onNextAsync,
            Func<Exception, Task> onErrorAsync
        ) => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, null));

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs,
            Func<T, StreamSequenceToken?, Task> onNextAsync,
            Func<Task> onCompletedAsync
        ) => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, null, onCompletedAsync));

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs,
            Func<T, StreamSequenceToken?, Task> onNextAsync,
            Func<Exception, Task> onErrorAsync,
            Func<Task> onCompletedAsync
        ) => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync));

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs,
            Func<T, StreamSequenceToken?, Task> onNextAsync,
            StreamSequenceToken token
        ) => obs.SubscribeAsync(new DelegateObserver<T>(onNextAsync, null, null), token);
    }

    /// <summary>Subscribing with methods in place of a batch observer.</summary>
    public static class AsyncBatchObservableExtensions
    {
        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncBatchObservable<T> obs,
            Func<IList<SequentialItem<T>>, Task> onNextAsync
        ) => obs.SubscribeAsync(new DelegateBatchObserver<T>(onNextAsync, null));

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncBatchObservable<T> obs,
            Func<IList<SequentialItem<T>>, Task> onNextAsync,
            Func<Exception, Task> onErrorAsync
        ) => obs.SubscribeAsync(new DelegateBatchObserver<T>(onNextAsync, onErrorAsync));
    }

    /// <summary>Resuming with methods in place of an observer.</summary>
    public static class StreamSubscriptionHandleExtensions
    {
        public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
            this StreamSubscriptionHandle<T> handle,
            Func<T, StreamSequenceToken?, Task> onNextAsync,
            StreamSequenceToken? token = null
        ) => handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, null, null), token);

        public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
            this StreamSubscriptionHandle<T> handle,
            Func<T, StreamSequenceToken?, Task> onNextAsync,
            Func<Exception, Task> onErrorAsync,
            StreamSequenceToken? token = null
        ) => handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, null), token);

        public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
            this StreamSubscriptionHandle<T> handle,
            Func<T, StreamSequenceToken?, Task> onNextAsync,
            Func<Exception, Task> onErrorAsync,
            Func<Task> onCompletedAsync,
            StreamSequenceToken? token = null
        ) => handle.ResumeAsync(new DelegateObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync), token);

        public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
            this StreamSubscriptionHandle<T> handle,
            Func<IList<SequentialItem<T>>, Task> onNextAsync,
            StreamSequenceToken? token = null
        ) => handle.ResumeAsync(new DelegateBatchObserver<T>(onNextAsync, null), token);
    }

    internal sealed class DelegateObserver<T>(
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Exception, Task>? onErrorAsync,
        Func<Task>? onCompletedAsync
    ) : IAsyncObserver<T>
    {
        private readonly Func<T, StreamSequenceToken?, Task> _onNextAsync =
            onNextAsync ?? throw new ArgumentNullException(nameof(onNextAsync));

        public Task OnNextAsync(T item, StreamSequenceToken? token = null) => _onNextAsync(item, token);

        public Task OnErrorAsync(Exception ex) => onErrorAsync?.Invoke(ex) ?? Task.CompletedTask;

        public Task OnCompletedAsync() => onCompletedAsync?.Invoke() ?? Task.CompletedTask;
    }

    internal sealed class DelegateBatchObserver<T>(
        Func<IList<SequentialItem<T>>, Task> onNextAsync,
        Func<Exception, Task>? onErrorAsync
    ) : IAsyncBatchObserver<T>
    {
        private readonly Func<IList<SequentialItem<T>>, Task> _onNextAsync =
            onNextAsync ?? throw new ArgumentNullException(nameof(onNextAsync));

        public Task OnNextAsync(IList<SequentialItem<T>> items) => _onNextAsync(items);

        public Task OnErrorAsync(Exception ex) => onErrorAsync?.Invoke(ex) ?? Task.CompletedTask;
    }
}
