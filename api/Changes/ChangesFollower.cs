using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.Features;

namespace Customer360.Api.Changes;

/// <summary>
/// What both streams have in common: a place among the open ones, the loop of looking and waiting, and that a key which is revoked, or has lost
/// its role, ends the stream.
/// </summary>
internal sealed class ChangesFollower(
    ChangesOptions options,
    OpenStreams open,
    ChangeSignals signals,
    CallerFinder callers,
    AccessTables tables,
    IHostApplicationLifetime lifetime,
    ILogger<ProblemMiddleware> logger,
    TimeProvider time
)
{
    /// <summary>The header with which a reader that was cut off says where it was.</summary>
    public const string LastEventId = "Last-Event-ID";

    private const int LastEventIdLengthMax = 512;
    private const int BusyRetrySeconds = 5;
    private const int RetryMilliseconds = 2_000;

    // Whoever follows for longer comes again with her last id, and is let in anew: a session that has ended is noticed.
    private static readonly TimeSpan s_lifeMax = TimeSpan.FromHours(1);

    // Where the hint came before what it tells of can be read, the next look sees it.
    private static readonly TimeSpan s_secondLook = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks once and, where that is not refused, opens the stream and goes on until it ends.</summary>
    public async Task Follow(HttpContext context, RoleTasks task, IFollowed followed)
    {
        Outcome<string> asked = ReadLastEventId(context);
        if (!asked.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, asked.Refusal);
            return;
        }

        using IDisposable? place = open.Enter(Caller.Of(context).Name);
        if (place is null)
        {
            await ProblemWriter.WriteAsync(context, new StreamsTooMany(BusyRetrySeconds));
            return;
        }

        using var life = new CancellationTokenSource(s_lifeMax, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            lifetime.ApplicationStopping,
            life.Token
        );
        using ChangeSignal signal = signals.Open();
        string? lastEventId = asked.Value.Length == 0 ? null : asked.Value;
        if (await followed.Begin(Asker.Of(context), lastEventId, signal) is { } refusal)
        {
            await ProblemWriter.WriteAsync(context, refusal);
            return;
        }

        EventStream? stream = null;
        try
        {
            stream = await EventStream.Begin(context, RetryMilliseconds, followed.Place, end.Token);
            if (!IsHead(context))
            {
                await Go(context, task, followed, signal, stream, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The reader has gone, or this process ends: she comes again with the last id that she has.
        }
        catch (Exception exception) when (stream is not null)
        {
            // The status is sent: an outage, or a bug, is told as an event, and she comes again.
            Problem problem = ProblemOf.Exception(exception);
            new ProblemLog(logger).Write(context, problem, exception);
            await stream.End(problem.Code);
        }
    }

    private async Task Go(
        HttpContext context,
        RoleTasks task,
        IFollowed followed,
        ChangeSignal signal,
        EventStream stream,
        CancellationToken end
    )
    {
        TimeSpan heartbeat = TimeSpan.FromSeconds(options.HeartbeatSeconds);
        bool isSecondLook = false;
        while (!end.IsCancellationRequested)
        {
            Outcome<Asker> asker = await Asked(context, task);
            if (!asker.Succeeded)
            {
                await stream.End(asker.Refusal.Code);
                return;
            }

            FollowedStep step = await followed.Look(asker.Value, stream);
            if (step == FollowedStep.Ended)
            {
                return;
            }

            if (step == FollowedStep.Sent)
            {
                isSecondLook = false;
                continue;
            }

            if (step == FollowedStep.LookAgain)
            {
                // No bell rings earlier: while something changes hands it may ring for that, and nobody has it yet.
                await Task.Delay(s_secondLook, time, end);
                continue;
            }

            bool rang = await signal.Wait(isSecondLook ? s_secondLook : heartbeat, time, end);
            if (!rang && !isSecondLook && !end.IsCancellationRequested)
            {
                await stream.Beat(followed.Place);
            }

            isSecondLook = rang && !isSecondLook;
        }
    }

    /// <summary>Who asks, as the key counts now; refused where it no longer does.</summary>
    private async ValueTask<Outcome<Asker>> Asked(HttpContext context, RoleTasks task)
    {
        FoundCaller found = await callers.Find(context);
        if (found.Key is not { } key)
        {
            return found.Refusal ?? new KeyMissing();
        }

        bool may =
            task == RoleTasks.None
                ? key.May(Roles.Read)
                : key.May(Roles.Admin) || tables.MayDo(Asker.Of(key).Roles, task);
        return may ? Asker.Of(key, context) : new RoleMissing();
    }

    /// <summary>Whoever asks for the head alone (HEAD is answered as GET) waits for no event.</summary>
    private static bool IsHead(HttpContext context) =>
        context.Features.Get<IHttpResponseBodyFeature>() is StreamResponseBodyFeature body
        && body.Stream == Stream.Null;

    /// <summary>Empty: the reader has none.</summary>
    private static Outcome<string> ReadLastEventId(HttpContext context)
    {
        string text = context.Request.Headers[LastEventId].ToString();
        return text.Length > LastEventIdLengthMax
            ? new ParameterInvalid(LastEventId, "it must be the id of an event")
            : text;
    }
}

/// <summary>What came of a look.</summary>
internal enum FollowedStep
{
    /// <summary>There was nothing to tell.</summary>
    Nothing = 0,

    /// <summary>Something was told, and there may be more.</summary>
    Sent = 1,

    /// <summary>There will be nothing any more.</summary>
    Ended = 2,

    /// <summary>What was not there may be there in a moment.</summary>
    LookAgain = 3,
}

/// <summary>What a stream follows. One request's own.</summary>
internal interface IFollowed
{
    /// <summary>Where the reader is, for one to whom nothing is told; null: nothing has to be known.</summary>
    string? Place { get; }

    /// <summary>Before the stream is opened: why it is not; null: it is.</summary>
    /// <param name="lastEventId">What the reader has; null: nothing.</param>
    Task<Refusal?> Begin(Asker asker, string? lastEventId, ChangeSignal signal);

    /// <summary>Tells what is new.</summary>
    Task<FollowedStep> Look(Asker asker, EventStream stream);
}

/// <summary>A caller, or the process, has as many streams open as it may.</summary>
public sealed record StreamsTooMany(int RetryAfterSeconds)
    : RequestRefusal("too_many_streams", "As many streams are open as this caller, or this process, may have.");
