namespace Customer360.Simulation.Runtime;

/// <summary>What the runtime knows of a class of grains.</summary>
/// <param name="IsKept"><c>[KeepAlive]</c>: the collector leaves its activations alone.</param>
/// <param name="IsReentrant"><c>[Reentrant]</c>: its requests may run beside each other.</param>
internal sealed record GrainClass(GrainType Id, Type Type, IGrainActivator Activator, bool IsKept, bool IsReentrant);
