using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Customer360.Silo.Telemetry;

/// <summary>
/// What a value of a log line may show. Numbers, times and addresses of machines are shown; grains by their names; texts
/// without keys. Whatever else there is shows its type alone unless Orleans made it, and then its text is treated as one.
/// </summary>
internal sealed class ValueText(GrainNames names)
{
    private const int ItemsMax = 32;

    /// <summary>A call on its way. It is internal to Orleans, and its own text holds both keys and a reply's content.</summary>
    private static readonly Type? s_message = typeof(Orleans.Configuration.ClientMessagingOptions).Assembly.GetType(
        "Orleans.Runtime.Message"
    );
    private static readonly PropertyInfo? s_sender = s_message?.GetProperty("SendingGrain");
    private static readonly PropertyInfo? s_target = s_message?.GetProperty("TargetGrain");
    private static readonly PropertyInfo? s_sendingSilo = s_message?.GetProperty("SendingSilo");
    private static readonly PropertyInfo? s_targetSilo = s_message?.GetProperty("TargetSilo");
    private static readonly PropertyInfo? s_direction = s_message?.GetProperty("Direction");
    private static readonly PropertyInfo? s_id = s_message?.GetProperty("Id");
    private static readonly PropertyInfo? s_body = s_message?.GetProperty("BodyObject");

    /// <param name="value">The value.</param>
    /// <param name="format">The template's format, or null.</param>
    /// <param name="isOurs">True where this project's code logs it: then texts may name exceptions.</param>
    public string Of(object? value, string? format, bool isOurs)
    {
        switch (value)
        {
            case null:
                return "(null)";
            case string text:
                return Text(text, isOurs);
            case GrainId grainId:
                return names.Of(grainId);
            case IdSpan key:
                return $"#{names.HashOf(key.ToString()!)}";
            case GrainAddress address:
                return $"{names.Of(address.GrainId)} {address.ActivationId} {address.SiloAddress}";
            case GrainReference reference:
                return names.Of(reference.GrainId);
            case IGrainContext context:
                return $"{names.Of(context.GrainId)} {context.ActivationId}";
            case Exception exception:
                return ExceptionText.Of(exception, names);
            case IRequest request:
                return $"{request.GetInterfaceName()}.{request.GetMethodName()}";
            case SiloAddress or GrainType or GrainInterfaceType or ActivationId or MembershipVersion:
            case Type or EndPoint or IPAddress or Version or Guid or TimeSpan or DateTime or DateTimeOffset:
                return Plain(value, format);
            case IEnumerable items:
                return string.Join(", ", items.Cast<object?>().Take(ItemsMax).Select(item => Of(item, null, isOurs)));
        }

        Type type = value.GetType();
        if (type.IsPrimitive || type.IsEnum || value is decimal)
        {
            return Plain(value, format);
        }

        if (type == s_message)
        {
            return Message(value, isOurs);
        }

        return IsOfOrleans(type) && value is not Response ? Text(value.ToString() ?? "", isOurs: false) : type.Name;
    }

    private string Text(string text, bool isOurs)
    {
        string shown = names.WithoutKeys(text);
        return isOurs ? shown : ExceptionText.WithoutOthers(shown);
    }

    private string Message(object message, bool isOurs)
    {
        string Part(PropertyInfo? property) => Of(property?.GetValue(message), null, isOurs);
        string body = s_body?.GetValue(message) is IRequest request ? $" {Of(request, null, isOurs)}" : "";
        return $"{Part(s_direction)} [{Part(s_sendingSilo)} {Part(s_sender)}]->[{Part(s_targetSilo)} {Part(s_target)}]"
            + $"{body} #{s_id?.GetValue(message)}";
    }

    private static bool IsOfOrleans(Type type) =>
        type.Assembly.GetName().Name!.StartsWith("Orleans.", StringComparison.Ordinal);

    private static string Plain(object value, string? format) =>
        value is IFormattable formattable
            ? formattable.ToString(format, CultureInfo.InvariantCulture)
            : value.ToString() ?? "";
}
