namespace Orleans.Placement;

// Where a grain is placed matters in a cluster. In one process these say nothing, so they are only kept compilable.

/// <summary>Base of placement hints.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class PlacementAttribute : Attribute;

/// <summary>No effect in one process.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RandomPlacementAttribute : PlacementAttribute;

/// <summary>No effect in one process.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class HashBasedPlacementAttribute : PlacementAttribute;

/// <summary>No effect in one process.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PreferLocalPlacementAttribute : PlacementAttribute;

/// <summary>No effect in one process.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ActivationCountBasedPlacementAttribute : PlacementAttribute;

/// <summary>No effect in one process.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SiloRoleBasedPlacementAttribute : PlacementAttribute;

/// <summary>No effect in one process.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ResourceOptimizedPlacementAttribute : PlacementAttribute;
