using Customer360.EmbeddedEngine.Runtime;
using Orleans.CodeGeneration;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>The call that brings events to a grain. It has no timeout: a busy consumer is not a failing one.</summary>
internal sealed class StreamDelivery(Func<StreamConsumer, Task> action) : GrainActionRequest
{
    private static readonly GrainMethod s_method = new(
        typeof(StreamConsumer),
        "IStreamConsumer",
        "Deliver",
        [],
        InvokeMethodOptions.None,
        Timeout.InfiniteTimeSpan.Ticks
    );

    /// <inheritdoc />
    public override GrainMethod Method => s_method;

    /// <inheritdoc />
    protected override ValueTask InvokeOn(object grain) => new(action(StreamConsumer.Of(Activation.CurrentTurn!)));
}
