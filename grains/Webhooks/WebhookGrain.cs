using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Reads;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <inheritdoc cref="IWebhookGrain"/>
[GrainType("webhook")]
public sealed class WebhookGrain(
    [PersistentState(GrainKeys.WebhookState, GrainKeys.Storage)] IPersistentState<WebhookState> stored,
    Suppressions suppressions,
    TimeProvider time
) : Grain, IWebhookGrain
{
    /// <summary>
    /// How long a reader is waited for that does not come back: longer than all calls of a step may take. Two readers at once harm
    /// nothing but the CRM's limits, since what is read twice is recognised; so it is not written down that somebody reads.
    /// </summary>
    private static readonly TimeSpan s_readerPatience = TimeSpan.FromMinutes(15);

    private DateTimeOffset? _takenUntil;

    private WebhookBacklog Backlog => stored.State.Backlog;

    public async Task<bool> Keep(ReadOnlyMemory<byte> more)
    {
        await suppressions.Refresh(CancellationToken.None);
        WebhookBacklog wanted = WebhookBacklogJson.Read(more);
        // A CRM that has not forgotten a person would bring her back.
        wanted = wanted with
        {
            Reads =
            [
                .. wanted.Reads.Where(read =>
                    read.Person is not { } person
                    || !suppressions.IsSuppressed(Identifier.Create(person.Type, person.Value))
                ),
            ],
        };
        if (Backlog.With(wanted) is not { } kept)
        {
            return false;
        }

        await Save(kept);
        return true;
    }

    public Task<ReadOnlyMemory<byte>> Get()
    {
        if (Backlog.IsEmpty)
        {
            // Anyone may send to any source: one that has left nothing does not stay in memory for that.
            DeactivateOnIdle();
        }

        return Task.FromResult(WebhookBacklogJson.Write(Backlog));
    }

    public async Task<ReadOnlyMemory<byte>> TakeReads(bool isStart)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (isStart)
        {
            // Whoever had taken them before may be the process that ended.
            _takenUntil = null;
            if (Backlog.Progress.IsStopped)
            {
                await Save(Backlog with { Progress = Backlog.Progress.Restarted() });
            }
        }

        if (Backlog.Reads.IsEmpty || !Backlog.Progress.IsDue(now) || _takenUntil > now)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        await Save(Backlog.Begun());
        _takenUntil = now + s_readerPatience;
        return WebhookBacklogJson.Write(Backlog with { Parts = [] });
    }

    public async Task EndReads(ReadOnlyMemory<byte> report)
    {
        await Save(Backlog.After(ReadJson.ReadReport(report), time.GetUtcNow()));
        _takenUntil = null;
    }

    public async Task<bool> RemovePart(string id)
    {
        WebhookBacklog without = Backlog.WithoutPart(id);
        bool isFound = !ReferenceEquals(without, Backlog);
        await Save(without);
        return isFound;
    }

    public Task Forget(ImmutableArray<string> values) => Save(Backlog.Forget(values));

    private Task Save(WebhookBacklog backlog) =>
        ReferenceEquals(backlog, Backlog)
            ? Task.CompletedTask
            : stored.SaveOrTakeBack(stored.State with { Backlog = backlog }, this);
}
