using Orleans.Runtime;

namespace Orleans;

/// <summary>References and keys of grains, for grain objects and references alike.</summary>
public static class GrainExtensions
{
    /// <summary>A reference to <paramref name="grain"/> as <typeparamref name="TGrainInterface"/>.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) =>
        (TGrainInterface)grain.AsReference(typeof(TGrainInterface));

    /// <inheritdoc cref="AsReference{TGrainInterface}(IAddressable)" />
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) =>
        grain.AsReference<TGrainInterface>();

    /// <summary>A reference to <paramref name="grain"/> as <paramref name="interfaceType"/>.</summary>
    public static object AsReference(this IAddressable grain, Type interfaceType)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentNullException.ThrowIfNull(interfaceType);
        return interfaceType.IsInstanceOfType(grain) && grain is GrainReference
            ? grain
            : ReferenceOf(grain).CastTo(interfaceType);
    }

    /// <inheritdoc cref="AsReference(IAddressable, Type)" />
    public static object Cast(this IAddressable grain, Type interfaceType) => grain.AsReference(interfaceType);

    /// <summary>The id of a grain object or reference.</summary>
    public static GrainId GetGrainId(this IAddressable grain) =>
        grain switch
        {
            GrainReference reference => reference.GrainId,
            IGrainBase { GrainContext: { } context } => context.GrainId,
            null => throw new ArgumentNullException(nameof(grain)),
            _ => throw new ArgumentException(
                $"{grain.GetType()} is neither a grain reference nor a grain that the engine made.",
                nameof(grain)
            ),
        };

    /// <summary>True if the key is an integer.</summary>
    public static bool IsPrimaryKeyBasedOnLong(this IAddressable grain) =>
        grain.GetGrainId().TryGetIntegerKey(out _, out _);

    /// <summary>The integer key. Throws <see cref="InvalidOperationException"/> if the key is of another kind.</summary>
    public static long GetPrimaryKeyLong(this IAddressable grain) => grain.GetPrimaryKeyLong(out _);

    /// <inheritdoc cref="GetPrimaryKeyLong(IAddressable)" />
    public static long GetPrimaryKeyLong(this IAddressable grain, out string? keyExt)
    {
        var id = grain.GetGrainId();
        return id.TryGetIntegerKey(out var key, out keyExt)
            ? key
            : throw new InvalidOperationException($"Unable to extract integer key from grain id {id}");
    }

    /// <summary>The GUID key. Throws <see cref="InvalidOperationException"/> if the key is of another kind.</summary>
    public static Guid GetPrimaryKey(this IAddressable grain) => grain.GetPrimaryKey(out _);

    /// <inheritdoc cref="GetPrimaryKey(IAddressable)" />
    public static Guid GetPrimaryKey(this IAddressable grain, out string? keyExt)
    {
        var id = grain.GetGrainId();
        return id.TryGetGuidKey(out var key, out keyExt)
            ? key
            : throw new InvalidOperationException($"Unable to extract GUID key from grain id {id}");
    }

    /// <summary>The key as text.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    private static GrainReference ReferenceOf(IAddressable grain) =>
        grain switch
        {
            GrainReference reference => reference,
            IGrainBase { GrainContext: { } context } => context.GrainReference,
            _ => throw new ArgumentException(
                $"{grain.GetType()} is neither a grain reference nor a grain that the engine made.",
                nameof(grain)
            ),
        };
}
