using System.Reflection;
using System.Runtime.ExceptionServices;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>A call on its caller's side while outgoing filters are registered.</summary>
internal sealed class OutgoingCall : IOutgoingGrainCallContext
{
    private readonly GrainReference _target;
    private readonly GrainRequest _request;
    private readonly CancellationToken _token;
    private int _next;

    private OutgoingCall(GrainReference target, GrainRequest request, CancellationToken token)
    {
        _target = target;
        _request = request;
        _token = token;
        SourceContext = RuntimeContext.Current;
    }

    /// <inheritdoc />
    public IInvokable Request => _request;

    /// <inheritdoc />
    public object Grain => _target;

    /// <inheritdoc />
    public GrainId? SourceId => SourceContext?.GrainId;

    /// <inheritdoc />
    public GrainId TargetId => _target.GrainId;

    /// <inheritdoc />
    public GrainInterfaceType InterfaceType => new(_request.Method.InterfaceName);

    /// <inheritdoc />
    public string InterfaceName => _request.Method.InterfaceName;

    /// <inheritdoc />
    public string MethodName => _request.Method.Name;

    /// <inheritdoc />
    public MethodInfo InterfaceMethod => _request.Method.Method;

    /// <inheritdoc />
    public IGrainContext? SourceContext { get; }

    /// <inheritdoc />
    public object? Result
    {
        get => Response?.Result;
        set => Response = Response.FromResult(value);
    }

    /// <inheritdoc />
    public Response? Response { get; set; }

    public static async Task<TResult> SendAsync<TResult>(
        GrainReference target,
        GrainFunctionRequest<TResult> request,
        CancellationToken token
    )
    {
        var call = new OutgoingCall(target, request, token);
        await call.Invoke();
        return (TResult)call.Response!.Result!;
    }

    public static async Task SendAsync(GrainReference target, GrainActionRequest request, CancellationToken token)
    {
        var call = new OutgoingCall(target, request, token);
        await call.Invoke();
        _ = call.Response?.Result;
    }

    /// <inheritdoc />
    public async Task Invoke()
    {
        var filters = _target.Binding.Engine.OutgoingFilters;
        var position = _next++;
        if (position < filters.Length)
        {
            await filters[position].Invoke(this);
            return;
        }

        _target.Binding.Engine.Send(_target, _request, _token);
        if (_request.Method.IsOneWay)
        {
            Response = Response.Completed;
            return;
        }

        Response = await _request.WhenSettled();
        if (Response.Exception is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }
}
