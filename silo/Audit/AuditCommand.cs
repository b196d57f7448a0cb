using System.Globalization;
using System.Text;
using Customer360.Rules.Audit;
using Customer360.Silo.Hosting;
using Customer360.Silo.Start;
using Customer360.Storage.Audit;
using Customer360.Storage.Postgres;
using Microsoft.Extensions.Configuration;

namespace Customer360.Silo.Audit;

/// <summary>
/// <c>customer360 audit verify [--head FILE] [--data FOLDER] [--json]</c> checks every record of the audit log; <c>customer360 audit head</c>
/// prints where it ends. Without a grid: they read the store that the settings name, which may be in use, or a copy of a folder.
/// </summary>
public static class AuditCommand
{
    public const string Name = "audit";

    /// <summary>Every record is as it was written.</summary>
    private const int Whole = 0;

    /// <summary>A record is not as it was written.</summary>
    private const int Broken = 1;

    /// <summary>The log, or the head to compare with, can't be read, or the command is not known.</summary>
    private const int Unreadable = 2;

    public const string Usage = """
        Usage: customer360 audit verify [--head FILE] [--data FOLDER] [--json]
               customer360 audit head [--data FOLDER]
        Exit codes: 0 whole, 1 something was changed, 2 it can't be read, or the call was not understood.
        """;

    /// <summary>0: whole; 1: broken; 2: it can't be read, or the command is not known.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <param name="configuration">Says where the store is.</param>
    /// <param name="output">Takes the head, or a line for each chain that is broken.</param>
    /// <param name="error">Takes why it can't be read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(
        ReadOnlyMemory<string> args,
        IConfiguration configuration,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        if (Call.Read(args.Span) is not { } call)
        {
            await error.WriteLineAsync(Usage);
            return Unreadable;
        }

        try
        {
            AuditHead? given = call.HeadFile is { } file ? await ReadHeadAsync(file, cancellationToken) : null;
            await using AuditSource source = Open(call.Folder, configuration);
            AuditReport report = await source.VerifyAsync(given, cancellationToken);
            return await SayAsync(report, call, output);
        }
        catch (Exception failure)
            when (failure
                    is AuditUnreadableException
                        or StartRefusedException
                        or ArgumentException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            await error.WriteLineAsync(failure.Message);
            return Unreadable;
        }
    }

    private static AuditSource Open(string? folder, IConfiguration configuration) =>
        folder is null && GridServices.ConnectionOf(configuration) is { } connection
            ? AuditSource.OfPostgres(
                new PostgresStorageOptions { ConnectionString = connection, Setting = GridServices.ConnectionSetting }
            )
            : AuditSource.OfSqlite(folder ?? DataFolder.Of(configuration));

    private static async Task<AuditHead> ReadHeadAsync(string file, CancellationToken cancellationToken) =>
        AuditHead.Read(await File.ReadAllTextAsync(file, cancellationToken))
        ?? throw new AuditUnreadableException($"'{file}' is no head of an audit log, or was changed.");

    private static async Task<int> SayAsync(AuditReport report, Call call, TextWriter output)
    {
        if (call.IsJson)
        {
            await output.WriteLineAsync(
                Encoding.UTF8.GetString(AuditReportJson.Write(report, call.HeadFile is not null).Span)
            );
            return report.Breaks.IsEmpty ? Whole : Broken;
        }

        foreach (AuditBreak found in report.Breaks)
        {
            await output.WriteLineAsync(Sentence(found));
        }

        if (!report.Breaks.IsEmpty)
        {
            return Broken;
        }

        if (call.IsHead)
        {
            await output.WriteAsync(report.Head.Write());
            return Whole;
        }

        string root = Convert.ToBase64String(report.Head.Root());
        await output.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The audit log is whole: {report.Records} records, root {root}."
            )
        );
        await output.WriteLineAsync(
            call.HeadFile is null
                ? "It was compared with no head: whoever holds the store could have written it anew."
                : "It begins with what the given head was taken of."
        );
        return Whole;
    }

    private static string Sentence(AuditBreak found)
    {
        string word = found.Kind.ToString().ToLowerInvariant();
        string expected = found.Expected ?? "of a record that is not there";
        string stands = found.Found ?? "nothing";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"chain {found.Chain}, record {found.Seq}: {word}. Expected hash: {expected}. Found hash: {stands}."
        );
    }

    /// <param name="IsHead">True: the head is asked for.</param>
    /// <param name="HeadFile">What to compare with, or null.</param>
    /// <param name="Folder">A data folder; null: the store of the settings.</param>
    /// <param name="IsJson">True: the answer is to be an object.</param>
    private sealed record Call(bool IsHead, string? HeadFile, string? Folder, bool IsJson = false)
    {
        /// <summary>Null where it is no call of ours.</summary>
        public static Call? Read(ReadOnlySpan<string> args)
        {
            if (args is not ["verify" or "head", ..])
            {
                return null;
            }

            var call = new Call(args[0] == "head", null, null);
            for (int index = 1; index < args.Length; index += 2)
            {
                if (args[index] == "--json" && !call.IsHead)
                {
                    call = call with { IsJson = true };
                    index--;
                    continue;
                }

                string? value = index + 1 < args.Length ? args[index + 1] : null;
                Call? next = (args[index], value) switch
                {
                    (_, null) => null,
                    ("--head", _) when !call.IsHead => call with { HeadFile = value },
                    ("--data", _) => call with { Folder = value },
                    _ => null,
                };
                if (next is null)
                {
                    return null;
                }

                call = next;
            }

            return call;
        }
    }
}
