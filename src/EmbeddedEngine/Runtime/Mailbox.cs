using System.Diagnostics.CodeAnalysis;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// The queue of one activation and, in the same word, whether the activation is scheduled. Many threads push, one takes.
/// </summary>
/// <remarks>
/// <c>_head</c> is null when the activation is idle, <see cref="s_scheduled"/> when it is scheduled or runs and nothing is
/// queued, and otherwise the newest item of a chain that leads to the oldest. Every change is one compare-and-swap, so a
/// push that finds null is the only one that may schedule, and going idle fails if a push came in between.
/// Memory when idle: the one field.
/// </remarks>
[SuppressMessage("Performance", "CA1815", Justification = "A field of one class, never compared.")]
internal struct Mailbox
{
    private static readonly WorkItem s_scheduled = new ActionWorkItem(static _ => { });

    private WorkItem? _head;

    /// <summary>Items pushed and not yet taken. Exact only to the pushing thread at that moment.</summary>
    public readonly int Depth => Volatile.Read(in _head) is { } head ? head.Depth : 0;

    /// <summary>True if nothing is scheduled, queued or running.</summary>
    public readonly bool IsIdle => Volatile.Read(in _head) is null;

    /// <summary>Adds an item. True if the activation was idle: the caller must schedule it.</summary>
    public bool Push(WorkItem item)
    {
        var head = Volatile.Read(ref _head);
        while (true)
        {
            if (head is null || ReferenceEquals(head, s_scheduled))
            {
                item.Next = null;
                item.Depth = 1;
            }
            else
            {
                item.Next = head;
                item.Depth = head.Depth + 1;
            }

            var seen = Interlocked.CompareExchange(ref _head, item, head);
            if (ReferenceEquals(seen, head))
            {
                return head is null;
            }

            head = seen;
        }
    }

    /// <summary>Takes everything, oldest first. Only while scheduled.</summary>
    public WorkItem? TakeAll(out int count)
    {
        count = 0;
        if (ReferenceEquals(Volatile.Read(ref _head), s_scheduled))
        {
            return null;
        }

        var item = Interlocked.Exchange(ref _head, s_scheduled);
        if (ReferenceEquals(item, s_scheduled))
        {
            return null;
        }

        count = item!.Depth;
        WorkItem? oldest = null;
        while (item is not null)
        {
            var next = item.Next;
            item.Next = oldest;
            oldest = item;
            item = next;
        }

        return oldest;
    }

    /// <summary>Gives up being scheduled. False if something was pushed meanwhile.</summary>
    public bool TryGoIdle() => ReferenceEquals(Interlocked.CompareExchange(ref _head, null, s_scheduled), s_scheduled);
}
