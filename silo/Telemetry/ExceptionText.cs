using System.Buffers;
using System.Data.Common;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Telemetry;

/// <summary>
/// What may be said of an exception in a log: types and stacks, and the messages of those whose texts are known to hold no
/// value of a message or a state.
/// </summary>
/// <remarks>
/// The base library puts values into its messages (<c>The given key 'email:…' was not present</c>), and Orleans puts grain
/// keys and other exceptions' texts into its own.
/// </remarks>
internal static class ExceptionText
{
    private const int DepthMax = 8;

    /// <summary>What the quoting of an exception looks like: by its type's name, or as <c>Exc level 0: …</c>.</summary>
    private static readonly SearchValues<string> s_quotes = SearchValues.Create(
        ["Exception", "Exc:", "Exc level"],
        StringComparison.OrdinalIgnoreCase
    );

    public static string Of(Exception exception, GrainNames names)
    {
        var text = new StringBuilder();
        Append(text, exception, names, depth: 0);
        return text.ToString();
    }

    /// <summary>The message alone; empty where it may not be shown.</summary>
    public static string MessageOf(Exception exception, GrainNames names) =>
        exception switch
        {
            // Ours are written without keys; the system's come from the operating system or are constants.
            _ when IsOurs(exception.GetType()) => names.WithoutKeys(exception.Message),
            SocketException or IOException or OptionsValidationException => names.WithoutKeys(exception.Message),
            OperationCanceledException or ObjectDisposedException => names.WithoutKeys(exception.Message),
            DbException { SqlState: { } state } => $"SQLSTATE {state}",
            _ when IsOfOrleans(exception.GetType()) => WithoutOthers(names.WithoutKeys(exception.Message)),
            _ => "",
        };

    private static bool IsOurs(Type type) =>
        type.Namespace?.StartsWith("Customer360", StringComparison.Ordinal) == true;

    private static bool IsOfOrleans(Type type) =>
        type.Assembly.GetName().Name!.StartsWith("Orleans.", StringComparison.Ordinal);

    /// <summary>A text of Orleans up to where it quotes an exception, whose message it holds as it is.</summary>
    public static string WithoutOthers(string text)
    {
        int at = text.AsSpan().IndexOfAny(s_quotes);
        return at < 0 ? text : $"{text.AsSpan(0, at)}Exception…";
    }

    private static void Append(StringBuilder text, Exception exception, GrainNames names, int depth)
    {
        text.Append(exception.GetType().FullName);
        if (MessageOf(exception, names) is { Length: > 0 } message)
        {
            text.Append(": ").Append(message);
        }

        if (exception.StackTrace is { } stack)
        {
            text.AppendLine().Append(names.WithoutKeys(stack));
        }

        if (depth == DepthMax)
        {
            return;
        }

        IReadOnlyList<Exception> inner = exception switch
        {
            AggregateException aggregate => aggregate.InnerExceptions,
            { InnerException: { } one } => [one],
            _ => [],
        };
        foreach (Exception one in inner)
        {
            text.AppendLine().Append(" ---> ");
            Append(text, one, names, depth + 1);
        }
    }
}
