using System.Collections.Immutable;
using System.Reflection;
using Customer360.Rules.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests;

/// <summary>When the caller has gone, a long read ends where it is done: in the grain and in storage.</summary>
public sealed class CallerLeftTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("/v1/profiles/user_id:u1/timeline", nameof(IEventLog.ReadTimelineAsync))]
    [InlineData("/v1/profiles/user_id:u1/sessions", nameof(IEventLog.ReadTimesAsync))]
    [InlineData("/v1/profiles/user_id:u1/explain", nameof(IDecisionLog.ReadAsync))]
    [InlineData("/v1/spaces/default/collections/users/profiles/user_id:u1/events", nameof(IEventLog.ReadTimelineAsync))]
    public async Task Read_WhenTheCallerLeaves_Ends(string path, string read)
    {
        string folder = Directory.CreateTempSubdirectory("c360-left-").FullName;
        var held = new HeldRead(read);
        await using (
            ProfilesHost host = await ProfilesHost.StartReal(
                folder,
                settings: null,
                services =>
                {
                    Decorate<IEventLog>(services, held);
                    Decorate<IDecisionLog>(services, held);
                }
            )
        )
        {
            await host.Collect("""{"batch":[{"type":"track","messageId":"m1","userId":"u1","event":"Opened"}]}""");
            held.Begin();
            using var caller = new CancellationTokenSource();
            Task<HttpResponseMessage> answer = host.Client.GetAsync(path, caller.Token);
            await held.Asked.WaitAsync(s_patience);
            Assert.False(held.Ended.IsCompleted);

            await caller.CancelAsync();

            await held.Ended.WaitAsync(s_patience);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
            held.Release();
            // The customer answers others as before.
            await host.GetJson("/v1/profiles/user_id:u1");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Decorate<T>(IServiceCollection services, HeldRead held)
        where T : class
    {
        ServiceDescriptor inner = services.Last(service => service.ServiceType == typeof(T));
        services.AddSingleton(provider => HeldPort<T>.Of((T)inner.ImplementationFactory!(provider), held));
    }

    /// <summary>A read of storage that comes back only when it is cancelled or released.</summary>
    public sealed class HeldRead(string method)
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isHolding;

        public Task Asked => _asked.Task;

        /// <summary>Completes when the read's own token says that nobody waits for it any more.</summary>
        public Task Ended => _ended.Task;

        public void Begin() => _isHolding = true;

        public void Release()
        {
            _isHolding = false;
            _released.TrySetResult();
        }

        public bool Holds(MethodInfo called) => _isHolding && called.Name == method;

        public async Task<ImmutableArray<T>> Page<T>(CancellationToken cancellationToken)
        {
            await Wait(cancellationToken);
            return [];
        }

        public async IAsyncEnumerable<DateTimeOffset> Times(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await Wait(cancellationToken);
            yield break;
        }

        private async Task Wait(CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            try
            {
                await _released.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                _ended.TrySetResult();
                throw;
            }
        }
    }

    /// <summary>A port of storage of which one method may be held.</summary>
    public class HeldPort<T> : DispatchProxy
        where T : class
    {
        private T _inner = null!;
        private HeldRead _held = null!;

        internal static T Of(T inner, HeldRead held)
        {
            T port = Create<T, HeldPort<T>>();
            var proxy = (HeldPort<T>)(object)port;
            (proxy._inner, proxy._held) = (inner, held);
            return port;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (!_held.Holds(targetMethod!))
            {
                return targetMethod!.Invoke(_inner, args);
            }

            var token = (CancellationToken)args![^1]!;
            return targetMethod!.Name switch
            {
                nameof(IEventLog.ReadTimelineAsync) => _held.Page<LogRow>(token),
                nameof(IEventLog.ReadTimesAsync) => _held.Times(token),
                _ => _held.Page<DecisionRecord>(token),
            };
        }
    }
}
