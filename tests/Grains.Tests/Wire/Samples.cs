using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Customer360.Grains.Tests.Support;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains.Tests.Wire;

/// <summary>Makes values of messages by their shape, and says what a value holds.</summary>
public sealed class Samples
{
    private readonly bool _isFull;
    private int _count;

    private Samples(bool isFull) => _isFull = isFull;

    /// <summary>Makes values with nothing null, lists of two elements, and numbers that differ.</summary>
    public static Samples Full => new(isFull: true);

    /// <summary>Makes values with null where that is allowed, lists empty or not even made, and numbers zero.</summary>
    public static Samples Empty => new(isFull: false);

    public object Make(Type type)
    {
        if (type == typeof(string))
        {
            return _isFull ? $"text {++_count} ü" : "";
        }

        if (type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(decimal))
        {
            return Convert.ChangeType(_isFull ? ++_count : 0, type, CultureInfo.InvariantCulture);
        }

        if (type == typeof(bool))
        {
            return _isFull;
        }

        if (type.IsEnum)
        {
            Array values = Enum.GetValues(type);
            return values.GetValue(_isFull ? values.Length - 1 : 0)!;
        }

        return type switch
        {
            _ when type == typeof(DateTimeOffset) => _isFull
                ? new DateTimeOffset(2026, 11, 26, 12, 0, ++_count % 60, TimeSpan.Zero)
                : default,
            _ when type == typeof(DateOnly) => new DateOnly(2026, 11, 26).AddDays(_isFull ? ++_count % 60 : 0),
            _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(_isFull ? ++_count : 0),
            _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(
                Encoding.UTF8.GetBytes(_isFull ? $"{{\"n\":{++_count}}}" : "")
            ),
            _ when type == typeof(Identifier) => Identifier.Create("email", $"jane.{++_count}@x.com"),
            _ when type == typeof(ImmutableSortedDictionary<string, string>) => _isFull
                ? ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("name", $"text {++_count}")])
                : ImmutableSortedDictionary<string, string>.Empty,
            _ when type == typeof(Envelope) => MakeEnvelope(),
            _ when type == typeof(ProfileView) => MakeView(),
            _ => MakeByShape(type),
        };
    }

    /// <summary>All that a value holds, as text.</summary>
    public static string Dump(object? value)
    {
        switch (value)
        {
            case null:
                return "null";
            case string text:
                return $"\"{text}\"";
            case ReadOnlyMemory<byte> bytes:
                return Convert.ToHexString(bytes.Span);
            case ProfileView view:
                return Encoding.UTF8.GetString(ProfileViewJson.Write(view));
            case ImmutableSortedDictionary<string, string> texts:
                return $"[{string.Join(',', texts.Select(one => $"{one.Key}={one.Value}"))}]";
            case Envelope envelope:
                return Encoding.UTF8.GetString(envelope.Json.Span);
            case IFormattable formattable:
                return formattable.ToString(null, CultureInfo.InvariantCulture);
            case bool flag:
                return flag ? "true" : "false";
        }

        Type type = value.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            // To code that enumerates it, a list that is not made differs from an empty one.
            bool isDefault = (bool)type.GetProperty("IsDefault")!.GetValue(value)!;
            return isDefault ? "default" : $"[{string.Join(',', ((IEnumerable)value).Cast<object?>().Select(Dump))}]";
        }

        IEnumerable<string> properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Select(property => $"{property.Name}={Dump(property.GetValue(value))}");
        return $"{type.Name}{{{string.Join(';', properties)}}}";
    }

    private object MakeByShape(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Make(underlying);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            Type element = type.GenericTypeArguments[0];
            var items = Array.CreateInstance(element, _isFull ? 2 : 0);
            for (int index = 0; index < items.Length; index++)
            {
                items.SetValue(Make(element), index);
            }

            return typeof(ImmutableArray)
                .GetMethods()
                .Single(method =>
                    method.Name == nameof(ImmutableArray.Create)
                    && method.GetParameters() is [{ ParameterType.IsArray: true }]
                )
                .MakeGenericMethod(element)
                .Invoke(null, [items])!;
        }

        ConstructorInfo constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        var nullability = new NullabilityInfoContext();
        object? Argument(Type wanted, NullabilityInfo info, bool isOptional) =>
            !_isFull && (info.ReadState == NullabilityState.Nullable || (isOptional && wanted.IsValueType))
                ? (wanted.IsValueType ? Activator.CreateInstance(wanted) : null)
                : Make(wanted);
        object made = constructor.Invoke([
            .. constructor
                .GetParameters()
                .Select(one => Argument(one.ParameterType, nullability.Create(one), one.IsOptional)),
        ]);
        foreach (
            PropertyInfo property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(one => one.SetMethod is not null)
                .Where(one => constructor.GetParameters().All(parameter => parameter.Name != one.Name))
        )
        {
            property.SetValue(made, Argument(property.PropertyType, nullability.Create(property), isOptional: false));
        }

        return made;
    }

    private Envelope MakeEnvelope()
    {
        JsonObject message = _isFull
            ? Messages.Identify($"m{++_count}", $"u{_count}", $"a{_count}", new JsonObject { ["plan"] = "ü" })
            : Messages.Track($"m{++_count}", "u", null);
        using SentBody body = SentBody.OfMessage(Encoding.UTF8.GetBytes(message.ToJsonString()));
        return new EnvelopeReader(IdentityRules.Default, new LibPhoneNumbers())
            .Read(body[0], new MessageContext("test", DateTimeOffset.UnixEpoch, null, null, "request", 0))
            .Value!;
    }

    private ProfileView MakeView()
    {
        if (!_isFull)
        {
            return new ProfileView("c_1", 0, [], ProfileFold.Empty);
        }

        Envelope envelope = MakeEnvelope();
        return new ProfileView(
            "c_1",
            ++_count,
            [new ProfileIdentifier(envelope.Anchor, "m", "web", DateTimeOffset.UnixEpoch, "v")],
            ProfileFold.Of(envelope, new LogPlace(1, 2))
        )
        {
            IsOversized = true,
        };
    }
}
