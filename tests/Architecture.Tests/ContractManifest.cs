using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Orleans.CodeGeneration;
using Orleans.Concurrency;
using Orleans.Metadata;

namespace Customer360.Architecture.Tests;

/// <summary>
/// What silos and clients of two versions must agree on, read from the compiled grains: names of interfaces, methods and
/// kinds of grains, how calls are handled, and what messages hold under which number.
/// </summary>
/// <remarks>
/// Orleans' own analyzer for such a file (<c>EnableOrleansContractsAnalyzer</c>) knows interfaces and classes. It does not
/// know the fields of messages, nor options such as <c>[ReadOnly]</c>, and says nothing when a method is removed.
/// </remarks>
internal static class ContractManifest
{
    private static readonly Assembly s_contracts = typeof(ICustomerGrain).Assembly;
    private static readonly Assembly s_grains = typeof(CustomerGrain).Assembly;

    private static readonly (Type Attribute, string Word)[] s_callOptions =
    [
        (typeof(ReadOnlyAttribute), "ReadOnly"),
        (typeof(AlwaysInterleaveAttribute), "AlwaysInterleave"),
        (typeof(OneWayAttribute), "OneWay"),
        (typeof(ResponseTimeoutAttribute), "ResponseTimeout"),
    ];

    public static string Render()
    {
        var text = new StringBuilder();
        text.Append(
            "# What travels between silos and clients. Made by tests/Architecture.Tests/ContractManifest.cs; never by hand.\n"
        );
        foreach (Type type in Ordered(s_contracts.GetTypes().Where(IsGrainInterface)))
        {
            AppendInterface(text, type);
        }

        text.Append('\n');
        foreach (Type type in Ordered(s_grains.GetTypes().Where(type => type.IsDefined(typeof(GrainTypeAttribute)))))
        {
            AppendClass(text, type);
        }

        foreach (Type type in Ordered(s_contracts.GetTypes().Concat(s_grains.GetTypes()).Where(IsMessage)))
        {
            AppendMessage(text, type);
        }

        text.Append('\n');
        foreach (Type type in Ordered(typeof(StorageUnavailableException).Assembly.GetTypes().Where(IsException)))
        {
            text.Append(CultureInfo.InvariantCulture, $"exception {type.FullName}\n");
        }

        return text.ToString();
    }

    private static void AppendInterface(StringBuilder text, Type type)
    {
        int version = type.GetCustomAttribute<VersionAttribute>()?.Version ?? 0;
        text.Append(CultureInfo.InvariantCulture, $"\ninterface {AliasOf(type)} version {version}\n");
        foreach (MethodInfo method in type.GetMethods().OrderBy(AliasOf, StringComparer.Ordinal))
        {
            string arguments = string.Join(", ", method.GetParameters().Select(one => NameOf(one.ParameterType)));
            IEnumerable<string> options = s_callOptions
                .Where(option => method.IsDefined(option.Attribute))
                .Select(option => $" [{option.Word}]");
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {AliasOf(method)}({arguments}) -> {NameOf(method.ReturnType)}{string.Concat(options)}\n"
            );
        }
    }

    private static void AppendClass(StringBuilder text, Type type)
    {
        string kind = type.GetCustomAttribute<GrainTypeAttribute>()!.GetGrainType(null!, type).ToString()!;
        IEnumerable<string> attributes = type.GetCustomAttributes(inherit: true)
            .OfType<IGrainPropertiesProviderAttribute>()
            .Select(one => $" [{one.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}]")
            .Order(StringComparer.Ordinal);
        text.Append(CultureInfo.InvariantCulture, $"class {kind}{string.Concat(attributes)}\n");
    }

    private static void AppendMessage(StringBuilder text, Type type)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{(type.IsEnum ? "enum" : "type")} {AliasOf(type)}{StandsFor(type)}\n"
        );
        if (type.IsEnum)
        {
            foreach (object value in Enum.GetValues(type))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {Convert.ToInt64(value, CultureInfo.InvariantCulture)} {value}\n"
                );
            }

            return;
        }

        IEnumerable<(uint Id, Type Type, string Name)> fields = type.GetProperties(
                BindingFlags.Instance | BindingFlags.Public
            )
            .Where(property => property.IsDefined(typeof(IdAttribute)))
            .Select(property => (property.GetCustomAttribute<IdAttribute>()!.Id, property.PropertyType, property.Name))
            .OrderBy(field => field.Id);
        foreach ((uint id, Type fieldType, string name) in fields)
        {
            // The number and the type are the wire; the name is for the reader.
            text.Append(CultureInfo.InvariantCulture, $"  {id} {NameOf(fieldType)} {name}\n");
        }
    }

    /// <summary>The type of the rules in whose place a surrogate travels.</summary>
    private static string StandsFor(Type surrogate) =>
        s_contracts
            .GetTypes()
            .SelectMany(type => type.GetInterfaces())
            .Where(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IConverter<,>))
            .Where(one => one.GenericTypeArguments[1] == surrogate)
            .Select(one => $" for {one.GenericTypeArguments[0].FullName}")
            .SingleOrDefault("");

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{NameOf(underlying)}?";
        }

        if (type.IsGenericType)
        {
            string name = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
            return $"{name}<{string.Join(", ", type.GenericTypeArguments.Select(NameOf))}>";
        }

        return type.IsDefined(typeof(AliasAttribute)) ? AliasOf(type)
            : type.Namespace == nameof(System)
            || type.Namespace == typeof(Task).Namespace
            || type.Namespace == typeof(CancellationToken).Namespace
            || type.Namespace == typeof(ImmutableArray).Namespace
                ? type.Name
            : type.FullName!;
    }

    private static string AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()!.Alias;

    private static bool IsGrainInterface(Type type) => type.IsInterface && type.IsAssignableTo(typeof(IGrain));

    private static bool IsMessage(Type type) =>
        type.IsDefined(typeof(GenerateSerializerAttribute)) && !type.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsException(Type type) => type.IsAssignableTo(typeof(Exception)) && !type.IsAbstract;

    private static IEnumerable<Type> Ordered(IEnumerable<Type> types) =>
        types.OrderBy(type => type.Name, StringComparer.Ordinal);
}
