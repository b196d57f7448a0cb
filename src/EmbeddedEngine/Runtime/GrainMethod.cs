using System.Reflection;
using Orleans.CodeGeneration;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>What is known of a grain method at compile time. One instance per method, made by generated code.</summary>
public sealed class GrainMethod
{
    private readonly Type[] _parameterTypes;
    private MethodInfo? _method;

    /// <summary>For generated code.</summary>
    /// <param name="interfaceType">The interface that declares it.</param>
    /// <param name="interfaceName">The interface's name on the wire.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="parameterTypes">Its parameters, in order.</param>
    /// <param name="options">What its attributes ask for.</param>
    /// <param name="responseTimeoutTicks">Its own response timeout in ticks of 100 ns; 0 for the engine's.</param>
    public GrainMethod(
        Type interfaceType,
        string interfaceName,
        string name,
        Type[] parameterTypes,
        InvokeMethodOptions options,
        long responseTimeoutTicks
    )
    {
        InterfaceType = interfaceType;
        InterfaceName = interfaceName;
        Name = name;
        _parameterTypes = parameterTypes;
        IsReadOnly = options.HasFlag(InvokeMethodOptions.ReadOnly);
        IsAlwaysInterleave = options.HasFlag(InvokeMethodOptions.AlwaysInterleave);
        IsOneWay = options.HasFlag(InvokeMethodOptions.OneWay);
        ResponseTimeout = responseTimeoutTicks == 0 ? null : TimeSpan.FromTicks(responseTimeoutTicks);
        ActivityName = $"{interfaceType.Name}/{name}";
    }

    public Type InterfaceType { get; }

    public string InterfaceName { get; }

    public string Name { get; }

    /// <summary>The name of its spans.</summary>
    public string ActivityName { get; }

    public bool IsReadOnly { get; }

    public bool IsAlwaysInterleave { get; }

    public bool IsOneWay { get; }

    public TimeSpan? ResponseTimeout { get; }

    /// <summary>The interface's method; looked up when first asked for, because only filters need it.</summary>
    public MethodInfo Method =>
        _method ??=
            InterfaceType.GetMethod(Name, _parameterTypes)
            ?? throw new MissingMethodException(InterfaceType.FullName, Name);
}
