using System.ComponentModel;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>On an assembly, by the generator: where its grain interfaces and classes are listed.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainManifestAttribute(Type manifestType) : Attribute
{
    /// <summary>A <see cref="GrainManifest"/> with a constructor without parameters.</summary>
    public Type ManifestType { get; } = manifestType;
}

/// <summary>The grain interfaces and classes of one assembly; generated.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainManifest
{
    /// <summary>The grain and observer interfaces.</summary>
    public abstract IEnumerable<GrainInterfaceModel> Interfaces { get; }

    /// <summary>The grain classes.</summary>
    public abstract IEnumerable<GrainClassModel> Classes { get; }
}

/// <summary>A grain interface as the generator saw it.</summary>
/// <param name="InterfaceType">The interface; an open generic type for generic interfaces.</param>
/// <param name="Name">Its name on the wire.</param>
/// <param name="ReferenceType">Its reference class; open generic for generic interfaces.</param>
/// <param name="MakeReference">Makes a reference; null for generic interfaces.</param>
/// <param name="ShortestResponseTimeoutTicks">The least [ResponseTimeout] in it, in ticks; 0 if there is none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GrainInterfaceModel(
    Type InterfaceType,
    string Name,
    Type ReferenceType,
    Func<GrainReferenceBinding, IdSpan, GrainReference>? MakeReference,
    long ShortestResponseTimeoutTicks
);

/// <summary>A grain class as the generator saw it.</summary>
/// <param name="ClassType">The class; an open generic type for generic classes.</param>
/// <param name="Name">Its grain type.</param>
/// <param name="Construct">Constructs it; null for generic classes.</param>
/// <param name="Dependencies">The services that its constructor takes.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GrainClassModel(
    Type ClassType,
    string Name,
    Func<GrainConstruction, object>? Construct,
    Type[] Dependencies
);
