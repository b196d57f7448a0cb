using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// One call: arguments, promise to the caller, and link in the callee's queue, all in one object. Generated code derives a
/// class per method.
/// </summary>
public abstract class GrainRequest : WorkItem, IInvokable
{
    /// <summary>Invalid activations hand a request on at most this often (as in Orleans).</summary>
    internal const int MaximumForwards = 2;

    private object? _grain;

    private protected GrainRequest() { }

    /// <summary>
    /// How the caller's promise is kept: its continuations never run inside the callee's turn, whoever awaits. A caller that
    /// is a grain has a scheduler of its own to which they go anyway; saying so to the promise too would send what only
    /// counts (<c>Task.WhenAll</c>) through the thread pool, and with it the order in which things happen.
    /// </summary>
    private protected static TaskCreationOptions CompletionOptions() =>
        RuntimeContext.Current is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;

    /// <summary>The method that is called.</summary>
    public abstract GrainMethod Method { get; }

    /// <summary>Where it goes.</summary>
    internal GrainReference Target { get; set; } = null!;

    /// <summary>
    /// When the caller stops waiting, in milliseconds of the engine's clock; 0 until the first sweep of
    /// <see cref="ResponseTimeouts"/> has seen it.
    /// </summary>
    internal long DeadlineMs { get; set; }

    /// <summary>Request context, cancellation and the like; null for most calls.</summary>
    internal CallExtras? Extras { get; set; }

    /// <summary>How often an ending activation has handed this request on.</summary>
    internal int Forwards { get; set; }

    /// <summary>True once the caller has its answer: the result, an error, a timeout or a cancellation.</summary>
    internal abstract bool IsSettled { get; }

    /// <summary>True if it may run beside anything.</summary>
    internal virtual bool IsAlwaysInterleave => Method.IsAlwaysInterleave;

    /// <summary>True if it may run beside other such requests.</summary>
    internal virtual bool IsReadOnly => Method.IsReadOnly;

    /// <summary>True if it makes the activation count as used.</summary>
    internal virtual bool KeepsAlive => true;

    /// <summary>The token that the callee gets.</summary>
    protected CancellationToken CalleeToken => Extras?.Cancellation?.Token ?? CancellationToken.None;

    /// <inheritdoc />
    public bool IsCancellable => Extras?.Cancellation is not null;

    internal override void Run(Activation activation) => activation.Receive(this);

    /// <summary>
    /// Lets go of the arguments once the call has ended. Who watches for timeouts still holds the request for a while, and
    /// with it whatever large things it was given: measured, a third of all memory lived on for that reason alone.
    /// </summary>
    internal void Release() => ReleaseArguments();

    /// <summary>Forgets the arguments; written by the generator.</summary>
    protected virtual void ReleaseArguments() { }

    /// <summary>Calls the grain. True if it has ended already; else the activation's scheduler ends it later.</summary>
    internal abstract bool Invoke(Activation activation);

    /// <summary>Calls the grain and gives the outcome as data; for filters.</summary>
    internal abstract ValueTask<Response> InvokeAsync(object grain);

    /// <summary>Answers the caller with an outcome that a filter may have changed.</summary>
    internal abstract void Settle(Response response);

    /// <summary>Answers the caller with an error, unless it has an answer.</summary>
    internal abstract bool TryFail(Exception exception);

    /// <summary>Answers the caller with a cancellation, unless it has an answer.</summary>
    internal abstract bool TryCancel(CancellationToken token);

    /// <summary>The answer as data, when it is there; for filters on the caller's side.</summary>
    internal abstract Task<Response> WhenSettled();

    /// <summary>Listens to the caller's token: the caller gets its answer at once, the callee its signal in a turn.</summary>
    internal void LinkTo(CancellationToken callerToken)
    {
        var extras = Extras ??= new CallExtras();
        extras.Cancellation = new CancellationTokenSource();
        extras.CallerRegistration = callerToken.UnsafeRegister(
            static (state, token) =>
            {
                var request = (GrainRequest)state!;
                if (request.TryCancel(token))
                {
                    GrainEngine.Post(request.Target, new ActionWorkItem(_ => request.Extras!.Cancellation!.Cancel()));
                }
            },
            this
        );
    }

    /// <summary>Stops listening to the caller's token.</summary>
    private protected void Unlink()
    {
        if (Extras is { Cancellation: not null } extras)
        {
            extras.CallerRegistration.Unregister();
        }
    }

    /// <summary>Sets what <see cref="GetTarget"/> answers.</summary>
    internal void SetTarget(object grain) => _grain = grain;

    /// <inheritdoc />
    public object? GetTarget() => _grain;

    /// <inheritdoc />
    public virtual int GetArgumentCount() => 0;

    /// <inheritdoc />
    public virtual object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc />
    public virtual void SetArgument(int index, object value) => throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc />
    public string GetMethodName() => Method.Name;

    /// <inheritdoc />
    public string GetInterfaceName() => Method.InterfaceName;

    /// <inheritdoc />
    public string GetActivityName() => Method.ActivityName;

    /// <inheritdoc />
    public MethodInfo GetMethod() => Method.Method;

    /// <inheritdoc />
    public Type GetInterfaceType() => Method.InterfaceType;

    /// <inheritdoc />
    public TimeSpan? GetDefaultResponseTimeout() => Method.ResponseTimeout;

    /// <inheritdoc />
    public CancellationToken GetCancellationToken() => CalleeToken;

    /// <inheritdoc />
    public override string ToString() => $"{Method.InterfaceName}.{Method.Name} on {Target?.GrainId}";
}
