using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Audit;

/// <inheritdoc cref="IReadAudit"/>
/// <remarks>
/// Counts are written down every few seconds and at a graceful stop. A crash loses what was counted since; a person's read is never
/// lost, since it is written before it is answered. Authentications that failed are counted, too, and go the same way.
/// </remarks>
internal sealed partial class ReadAudit(
    IAuditLog log,
    FailedCallers failed,
    TimeProvider time,
    IOptions<AuditOptions> options,
    ILogger<ReadAudit> logger
) : BackgroundService, IReadAudit
{
    /// <summary>Stands for a purpose that is no name: whoever calls may send any text.</summary>
    internal const string NoName = "(no name)";

    private const int PurposeLengthMax = 64;

    // A key with one of these roles belongs to somebody who looks for himself, as a token does; any other key is a program's.
    private static readonly string[] s_people = ["steward", "privacy-officer", "sales"];

    private readonly string _process = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly ReadCounts _counts = new();
    private ImmutableArray<AuditEntry> _unwritten = [];
    private long _lastId;

    public ValueTask Note(in Asker asker, string action, string? customerId, ImmutableArray<string> fields)
    {
        DateTimeOffset now = time.GetUtcNow();
        RoleSet roles = asker.Roles;
        if (asker.Caller.Kind != CallerKind.Token && !IsPerson(roles))
        {
            _counts.Add(asker.Caller.Name, roles, action, PurposeOf(asker), DateOnly.FromDateTime(now.UtcDateTime));
            return ValueTask.CompletedTask;
        }

        var actor = new AuditActor(
            asker.Caller.Kind == CallerKind.Token ? "token" : "key",
            asker.Caller.Name,
            RolesOf(roles)
        );
        AuditEntry entry = customerId is null
            ? new AuditEntry(NextId(), now, action, actor, "reads", asker.Caller.Name)
            : new AuditEntry(NextId(), now, action, actor, "customer", customerId);
        entry = entry with { Purpose = PurposeOf(asker), Fields = fields };
        return new ValueTask(log.AppendAsync([entry], CancellationToken.None));
    }

    /// <summary>Writes down what was counted. Where that fails it is tried again with the same ids, so nothing is counted twice.</summary>
    /// <param name="isEnd">The process stops: what would wait for its minute does not.</param>
    public async Task Flush(bool isEnd = false)
    {
        if (_unwritten.IsEmpty)
        {
            _unwritten = [.. _counts.Take(time.GetUtcNow(), NextId), .. failed.Take(isEnd, NextId)];
        }

        if (_unwritten.IsEmpty)
        {
            return;
        }

        await log.AppendAsync(_unwritten, CancellationToken.None);
        _unwritten = [];
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await TryFlush(isEnd: true).WaitAsync(cancellationToken);

            // What an outage had held back went out; this is what was counted meanwhile.
            await TryFlush(isEnd: true).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Who stops waits no longer: the counts of the last seconds are lost, as by a crash.
        }
    }

    /// <summary>Names of roles, by comma.</summary>
    internal static string RolesOf(RoleSet roles) => string.Join(',', [.. RoleNames.Of(roles.Roles), .. roles.Names]);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReadCountInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlush();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop flushes once more.
        }
    }

    private static bool IsPerson(RoleSet roles)
    {
        if ((roles.Roles & Roles.Admin) != Roles.None)
        {
            return true;
        }

        foreach (string name in roles.Names)
        {
            if (Array.IndexOf(s_people, name) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static string? PurposeOf(in Asker asker) =>
        asker.Purpose.Name is { } name
            ? name.Length <= PurposeLengthMax && name.All(char.IsAscii) && !name.Any(char.IsControl)
                ? name
                : NoName
            : null;

    private async Task TryFlush(bool isEnd = false)
    {
        try
        {
            await Flush(isEnd);
        }
        catch (Exception outage) when (Outages.Is(outage))
        {
            LogNotWritten(logger, _unwritten.Length, outage.GetType().Name);
        }
    }

    /// <summary>Of no other process, and of none of this one's before.</summary>
    private string NextId() =>
        string.Create(CultureInfo.InvariantCulture, $"r_{_process}_{Interlocked.Increment(ref _lastId)}");

    [LoggerMessage(
        260,
        LogLevel.Warning,
        "{Count} counts of reads and of wrong keys can't be written into the audit log ({Reason}); it is tried again."
    )]
    private static partial void LogNotWritten(ILogger logger, int count, string reason);
}
