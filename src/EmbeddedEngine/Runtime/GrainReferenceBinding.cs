using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>What all references of one interface to one grain class share.</summary>
public sealed class GrainReferenceBinding
{
    internal GrainReferenceBinding(GrainEngine engine, GrainClass grainClass, GrainInterfaceType interfaceType)
    {
        Engine = engine;
        Class = grainClass;
        InterfaceType = interfaceType;
    }

    internal GrainEngine Engine { get; }

    internal GrainClass Class { get; }

    internal GrainInterfaceType InterfaceType { get; }
}
