using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>Containment: what a customer counts when it claims, and what it does when it is too large.</summary>
public sealed partial class CustomerGrain
{
    /// <summary>
    /// One message more is folded for so many bytes of state before it is written: so a large state costs a message no
    /// more than a small one does, and its writes leave the disk to others.
    /// </summary>
    private const long BytesPerMessage = 1024;

    /// <summary>Claims an identifier, and counts the message's anchor in its degree.</summary>
    private Task<string> Claim(Identifier identifier, Identifier anchor)
    {
        IIdentifierGrain grain = GrainFactory.GetGrain<IIdentifierGrain>(identifier.ToString());
        return Containment.Counts(identifier, anchor, rules)
            ? grain.ClaimTied(Id, anchor, rules.Find(identifier.Type)!.QuarantineDegree!.Value)
            : grain.Claim(Id);
    }
}
