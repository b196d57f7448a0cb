using Orleans.Placement;

namespace Orleans.Concurrency;

/// <summary>On an interface method: may run while other read-only calls run, and no other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>On a grain class: calls may interleave at every await.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>On an interface method: may run while any other call runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>On an interface method: the caller does not wait, and learns of no error.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>
/// On a grain class: a method of the class, <c>bool Name(IInvokable request)</c>, static or not, decides which calls may
/// interleave.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MayInterleaveAttribute(string callbackMethodName) : Attribute
{
    /// <summary>The method's name.</summary>
    public string CallbackMethodName { get; } = callbackMethodName;
}

/// <summary>On a grain class: several activations of one key may exist; each call goes to one of them.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : PlacementAttribute
{
    public StatelessWorkerAttribute() { }

    public StatelessWorkerAttribute(int maxLocalWorkers) => MaximumWorkers = maxLocalWorkers;

    public StatelessWorkerAttribute(int maxLocalWorkers, bool removeIdleWorkers)
        : this(maxLocalWorkers) => _ = removeIdleWorkers; // Idle workers are collected like every idle activation.

    /// <summary>The most activations of one key; zero or less means one per processor.</summary>
    internal int MaximumWorkers { get; }
}

/// <summary>Wraps a value that never changes. Kept for sources that use it; nothing is copied here anyway.</summary>
public readonly struct Immutable<T>(T value)
{
    public T Value { get; } = value;
}
