using System.Collections.Immutable;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Privacy.OpenDsr;

/// <summary>What OpenDSR lets a person ask for.</summary>
public enum OpenDsrRequestType
{
    Access = 1,
    Portability = 2,
    Erasure = 3,
}

/// <summary>A request as a controller sends it.</summary>
/// <param name="Id">The controller's own id of it: a UUID of version 4 in lower case.</param>
/// <param name="Regulation"><c>gdpr</c> or <c>ccpa</c>.</param>
/// <param name="Type">What is asked for.</param>
/// <param name="Identities">One or more.</param>
/// <param name="CallbackUrls">Who is told when its status changes; exactly as they were sent.</param>
public sealed record OpenDsrRequest(
    string Id,
    string Regulation,
    OpenDsrRequestType Type,
    ImmutableArray<OpenDsrIdentity> Identities,
    ImmutableArray<string> CallbackUrls
);

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Reason">Stable: what programs compare.</param>
/// <param name="Message">For people. It holds no value of the request.</param>
public sealed record OpenDsrFault(string Reason, string Message);

/// <summary>A request that is not as OpenDSR wants it.</summary>
/// <param name="Faults">One or more.</param>
public sealed record OpenDsrInvalid(ImmutableArray<OpenDsrFault> Faults) : Refusal("invalid_request", Faults[0].Message)
{
    public OpenDsrInvalid(string reason, string message)
        : this([new OpenDsrFault(reason, message)]) { }
}
