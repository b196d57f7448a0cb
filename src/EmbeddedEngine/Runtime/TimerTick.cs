using Orleans.CodeGeneration;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>One tick of a grain timer: a request without a caller, so that the rules for requests hold for it.</summary>
internal sealed class TimerTick(GrainTimer timer) : GrainActionRequest
{
    private static readonly GrainMethod s_method = new(
        typeof(GrainTimer),
        "IGrainTimer",
        "Tick",
        [],
        InvokeMethodOptions.OneWay,
        0
    );

    /// <inheritdoc />
    public override GrainMethod Method => s_method;

    internal override bool IsAlwaysInterleave => timer.IsInterleaving;

    internal override bool KeepsAlive => timer.KeepsAlive;

    /// <inheritdoc />
    protected override ValueTask InvokeOn(object grain) => new(timer.TickAsync());
}
