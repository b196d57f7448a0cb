using System.Collections.Immutable;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Reads;
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

    /// <summary>
    /// Gives the records out that have to be read now, to one reader at a time (<see cref="WebhookBacklogJson"/>, without parts); empty
    /// where there are none, where it is too soon, or where another reader is at it.
    /// </summary>
    /// <param name="isStart">The reader has just started: it may have another token than the one that the CRM refused.</param>
    [Alias("TakeReads")]
    Task<ReadOnlyMemory<byte>> TakeReads(bool isStart);

    /// <summary>
    /// Takes what a step of the reading came to, after what was read is stored. Idempotent: what is answered is answered.
    /// </summary>
    /// <param name="report">A report (<see cref="ReadJson"/>).</param>
    [Alias("EndReads")]
    Task EndReads(ReadOnlyMemory<byte> report);

    /// <summary>Takes a part out that was read at last, or is given up; false where there is none of that id.</summary>
    [Alias("RemovePart")]
    Task<bool> RemovePart(string id);

    /// <summary>Takes out what mentions a person who has to be forgotten. Idempotent.</summary>
    /// <param name="values">Values of her identifiers.</param>
    [Alias("Forget")]
    Task Forget(ImmutableArray<string> values);
}
