using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Customer360.Storage.Pipelines;
using Npgsql;

namespace Customer360.Storage.Postgres;

/// <summary>
/// Says why a server or its database could not be used at a start. At a start no customer's value is in a statement, so
/// PostgreSQL's own words may be passed on.
/// </summary>
internal sealed class PostgresOpening(PostgresStorageOptions options)
{
    private readonly NpgsqlConnectionStringBuilder _parts = new(options.ConnectionString);

    private string Server => string.Create(CultureInfo.InvariantCulture, $"{_parts.Host}:{_parts.Port}");

    private string Database => _parts.Database ?? User;

    private string User => _parts.Username ?? Environment.UserName;

    /// <summary>Null where the database did not fail but this program has an error.</summary>
    public OpeningFailure? Explain(Exception exception) =>
        exception switch
        {
            PostgresException failure => OfServer(failure),
            NpgsqlException { InnerException: AuthenticationException tls } => Lasts(
                $"TLS with PostgreSQL on {Server} fails ({Cause(tls)}): check SSL Mode and Root Certificate in {options.Setting}."
            ),
            NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } => Passes(
                $"The host '{_parts.Host}' is not known: check Host in {options.Setting}."
            ),
            NpgsqlException { IsTransient: true } or TimeoutException or IOException => Passes(
                $"PostgreSQL on {Server} does not answer ({Cause(exception)}): check that it runs, and Host and Port in "
                    + $"{options.Setting}."
            ),
            NpgsqlException => Lasts(
                $"PostgreSQL on {Server} can't be used as {options.Setting} says: {Cause(exception)}."
            ),
            _ => null,
        };

    private OpeningFailure OfServer(PostgresException failure)
    {
        string cause = $"{Cause(failure)}, SQLSTATE {failure.SqlState}";
        return failure.SqlState switch
        {
            ['2', '8', ..] => Lasts(
                $"PostgreSQL on {Server} does not let the user '{User}' in ({cause}): check Username and Password in "
                    + $"{options.Setting}."
            ),
            PostgresErrorCodes.InvalidCatalogName => Lasts(
                $"There is no database '{Database}' on {Server} ({cause}): create it, or name another in {options.Setting}."
            ),
            PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName => Lasts(
                $"The user '{User}' may not make tables in the database '{Database}' on {Server} ({cause}): make it the "
                    + "database's owner, or grant it usage and create on the schema."
            ),
            _ when PostgresFailures.Classify(failure).Kind != FailureKind.Refused => Passes(
                $"PostgreSQL on {Server} is not ready ({cause})."
            ),
            _ => Lasts(
                $"The tables in the database '{Database}' on {Server} can't be made or brought up to date ({cause}): "
                    + $"is it this program's own database? {options.Setting} names it."
            ),
        };
    }

    /// <summary>One line, without the full stop.</summary>
    private static string Cause(Exception exception) =>
        (exception is PostgresException failure ? failure.MessageText : exception.Message)
            .ReplaceLineEndings(" ")
            .TrimEnd('.', ' ');

    private static OpeningFailure Passes(string sentence) => new(sentence, Passes: true);

    private static OpeningFailure Lasts(string sentence) => new(sentence, Passes: false);
}
