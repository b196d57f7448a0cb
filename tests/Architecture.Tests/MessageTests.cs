using System.Reflection;
using System.Runtime.CompilerServices;
using Customer360.Grains.Contracts;

namespace Customer360.Architecture.Tests;

/// <summary>
/// What travels between grains is immutable and says how it is written. So nothing has to copy it, and another version of the
/// program may read it.
/// </summary>
public sealed class MessageTests
{
    private static readonly Assembly s_grainAssembly = typeof(ICustomerGrain).Assembly;

    private static readonly Type[] s_interfaces =
    [
        .. s_grainAssembly.GetTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain))),
    ];

    /// <summary>Every type of ours that an argument or result of a grain's method holds.</summary>
    private static readonly Type[] s_messages = FindMessages();

    [Fact]
    public void Interfaces_WhenDeclared_HaveAnAliasAndSoDoTheirMethods()
    {
        Assert.NotEmpty(s_interfaces);
        Assert.Empty(s_interfaces.Where(type => !type.IsDefined(typeof(AliasAttribute))).Select(type => type.Name));
        Assert.Empty(
            s_interfaces
                .SelectMany(type => type.GetMethods())
                .Where(method => !method.IsDefined(typeof(AliasAttribute)))
                .Select(Name)
        );
    }

    [Fact]
    public void Messages_WhenDeclared_SayHowTheyAreSerialized()
    {
        Assert.True(s_messages.Length > 20, $"{s_messages.Length} messages were found.");
        Assert.Empty(
            s_messages
                .Where(type =>
                    !type.IsDefined(typeof(GenerateSerializerAttribute)) || !type.IsDefined(typeof(AliasAttribute))
                )
                .Select(type => type.FullName)
        );
    }

    [Fact]
    public void Messages_WhenDeclared_HaveAliasesOfTheirOwn() =>
        Assert.Empty(
            s_messages
                .Concat(s_interfaces)
                .GroupBy(type => type.GetCustomAttribute<AliasAttribute>()!.Alias, StringComparer.Ordinal)
                .Where(group => group.Count() > 1)
                .Select(group => group.Key)
        );

    [Fact]
    public void Messages_WhenDeclared_AreImmutableRecords()
    {
        List<string> faults = [];
        foreach (Type type in s_messages.Where(type => !type.IsEnum))
        {
            if (!IsRecord(type) || !(type.IsSealed || type.IsValueType))
            {
                faults.Add($"{type.Name} is no sealed record.");
            }

            if (type.IsValueType && !type.IsDefined(typeof(IsReadOnlyAttribute)))
            {
                faults.Add($"{type.Name} is no readonly struct.");
            }

            if (!type.IsDefined(typeof(ImmutableAttribute)))
            {
                faults.Add($"{type.Name} is not marked [Immutable].");
            }

            faults.AddRange(
                type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                    .Where(field => !field.IsInitOnly)
                    .Select(field => $"{type.Name}.{field.Name} can be changed.")
            );
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void MessageProperties_WhenDeclared_CanNotBeSetAndHaveAnId()
    {
        List<string> faults = [];
        foreach (Type type in s_messages.Where(type => !type.IsEnum))
        {
            PropertyInfo[] stored =
            [
                .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(IsStored),
            ];
            faults.AddRange(
                stored
                    .Where(property => property.SetMethod is { } setter && !IsInit(setter))
                    .Select(property => $"{type.Name}.{property.Name} can be set.")
            );
            faults.AddRange(
                stored
                    .Where(property => !property.IsDefined(typeof(IdAttribute)))
                    .Select(property => $"{type.Name}.{property.Name} has no [Id].")
            );
            faults.AddRange(
                stored
                    .GroupBy(property => property.GetCustomAttribute<IdAttribute>()?.Id)
                    .Where(group => group.Count() > 1)
                    .Select(group => $"{type.Name} has [Id({group.Key})] more than once.")
            );
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void RulesTypes_WhenSent_HaveASurrogate()
    {
        Type[] converted =
        [
            .. s_grainAssembly
                .GetTypes()
                .SelectMany(type => type.GetInterfaces())
                .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConverter<,>))
                .Select(type => type.GenericTypeArguments[0]),
        ];

        string?[] without =
        [
            .. TypesOfCalls()
                .Concat(s_messages.SelectMany(PropertyTypes))
                .SelectMany(Parts)
                .Where(type => type.Assembly == typeof(Rules.Events.Envelope).Assembly && !type.IsEnum)
                .Except(converted)
                .Select(type => type.FullName),
        ];

        Assert.Empty(without);
    }

    private static Type[] FindMessages()
    {
        HashSet<Type> found = [];
        Queue<Type> open = new(TypesOfCalls());
        while (open.TryDequeue(out Type? type))
        {
            foreach (Type part in Parts(type).Where(part => part.Assembly == s_grainAssembly && !part.IsInterface))
            {
                if (found.Add(part))
                {
                    PropertyTypes(part).ToList().ForEach(open.Enqueue);
                }
            }
        }

        // Surrogates travel in place of the rules' types.
        return
        [
            .. found
                .Union(
                    s_grainAssembly
                        .GetTypes()
                        .Where(type =>
                            type.IsDefined(typeof(GenerateSerializerAttribute))
                            && !type.IsDefined(typeof(CompilerGeneratedAttribute))
                        )
                )
                .OrderBy(type => type.FullName, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<Type> TypesOfCalls() =>
        s_interfaces
            .SelectMany(type => type.GetMethods())
            .SelectMany(method =>
                method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
            );

    private static IEnumerable<Type> PropertyTypes(Type type) =>
        type.IsEnum
            ? []
            : type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(one => one.PropertyType);

    /// <summary>A type and the types that it is made of: <c>Task&lt;ImmutableArray&lt;T&gt;&gt;</c> has three.</summary>
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.GenericTypeArguments.SelectMany(Parts).Prepend(type);

    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            is not null;

    /// <summary>A property with a field behind it; a record's <c>EqualityContract</c> and computed ones have none.</summary>
    private static bool IsStored(PropertyInfo property) =>
        property.DeclaringType!.GetField(
            $"<{property.Name}>k__BackingField",
            BindingFlags.Instance | BindingFlags.NonPublic
        )
            is not null;

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}
