namespace Customer360.Rules.Ports;

/// <summary>What came of a callback.</summary>
public enum CallbackResult
{
    /// <summary>The receiver has taken it.</summary>
    Told = 1,

    /// <summary>The receiver answered with something else than success.</summary>
    Refused = 2,

    /// <summary>There was no answer in time, or nobody to connect to.</summary>
    Unreachable = 3,

    /// <summary>The name leads to an address that is not public, so nobody was asked.</summary>
    NotAllowed = 4,

    /// <summary>This node has no certificate to sign with.</summary>
    NotSigned = 5,
}

/// <summary>Posts signed callbacks to receivers that somebody else has named, and lets none of them lead inside.</summary>
public interface IOpenDsrCallbackSender
{
    /// <summary>One try. It ends within seconds, whatever the receiver does.</summary>
    /// <exception cref="OperationCanceledException">The node stops.</exception>
    Task<CallbackResult> SendAsync(Uri url, ReadOnlyMemory<byte> body, CancellationToken stop);
}
