using System.Reflection;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>Reads [MayInterleave].</summary>
internal static class InterleavingPredicate
{
    /// <summary>The class's predicate, or null. Throws <see cref="OrleansConfigurationException"/> if it does not fit.</summary>
    public static Func<object, IInvokable, bool>? Of(Type classType)
    {
        if (classType.GetCustomAttribute<MayInterleaveAttribute>() is not { } attribute)
        {
            return null;
        }

        var method = classType.GetMethod(
            attribute.CallbackMethodName,
            BindingFlags.Static
                | BindingFlags.Instance
                | BindingFlags.Public
                | BindingFlags.NonPublic
                | BindingFlags.FlattenHierarchy
        );
        if (
            method is null
            || method.ReturnType != typeof(bool)
            || method.GetParameters() is not [{ } parameter]
            || parameter.ParameterType != typeof(IInvokable)
        )
        {
            throw new OrleansConfigurationException(
                $"[MayInterleave] of {classType} names \"{attribute.CallbackMethodName}\"; "
                    + "it must be a method that takes an IInvokable and gives a bool."
            );
        }

        if (method.IsStatic)
        {
            var predicate = method.CreateDelegate<Func<IInvokable, bool>>();
            return (_, request) => predicate(request);
        }

        return (grain, request) => (bool)method.Invoke(grain, [request])!;
    }
}
