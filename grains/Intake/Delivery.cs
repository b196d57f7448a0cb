using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;

namespace Customer360.Grains;

/// <summary>A stored message that is on its way to its customer.</summary>
internal sealed class Delivery(StoredEnvelope message, WaitingCall? call)
{
    public StoredEnvelope Message { get; } = message;

    /// <summary>The call to be told, or null where the message comes from the log.</summary>
    public WaitingCall? Call { get; } = call;

    public bool Applied { get; set; }

    /// <summary>
    /// Of a message that is tried again out of quarantine: gets null when it is applied, else why not. It stands behind the
    /// checkpoint already, so <see cref="AppliedPositions"/> does not know it.
    /// </summary>
    public TaskCompletionSource<string?>? Retried { get; init; }

    /// <summary>The next one in its lane.</summary>
    public Delivery? Next { get; set; }

    /// <summary>An account learns from it, too.</summary>
    public bool IsAccountCall => AccountFold.Concerns(Message.Envelope);
}
