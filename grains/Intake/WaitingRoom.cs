using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>
/// What waits in a partition, in messages and bytes, and how much may. A message waits until it is in its profile. Owned by a
/// partition and used in its turns only.
/// </summary>
internal sealed class WaitingRoom(GridOptions options, AppliedPositions applied)
{
    private int _unstored;
    private long _bytes;

    /// <summary>Messages that wait.</summary>
    public int Messages => _unstored + applied.Waiting;

    /// <summary>Bytes of those messages.</summary>
    public long Bytes => _bytes;

    /// <summary>A request that alone is more than the bound is taken when nothing else waits: else it could never be.</summary>
    public bool IsFullFor(int messages, long bytes) =>
        Messages > 0 && (Messages + messages > options.WaitingMessagesMax || _bytes + bytes > options.WaitingBytesMax);

    /// <summary>A call waits to be stored.</summary>
    public void Enter(WaitingCall call)
    {
        _unstored += call.Receipts.Length;
        _bytes += call.Bytes;
    }

    /// <summary>Nothing of the call is stored: it is refused or has failed.</summary>
    public void Leave(WaitingCall call)
    {
        _unstored -= call.Receipts.Length;
        _bytes -= call.Bytes;
    }

    /// <summary>So many bytes of a call's messages are left out before they are stored.</summary>
    public void Shrink(long bytes) => _bytes -= bytes;

    /// <summary>A call's message is stored, and waits in its lane from now on (or is there already, and leaves next).</summary>
    public void MoveOn() => _unstored--;

    /// <summary>A message that comes from the log waits in its lane.</summary>
    public void Enter(Envelope envelope) => _bytes += envelope.Json.Length;

    /// <summary>A message waits no more.</summary>
    public void Leave(Envelope envelope) => _bytes -= envelope.Json.Length;
}
