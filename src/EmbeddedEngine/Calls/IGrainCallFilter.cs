using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans;

/// <summary>A call on its way, as a filter sees it.</summary>
public interface IGrainCallContext
{
    /// <summary>The call's method and arguments.</summary>
    IInvokable Request { get; }

    /// <summary>The grain object (incoming) or the reference (outgoing).</summary>
    object Grain { get; }

    /// <summary>The calling grain; null if the caller is no grain.</summary>
    GrainId? SourceId { get; }

    GrainId TargetId { get; }

    GrainInterfaceType InterfaceType { get; }

    string InterfaceName { get; }

    string MethodName { get; }

    MethodInfo InterfaceMethod { get; }

    /// <summary>The call's value, once invoked; a filter may replace it.</summary>
    object? Result { get; set; }

    /// <summary>What the call came to, once invoked; a filter may replace it.</summary>
    Response? Response { get; set; }

    /// <summary>Goes on to the next filter, and after the last to the grain. Throws what the grain threw.</summary>
    Task Invoke();
}

/// <summary>A call that has reached its grain.</summary>
public interface IIncomingGrainCallContext : IGrainCallContext
{
    IGrainContext TargetContext { get; }

    MethodInfo ImplementationMethod { get; }
}

/// <summary>A call that leaves its caller.</summary>
public interface IOutgoingGrainCallContext : IGrainCallContext
{
    /// <summary>The calling activation; null if the caller is no grain.</summary>
    IGrainContext? SourceContext { get; }
}

/// <summary>Runs around each call inside the grain's turn. Register as a service, or implement it on a grain class.</summary>
public interface IIncomingGrainCallFilter
{
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>Runs around each call on the caller's side. Register as a service.</summary>
public interface IOutgoingGrainCallFilter
{
    Task Invoke(IOutgoingGrainCallContext context);
}

/// <summary>A filter as a method.</summary>
public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

/// <summary>A filter as a method.</summary>
public delegate Task OutgoingGrainCallFilterDelegate(IOutgoingGrainCallContext context);
