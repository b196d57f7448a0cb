using System.Runtime.CompilerServices;
using Orleans.Storage;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// All that the runtime needs and that is not public in Orleans: the one place to look at when its version changes. A test
/// looks each of them up by its name and says which have moved.
/// </summary>
internal static class OrleansInternals
{
    private const string RuntimeContextType = "Orleans.Runtime.RuntimeContext, Orleans.Core.Abstractions";

    private const string StorageInstrumentsType = "Orleans.Runtime.StorageInstruments, Orleans.Core";
    private const string StateSharedMapType = "Orleans.Core.StateStorageBridgeSharedMap, Orleans.Runtime";
    private const string ReferenceCopiersType =
        "Orleans.Runtime.GrainReferenceCopierProvider, Orleans.Core.Abstractions";

    /// <summary>Every type among them, with the members that are used of it.</summary>
    public static IReadOnlyList<(string Type, string[] Members)> All { get; } =
    [
        (RuntimeContextType, ["SetExecutionContext", "ResetExecutionContext", "get_Current"]),
        (StorageInstrumentsType, []),
        (StateSharedMapType, []),
        (ReferenceCopiersType, []),
        (
            typeof(InconsistentStateException).AssemblyQualifiedName!,
            ["get_IsSourceActivation", "set_IsSourceActivation"]
        ),
        (typeof(OrleansMessageRejectionException).AssemblyQualifiedName!, [".ctor"]),
    ];

    /// <summary>What Orleans' own persistent state takes from the activation's services: its counters, once per process.</summary>
    public static Type StorageInstruments { get; } = Of(StorageInstrumentsType);

    /// <summary>What the states of one name share. There is one per simulated process, since it holds the storage.</summary>
    public static Type StateSharedMap { get; } = Of(StateSharedMapType);

    /// <summary>How references are copied that are arguments or results.</summary>
    public static Type ReferenceCopiers { get; } = Of(ReferenceCopiersType);

    /// <summary>Says on the current thread whose turn it is: what a grain's constructor and its state look at.</summary>
    /// <param name="type">Null where the method is static and its type can only be named.</param>
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "SetExecutionContext")]
    public static extern void SetContext(
        [UnsafeAccessorType(RuntimeContextType)] object? type,
        IGrainContext context,
        out IGrainContext? before
    );

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "ResetExecutionContext")]
    public static extern void ResetContext(
        [UnsafeAccessorType(RuntimeContextType)] object? type,
        IGrainContext? before
    );

    /// <summary>Whose turn it is, or null.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "get_Current")]
    public static extern IGrainContext? Current([UnsafeAccessorType(RuntimeContextType)] object? type);

    /// <summary>True in the activation whose own write lost the race; false in the callers that the exception reaches.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_IsSourceActivation")]
    public static extern bool IsSource(InconsistentStateException error);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_IsSourceActivation")]
    public static extern void SetSource(InconsistentStateException error, bool value);

    /// <summary>What a caller gets whose request was sent on too often.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern OrleansMessageRejectionException Rejection(string message);

    private static Type Of(string name) => Type.GetType(name, throwOnError: true)!;
}
