using System.Reflection;
using System.Runtime.CompilerServices;
using Customer360.Grains.Contracts;

namespace Customer360.Grains.Tests.Wire;

/// <summary>Every message and every type of the rules that travels in one arrives equal to what was sent.</summary>
public sealed class MessageWireTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    private static readonly MethodInfo s_send = typeof(WireHosts).GetMethod(nameof(WireHosts.Send))!;

    public static TheoryData<string> Types =>
        [
            .. typeof(ICustomerGrain)
                .Assembly.GetTypes()
                .Where(type =>
                    type.IsDefined(typeof(GenerateSerializerAttribute))
                    && !type.IsDefined(typeof(CompilerGeneratedAttribute))
                )
                .Concat(Converted())
                .Select(type => type.AssemblyQualifiedName!),
        ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Message_WithAllThatItCanHold_ArrivesEqual(string type) =>
        AssertArrives(Type.GetType(type, throwOnError: true)!, Samples.Full);

    [Theory]
    [MemberData(nameof(Types))]
    public void Message_WithAsLittleAsItCanHold_ArrivesEqual(string type) =>
        AssertArrives(Type.GetType(type, throwOnError: true)!, Samples.Empty);

    [Fact]
    public void Interfaces_OnTheWire_AreKnownByTheirAliases()
    {
        Type[] interfaces =
        [
            .. typeof(ICustomerGrain)
                .Assembly.GetTypes()
                .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain))),
        ];
        Assert.NotEmpty(interfaces);
        Assert.All(
            interfaces,
            type => Assert.Equal(type.GetCustomAttribute<AliasAttribute>()!.Alias, hosts.NameOf(type))
        );
    }

    private void AssertArrives(Type type, Samples samples)
    {
        object sent = samples.Make(type);
        var arrived = (System.Collections.IEnumerable)s_send.MakeGenericMethod(type).Invoke(hosts, [sent])!;
        foreach (object one in arrived)
        {
            Assert.Equal(Samples.Dump(sent), Samples.Dump(one));
        }
    }

    private static IEnumerable<Type> Converted() =>
        typeof(ICustomerGrain)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetInterfaces())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConverter<,>))
            .Select(type => type.GenericTypeArguments[0]);
}
