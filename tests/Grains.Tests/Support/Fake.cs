using System.Reflection;

namespace Customer360.Grains.Tests.Support;

/// <summary>An implementation of an interface that a test says call by call.</summary>
public class Fake<T> : DispatchProxy
    where T : class
{
    private Func<MethodInfo, object?[], object?> _answer = static (method, _) =>
        throw new NotSupportedException($"The test does not expect {method.Name}.");

    public static T Of(Func<MethodInfo, object?[], object?> answer)
    {
        T fake = Create<T, Fake<T>>();
        ((Fake<T>)(object)fake)._answer = answer;
        return fake;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
}
