using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace Customer360.Simulation.Runtime;

/// <summary>A request under way; in Orleans, a message. This one expects no answer.</summary>
internal class Call
{
    /// <summary>Null where an activation calls itself: the tick of a timer.</summary>
    public required IInvokable? Body { get; init; }

    public required GrainId Target { get; init; }

    public InvokeMethodOptions Options { get; init; }

    /// <summary>Ticks of the world's clock at which the caller gives up.</summary>
    public long Deadline { get; init; } = long.MaxValue;

    /// <summary>The order in which calls to one grain were sent.</summary>
    public long Number { get; set; }

    /// <summary>Whether its end counts as activity when the collector looks for idle activations.</summary>
    public bool KeepsAlive { get; init; } = true;

    /// <summary>How often an ended activation has sent it on.</summary>
    public int Forwards { get; set; }

    /// <summary>True where it means this activation and no other.</summary>
    public virtual bool IsLocalOnly => false;

    public virtual bool IsAnswered => true;

    public bool IsAlwaysInterleave => Options.HasFlag(InvokeMethodOptions.AlwaysInterleave);

    public bool IsReadOnly => Options.HasFlag(InvokeMethodOptions.ReadOnly);

    public virtual ValueTask<Response> Invoke(Activation target)
    {
        Body!.SetTarget(target);
        return Body.Invoke();
    }

    /// <summary>Answers the caller, unless it has an answer.</summary>
    public virtual void Answer(Response response) { }
}
