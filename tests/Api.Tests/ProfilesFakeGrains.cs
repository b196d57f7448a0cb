using System.Reflection;

namespace Customer360.Api.Tests;

/// <summary>An <see cref="IGrainFactory"/> whose grains answer from one function: what the API asks, and of whom, is all that counts.</summary>
/// <remarks>Made by proxy, so it does not care what else the interfaces have.</remarks>
public class ProfilesFakeGrains : DispatchProxy
{
    private Func<Type, string, MethodInfo, object?[], object?> _answer = null!;

    /// <param name="answer">Gets the grain's interface, its key, the method and its arguments, and answers what the method returns.</param>
    public static IGrainFactory Create(Func<Type, string, MethodInfo, object?[], object?> answer)
    {
        IGrainFactory factory = Create<IGrainFactory, ProfilesFakeGrains>();
        ((ProfilesFakeGrains)(object)factory)._answer = answer;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod is not { Name: "GetGrain", IsGenericMethod: true })
        {
            throw new NotSupportedException($"The fake has no {targetMethod?.Name}.");
        }

        Type grain = targetMethod.GetGenericArguments()[0];
        return FakeGrain.Create(grain, args![0]!.ToString()!, _answer);
    }

    /// <summary>A reference to one grain.</summary>
    public class FakeGrain : DispatchProxy
    {
        private Func<Type, string, MethodInfo, object?[], object?> _answer = null!;
        private Type _type = null!;
        private string _key = null!;

        public static object Create(Type type, string key, Func<Type, string, MethodInfo, object?[], object?> answer)
        {
            object grain = DispatchProxy.Create(type, typeof(FakeGrain));
            var fake = (FakeGrain)grain;
            fake._answer = answer;
            fake._type = type;
            fake._key = key;
            return grain;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            _answer(_type, _key, targetMethod!, args ?? []);
    }
}
