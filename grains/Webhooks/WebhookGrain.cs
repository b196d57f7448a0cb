using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Crm.Backlog;

namespace Customer360.Grains;

/// <inheritdoc cref="IWebhookGrain"/>
[GrainType("webhook")]
public sealed class WebhookGrain(
    [PersistentState(GrainKeys.WebhookState, GrainKeys.Storage)] IPersistentState<WebhookState> stored
) : Grain, IWebhookGrain
{
    private WebhookBacklog Backlog => stored.State.Backlog;

    public async Task<bool> Keep(ReadOnlyMemory<byte> more)
    {
        if (Backlog.With(WebhookBacklogJson.Read(more)) is not { } kept)
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
