using Customer360.Rules.Events;

namespace Customer360.Grains.Contracts;

/// <summary>Containment: messages that can't be folded.</summary>
public partial interface ICustomerGrain
{
    /// <summary>
    /// Goes on behind a message of an anchor that it could not fold; the message is folded when it comes again. Nothing
    /// happens where it is folded already. Answers the customer to ask instead, or null. Idempotent.
    /// </summary>
    [Alias("SetAside")]
    Task<string?> SetAside(Identifier anchor, long position);
}
