namespace Customer360.Rules.Destinations;

/// <summary>Why there was no answer, or none that can be used.</summary>
public enum DeliveryFault
{
    None = 0,

    /// <summary>No connection could be made, so nothing was sent.</summary>
    Unreachable = 1,

    /// <summary>The answer did not come in time: what became of the request is not known.</summary>
    TimedOut = 2,

    /// <summary>The receiver's certificate is not for it, or of nobody that is trusted.</summary>
    CertificateRefused = 3,

    /// <summary>The name leads to an address that is not public, so nobody was asked.</summary>
    AddressNotAllowed = 4,

    /// <summary>More came than is read.</summary>
    AnswerTooLarge = 5,

    /// <summary>The connection broke within the answer's body: what became of the request is not known.</summary>
    AnswerBroken = 6,

    /// <summary>This node has no such secret, or one that can't be used.</summary>
    SecretMissing = 7,

    /// <summary>The connection broke before the answer's head was whole: what became of the request is not known.</summary>
    ConnectionLost = 8,
}

/// <summary>What a receiver answered, as far as it decides.</summary>
/// <param name="Status">The HTTP status; 0: there was no answer.</param>
/// <param name="At">When it was there, UTC.</param>
public sealed record DeliveryAnswer(int Status, DateTimeOffset At, DeliveryFault Fault = DeliveryFault.None)
{
    /// <summary><c>Retry-After</c> as it was sent; null: none.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Where its headers say that it takes no more for now: when it does again (<see cref="RateHeaders"/>).</summary>
    public DateTimeOffset? FreeFrom { get; init; }

    /// <summary>Its content type; null: none.</summary>
    public string? ContentType { get; init; }

    /// <summary>What was read of its body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public static DeliveryAnswer None(DeliveryFault fault, DateTimeOffset at) => new(0, at, fault);
}

/// <summary>One request to a receiver. Immutable.</summary>
/// <param name="Timeout">For all of it, the reading of the answer with it.</param>
public sealed record DeliveryRequest(Uri Url, string Method, ReadOnlyMemory<byte> Body, TimeSpan Timeout)
{
    public string ContentType { get; init; } = "application/json";

    public System.Collections.Immutable.ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];
}
