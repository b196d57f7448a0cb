using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>Lets scoped services of an activation take its <see cref="IGrainContext"/>.</summary>
internal sealed class ScopedGrainContext
{
    public IGrainContext? Context { get; set; }
}

/// <inheritdoc />
internal sealed class GrainContextAccessor : IGrainContextAccessor
{
    public IGrainContext? GrainContext => RuntimeContext.Current;
}
