using System.Collections.Immutable;
using Customer360.Rules.Crm.Backlog;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// What a source of webhooks has left to be done: parts that can't be read, and records that have to be read from its CRM. Key: the
/// source's name.
/// </summary>
[Alias("c360.IWebhookGrain")]
public interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>
    /// Keeps more of it, before the webhook is answered. What is kept already stays as it is. False where there is no room: then
    /// nothing of it is kept, and the source has to send again.
    /// </summary>
    /// <param name="more">A backlog (<see cref="WebhookBacklogJson"/>).</param>
    [Alias("Keep")]
    Task<bool> Keep(ReadOnlyMemory<byte> more);

    /// <summary>All of it (<see cref="WebhookBacklogJson"/>).</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<ReadOnlyMemory<byte>> Get();

    /// <summary>Takes a part out that was read at last, or is given up; false where there is none of that id.</summary>
    [Alias("RemovePart")]
    Task<bool> RemovePart(string id);

    /// <summary>Takes out what mentions a person who has to be forgotten. Idempotent.</summary>
    /// <param name="values">Values of her identifiers.</param>
    [Alias("Forget")]
    Task Forget(ImmutableArray<string> values);
}
