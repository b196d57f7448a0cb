using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>A call inside its grain's turn that filters, tracers or meters look at. Calls without them never get here.</summary>
internal sealed class IncomingCall : IIncomingGrainCallContext
{
    private readonly Activation _activation;
    private readonly GrainRequest _request;
    private int _next;

    private IncomingCall(Activation activation, GrainRequest request)
    {
        _activation = activation;
        _request = request;
        request.SetTarget(activation.Instance!);
    }

    /// <inheritdoc />
    public IInvokable Request => _request;

    /// <inheritdoc />
    public object Grain => _activation.Instance!;

    /// <inheritdoc />
    public GrainId? SourceId => _request.Extras?.Source;

    /// <inheritdoc />
    public GrainId TargetId => _activation.GrainId;

    /// <inheritdoc />
    public GrainInterfaceType InterfaceType => new(_request.Method.InterfaceName);

    /// <inheritdoc />
    public string InterfaceName => _request.Method.InterfaceName;

    /// <inheritdoc />
    public string MethodName => _request.Method.Name;

    /// <inheritdoc />
    public MethodInfo InterfaceMethod => _request.Method.Method;

    /// <inheritdoc />
    public IGrainContext TargetContext => _activation;

    /// <inheritdoc />
    public MethodInfo ImplementationMethod
    {
        get
        {
            var map = Grain.GetType().GetInterfaceMap(_request.Method.InterfaceType);
            var index = Array.IndexOf(map.InterfaceMethods, InterfaceMethod);
            return index < 0 ? InterfaceMethod : map.TargetMethods[index];
        }
    }

    /// <inheritdoc />
    public object? Result
    {
        get => Response?.Result;
        set => Response = Response.FromResult(value);
    }

    /// <inheritdoc />
    public Response? Response { get; set; }

    /// <summary>Runs the call through everything that looks at it and answers the caller. Never throws.</summary>
    public static async Task RunAsync(Activation activation, GrainRequest request)
    {
        var start = Stopwatch.GetTimestamp();
        var parent = request.Extras?.ParentActivity ?? default;
        using var span =
            request is TimerTick || !Telemetry.Source.HasListeners()
                ? null
                : Telemetry.Source.StartActivity(request.Method.ActivityName, ActivityKind.Server, parent);
        span?.SetTag("rpc.system", "customer360").SetTag("grain.id", activation.GrainId.ToString());
        var call = new IncomingCall(activation, request);
        Response response;
        try
        {
            await call.Invoke();
            response = call.Response ?? Response.Completed;
        }
        catch (Exception exception)
        {
            response = Response.FromException(exception);
        }

        if (response.Exception is { } error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            activation.ObserveFailure(request, error);
        }

        try
        {
            request.Settle(response);
        }
        catch (InvalidCastException exception)
        {
            request.TryFail(exception);
        }

        var method = new KeyValuePair<string, object?>("method", request.Method.ActivityName);
        var outcome = new KeyValuePair<string, object?>("error", response.Exception?.GetType().Name);
        Telemetry.Calls.Add(1, method, outcome);
        Telemetry.CallDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, method, outcome);
    }

    /// <inheritdoc />
    public async Task Invoke()
    {
        var filters = _request is TimerTick ? [] : _activation.Engine.IncomingFilters;
        var position = _next++;
        if (position < filters.Length)
        {
            await filters[position].Invoke(this);
            return;
        }

        if (position == filters.Length && _request is not TimerTick && Grain is IIncomingGrainCallFilter own)
        {
            await own.Invoke(this);
            return;
        }

        var response = await _request.InvokeAsync(Grain);
        Response = response;
        if (response.Exception is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }
}
