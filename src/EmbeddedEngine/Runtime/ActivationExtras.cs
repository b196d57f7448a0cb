using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>What few activations need. Made when first needed, so that the others do not pay for it.</summary>
internal sealed class ActivationExtras
{
    /// <summary>Guards what threads outside the turn may touch: timers and components.</summary>
    public Lock Lock { get; } = new();

    public HashSet<GrainTimer>? Timers { get; set; }

    public Dictionary<Type, object>? Components { get; set; }

    public IServiceScope? Scope { get; set; }

    public GrainLifecycle? Lifecycle { get; set; }

    public DeactivationReason DeactivationReason { get; set; }

    public CancellationToken DeactivationToken { get; set; }

    /// <summary>Until then the activation is not collected, in milliseconds of the engine's clock.</summary>
    public long KeepAliveUntilMs { get; set; }

    public TaskCompletionSource Deactivated { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
