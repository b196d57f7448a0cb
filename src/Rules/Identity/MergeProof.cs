using System.Collections.Immutable;

namespace Customer360.Rules.Identity;

/// <summary>Why an identifier must not merge customers, as decisions record it.</summary>
public enum MergeObjection
{
    None = 0,

    /// <summary>It is claimed, and both customers hold a verified one.</summary>
    Claimed = 1,

    /// <summary>It is a device's, and both customers hold a person's identifier of one type.</summary>
    Device = 2,
}

/// <summary>An identifier of a message, as far as merging asks for it.</summary>
/// <param name="Owner">The number of its owner; -1 where nobody owns it.</param>
/// <param name="Rule">Its type's rule.</param>
/// <param name="IsListed">
/// Its owner holds it. False for what a customer has claimed and, after a crash, not listed yet: that says nothing of who the
/// customer is, and the older customer, which asks again when it absorbs, sees what is listed only.
/// </param>
public readonly record struct MergeTie(int Owner, IdentifierRule? Rule, bool IsListed);

/// <summary>What an owner holds, as far as merging asks for it.</summary>
/// <param name="HoldsVerified">An identifier of a verified type.</param>
/// <param name="PersonTypes">The types of kind person, a bit each, by their place in <see cref="IdentityRules.Identifiers"/>.</param>
public readonly record struct MergeSide(bool HoldsVerified, UInt128 PersonTypes)
{
    /// <summary>The same with one more identifier.</summary>
    /// <param name="place">Of the rule in <see cref="IdentityRules.Identifiers"/>.</param>
    public MergeSide With(IdentifierRule rule, int place) =>
        new(
            HoldsVerified || rule.Trust == IdentifierTrust.Verified,
            rule.Kind == IdentifierKind.Person ? PersonTypes | (UInt128.One << place) : PersonTypes
        );
}

/// <summary>
/// What a message must carry to merge customers: trust and kind of its identifiers. Linking what nobody owns asks for less:
/// a claimed identifier or a device's may join a customer.
/// </summary>
/// <remarks>
/// <para>
/// Customers that each hold a verified identifier are merged only by a message that carries a verified identifier of each;
/// customers that both hold a person's identifier of one type (two addresses, two logins), only by one that carries a
/// person's identifier of each. Else a shared device makes one person of two (rudder-transformer#1180).
/// </para>
/// <para>
/// Left out is the last identifier, by priority, of a customer that the message does not vouch for; never the anchor.
/// </para>
/// </remarks>
public static class MergeProof
{
    /// <summary>The place of the identifier to leave out and why; -1 where the merge is vouched for, or there is none.</summary>
    /// <param name="kept">The message's identifiers, the anchor first.</param>
    /// <param name="owners">By the number that the ties name.</param>
    public static (int Place, MergeObjection Objection) Find(
        ReadOnlySpan<MergeTie> kept,
        ReadOnlySpan<MergeSide> owners
    )
    {
        if (owners.Length < 2)
        {
            return (-1, MergeObjection.None);
        }

        int place = PlaceOf(kept, owners, MergeObjection.Claimed);
        if (place >= 0)
        {
            return (place, MergeObjection.Claimed);
        }

        place = PlaceOf(kept, owners, MergeObjection.Device);
        return (place, place >= 0 ? MergeObjection.Device : MergeObjection.None);
    }

    /// <summary>The same, of owners as a decision knows them.</summary>
    public static (int Place, MergeObjection Objection) Find(
        ImmutableArray<OwnedIdentifier> kept,
        ImmutableArray<CustomerFacts> owners,
        IdentityRules rules
    )
    {
        if (owners.Length < 2)
        {
            return (-1, MergeObjection.None);
        }

        MergeSide[] sides = [.. owners.Select(owner => SideOf(owner, rules))];
        MergeTie[] ties =
        [
            .. kept.Select(one => new MergeTie(
                NumberOf(one.Owner, owners),
                rules.Find(one.Identifier.Type),
                IsListed: one.Owner is { } owner && owner.Held.Any(held => held.Identifier == one.Identifier)
            )),
        ];
        return Find(ties, sides);
    }

    /// <summary>The sentence that a decision records.</summary>
    public static string Because(MergeObjection objection) =>
        objection switch
        {
            MergeObjection.Claimed => "a claimed identifier does not merge customers that each hold a verified one",
            MergeObjection.Device =>
                "a device does not merge customers that each hold a person's identifier of one type",
            _ => throw new ArgumentOutOfRangeException(nameof(objection), objection, "Not an objection."),
        };

    private static int PlaceOf(ReadOnlySpan<MergeTie> kept, ReadOnlySpan<MergeSide> owners, MergeObjection objection)
    {
        bool isBroken = false;
        for (int owner = 0; owner < owners.Length && !isBroken; owner++)
        {
            isBroken = IsAtStake(owner, owners, objection) && !IsVouchedFor(owner, kept, objection);
        }

        if (!isBroken)
        {
            return -1;
        }

        int anyOther = -1;
        for (int place = kept.Length - 1; place > 0; place--)
        {
            int owner = kept[place].Owner;
            if (owner < 0 || owner == kept[0].Owner || !IsAtStake(owner, owners, objection))
            {
                continue;
            }

            if (!IsVouchedFor(owner, kept, objection))
            {
                return place;
            }

            anyOther = anyOther < 0 ? place : anyOther;
        }

        // The anchor's own customer is the one without a voucher, and the anchor stays: so another's identifier goes.
        return anyOther;
    }

    /// <summary>True where merging this owner with one of the others needs a voucher.</summary>
    private static bool IsAtStake(int owner, ReadOnlySpan<MergeSide> owners, MergeObjection objection)
    {
        for (int other = 0; other < owners.Length; other++)
        {
            bool isPair =
                objection == MergeObjection.Claimed
                    ? owners[owner].HoldsVerified && owners[other].HoldsVerified
                    : (owners[owner].PersonTypes & owners[other].PersonTypes) != UInt128.Zero;
            if (other != owner && isPair)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsVouchedFor(int owner, ReadOnlySpan<MergeTie> kept, MergeObjection objection)
    {
        foreach (MergeTie tie in kept)
        {
            bool isVoucher =
                objection == MergeObjection.Claimed
                    ? tie.Rule?.Trust == IdentifierTrust.Verified
                    : tie.Rule?.Kind == IdentifierKind.Person;
            if (tie.Owner == owner && tie.IsListed && isVoucher)
            {
                return true;
            }
        }

        return false;
    }

    private static MergeSide SideOf(CustomerFacts owner, IdentityRules rules)
    {
        var side = default(MergeSide);
        foreach (HeldIdentifier held in owner.Held)
        {
            if (rules.Find(held.Identifier.Type) is { } rule)
            {
                side = side.With(rule, rules.Identifiers.IndexOf(rule));
            }
        }

        return side;
    }

    private static int NumberOf(CustomerFacts? owner, ImmutableArray<CustomerFacts> owners)
    {
        for (int number = 0; owner is not null && number < owners.Length; number++)
        {
            if (owners[number].CustomerId == owner.CustomerId)
            {
                return number;
            }
        }

        return -1;
    }
}
