using Customer360.Rules.Events;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>Owns the answer to "whose identifier is this?". Key: <c>type:value</c>, normalized.</summary>
[Alias("c360.IIdentifierGrain")]
public interface IIdentifierGrain : IGrainWithStringKey
{
    /// <summary>The owning customer's id, or null where nobody has claimed the identifier.</summary>
    [ReadOnly]
    [Alias("GetOwner")]
    Task<string?> GetOwner();

    /// <summary>
    /// <see cref="GetOwner"/> for a reader from outside, who may ask for anything: an identifier that nothing is stored of does not
    /// stay in memory for it.
    /// </summary>
    [ReadOnly]
    [Alias("FindOwner")]
    Task<string?> FindOwner();

    /// <summary>In place of the revision of who gives an identifier away: another takes it.</summary>
    const long Taken = long.MaxValue;

    /// <summary>First wins: answers the owner, who is <paramref name="customerId"/> only if nobody was before.</summary>
    [Alias("Claim")]
    Task<string> Claim(string customerId);

    /// <summary>
    /// Moves the identifier if <paramref name="from"/> owns it; answers the owner afterwards. Repeating it changes nothing.
    /// </summary>
    /// <param name="asOf">
    /// The revision of <paramref name="from"/>, which gives the identifier away; <see cref="Taken"/>: <paramref name="to"/> takes it.
    /// </param>
    /// <param name="since">The revision of <paramref name="to"/> with which it gets it.</param>
    /// <remarks>A call that was held back on its way moves nothing (<see cref="Customer360.Rules.Identity.IdentifierPlace"/>).</remarks>
    [Alias("Repoint")]
    Task<string?> Repoint(string from, string to, long asOf, long since);

    /// <summary>Makes it nobody's if <paramref name="from"/> owns it, which must not list it. Repeating it changes nothing.</summary>
    [Alias("Release")]
    Task Release(string from);

    /// <summary>What an identity decision must know of it, and whether it is tied to this anchor already.</summary>
    [ReadOnly]
    [Alias("GetStanding")]
    Task<IdentifierStanding> GetStanding(Identifier anchor);

    /// <summary><see cref="Claim"/>, and in the same write the tie to the claiming message's anchor while there is room.</summary>
    [Alias("ClaimTied")]
    Task<string> ClaimTied(string customerId, Identifier anchor, int degreeMax);

    /// <summary>
    /// Counts one more anchor; past the degree the identifier is quarantined. Written before it is answered. The same
    /// anchor counts once.
    /// </summary>
    [Alias("Tie")]
    Task<IdentifierStanding> Tie(TieRequest request);

    /// <summary>
    /// Quarantines it, however often it came: what a cut-over found in the whole log. False where it is quarantined already.
    /// </summary>
    [Alias("Quarantine")]
    Task<bool> Quarantine(TieRequest request, int degree);

    /// <summary>Its quarantine, or null where it is in none.</summary>
    [ReadOnly]
    [Alias("GetQuarantine")]
    Task<IdentifierQuarantine?> GetQuarantine();

    /// <summary>
    /// Ends the quarantine; its degree starts anew. Answers the quarantine that was ended, or null where there was none.
    /// </summary>
    /// <param name="isByJob">True: rules ask for it. False: a person does, and no cut-over quarantines it again.</param>
    [Alias("LiftQuarantine")]
    Task<IdentifierQuarantine?> LiftQuarantine(bool isByJob);

    /// <summary>Makes it as if it had never been: it is nobody's, and nothing is stored of it. Idempotent.</summary>
    [Alias("Erase")]
    Task Erase();
}
