using System.Net.Sockets;
using System.Security.Cryptography;
using Customer360.Rules.Ports;
using Customer360.Storage;
using Customer360.Storage.Schema;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Start;

/// <summary>Which failures of a start are no bugs, and what an operator is told of them.</summary>
public static class StartRefusal
{
    /// <summary>The sentence for an operator; null where the exception is nothing that a start expects.</summary>
    public static string? Of(Exception exception) =>
        exception switch
        {
            StartRefusedException
            or StorageRefusedException
            or SchemaMismatchException
            or StorageUnavailableException
            or StorageDamagedException => exception.Message,
            OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
            AggregateException { InnerExceptions: [var only] } => Of(only),
            IOException { InnerException: AddressInUseException } => TakenAddress(exception.Message),
            SocketException => $"The HTTP server can't listen ({exception.Message}): check ASPNETCORE_URLS.",
            // A file of the settings that is no JSON; what is wrong with it is told by what caused it.
            InvalidDataException => string.Join(" ", Causes(exception)),
            UnauthorizedAccessException => $"{exception.Message} Check the owner and the rights of what it names.",
            FileNotFoundException or DirectoryNotFoundException => exception.Message,
            CryptographicException =>
                $"A certificate or its key can't be read ({exception.Message.TrimEnd('.')}): check "
                    + "Kestrel__Certificates__… and their passwords.",
            _ when IsOf(exception, "Microsoft.AspNetCore.Server.Kestrel") =>
                $"The HTTP server can't start ({exception.Message.TrimEnd('.')}): check ASPNETCORE_URLS and the settings under Kestrel.",
            _ when IsOf(exception, "Microsoft.Extensions.Logging") =>
                $"{exception.Message} Check the settings under Logging: a level is Trace, Debug, Information, Warning, Error, "
                    + "Critical or None.",
            FormatException when exception.Message.StartsWith("Invalid url", StringComparison.OrdinalIgnoreCase) =>
                $"{exception.Message} Check ASPNETCORE_URLS: it should look like http://localhost:8360.",
            _ => null,
        };

    private static bool IsOf(Exception exception, string library) =>
        exception is InvalidOperationException or ArgumentException
        && exception.Source?.StartsWith(library, StringComparison.Ordinal) == true;

    private static IEnumerable<string> Causes(Exception exception)
    {
        for (Exception? one = exception; one is not null; one = one.InnerException)
        {
            yield return one.Message;
        }
    }

    private static string TakenAddress(string message) =>
        $"{message} Another program listens there: end it, or set ASPNETCORE_URLS to a free address.";
}
