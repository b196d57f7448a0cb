using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// Generic interfaces and classes are known to the generator only open, so closing them needs reflection, once per
/// closed type.
/// </summary>
internal static class GenericGrains
{
    private static readonly MethodInfo s_service = Method(nameof(GrainConstruction.Service));
    private static readonly MethodInfo s_keyedService = Method(nameof(GrainConstruction.KeyedService));
    private static readonly MethodInfo s_persistentState = Method(nameof(GrainConstruction.PersistentState));

    /// <summary>Compiles what generated code does for classes that are not generic.</summary>
    public static GrainClass.GrainConstructor ConstructorOf(Type classType)
    {
        var constructor = classType.GetConstructors().MaxBy(static candidate => candidate.GetParameters().Length)!;
        var construction = Expression.Parameter(typeof(GrainConstruction), "construction");
        var arguments = constructor.GetParameters().Select(parameter => Argument(construction, parameter));
        return Expression
            .Lambda<GrainClass.GrainConstructor>(Expression.New(constructor, arguments), construction)
            .Compile();
    }

    /// <summary>Makes references of a closed interface.</summary>
    public static Func<GrainReferenceBinding, IdSpan, GrainReference> ReferenceFactoryOf(
        Type openReferenceType,
        Type interfaceType
    )
    {
        var constructor = openReferenceType
            .MakeGenericType(interfaceType.GetGenericArguments())
            .GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)[0];
        var binding = Expression.Parameter(typeof(GrainReferenceBinding), "binding");
        var key = Expression.Parameter(typeof(IdSpan), "key");
        return Expression
            .Lambda<Func<GrainReferenceBinding, IdSpan, GrainReference>>(
                Expression.New(constructor, binding, key),
                binding,
                key
            )
            .Compile();
    }

    private static MethodInfo Method(string name) => typeof(GrainConstruction).GetMethod(name)!;

    private static MethodCallExpression Argument(ParameterExpression construction, ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            return Expression.Call(
                construction,
                s_persistentState.MakeGenericMethod(parameter.ParameterType.GetGenericArguments()),
                Expression.Constant(state.StateName),
                Expression.Constant(state.StorageName, typeof(string))
            );
        }

        return parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { Key: { } key }
            ? Expression.Call(
                construction,
                s_keyedService.MakeGenericMethod(parameter.ParameterType),
                Expression.Constant(key, typeof(object))
            )
            : Expression.Call(construction, s_service.MakeGenericMethod(parameter.ParameterType));
    }
}
