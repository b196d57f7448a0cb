namespace Customer360.Rules.Identity;

/// <summary>An identifier of a message, as far as merging asks for it.</summary>
/// <param name="Owner">The number of its owner; -1 where nobody owns it.</param>
/// <param name="Rule">Its type's rule.</param>
/// <param name="IsListed">
/// Its owner holds it. False for what a customer has claimed and, after a crash, not listed yet: that says nothing of who the
/// customer is, and the older customer, which asks again when it absorbs, sees what is listed only.
/// </param>
internal readonly record struct MergeTie(int Owner, IdentifierRule? Rule, bool IsListed)
{
    /// <summary>
    /// The message claims it; or it is a device's that a claim has linked to its owner. Else a visitor could claim another's
    /// address on her own device, and the next trusted message of that device would join the two.
    /// </summary>
    public bool IsClaimed { get; init; }
}

/// <summary>What an owner holds, as far as merging asks for it.</summary>
/// <param name="HoldsVerified">An identifier of a verified type.</param>
/// <param name="PersonTypes">The types of kind person, a bit each, by their place in <see cref="IdentityRules.Identifiers"/>.</param>
internal readonly record struct MergeSide(bool HoldsVerified, UInt128 PersonTypes)
{
    /// <summary>
    /// A source that is believed knows the customer: it holds an identifier of a verified type, or a person's that such a
    /// source has spoken of.
    /// </summary>
    public bool IsKnown { get; init; }

    /// <summary>The same with one more identifier.</summary>
    /// <param name="place">Of the rule in <see cref="IdentityRules.Identifiers"/>.</param>
    public MergeSide With(IdentifierRule rule, int place) =>
        new(
            HoldsVerified || rule.Trust == IdentifierTrust.Verified,
            rule.Kind == IdentifierKind.Person ? PersonTypes | (UInt128.One << place) : PersonTypes
        )
        {
            IsKnown = IsKnown,
        };

    /// <summary>True where an identifier of this rule makes its customer known.</summary>
    /// <param name="isClaimed">Claims alone speak of it (<see cref="HeldIdentifier.IsClaimed"/>).</param>
    public static bool IsKnownBy(IdentifierRule rule, bool isClaimed) =>
        rule.Trust == IdentifierTrust.Verified || (rule.Kind == IdentifierKind.Person && !isClaimed);
}

/// <summary>
/// What a message must carry to merge customers: trust and kind of its identifiers. Linking what nobody owns asks for less:
/// a claimed identifier or a device's may join a customer.
/// </summary>
/// <remarks>
/// <para>
/// Customers that are each known to a source that is believed are merged only by a message that vouches for each of them with
/// an identifier that is no claim. So what a public source states merges at most one of them with strangers.
/// </para>
/// <para>
/// Customers that each hold a verified identifier are merged only by a message that carries a verified identifier of each;
/// customers that both hold a person's identifier of one type (two addresses, two logins), only by one that carries a
/// person's identifier of each. Else a shared device makes one person of two (rudder-transformer#1180).
/// </para>
/// <para>
/// Left out is the last identifier, by priority, of a customer that the message does not vouch for; never the anchor.
/// </para>
/// </remarks>
internal static class MergeProof
{
    private static readonly JoinObstacle[] s_order =
    [
        JoinObstacle.PublicSource,
        JoinObstacle.Claimed,
        JoinObstacle.Device,
    ];

    /// <summary>
    /// The identifier to leave out, and what stands against it; null where the merge is vouched for, or there is
    /// none.
    /// </summary>
    internal static (JoinObstacle Obstacle, int Place)? Find<TJoining>(TJoining joining)
        where TJoining : IJoining
    {
        if (joining.Customers < 2 || joining.Carried == 0)
        {
            return null;
        }

        var carried = new MergeTie[joining.Carried];
        for (int place = 0; place < carried.Length; place++)
        {
            carried[place] = joining.TieAt(place);
        }

        var owners = new MergeSide[joining.Customers];
        for (int owner = 0; owner < owners.Length; owner++)
        {
            owners[owner] = joining.SideOf(owner);
        }

        foreach (JoinObstacle obstacle in s_order)
        {
            int place = PlaceOf(carried, owners, obstacle);
            if (place >= 0)
            {
                return (obstacle, place);
            }
        }

        return null;
    }

    /// <summary>The sentence that a decision records.</summary>
    internal static string Because(JoinObstacle obstacle) =>
        obstacle switch
        {
            JoinObstacle.PublicSource =>
                "what a public source claims does not merge customers that are each known to a trusted source",
            JoinObstacle.Claimed => "a claimed identifier does not merge customers that each hold a verified one",
            JoinObstacle.Device => "a device does not merge customers that each hold a person's identifier of one type",
            _ => throw new ArgumentOutOfRangeException(nameof(obstacle), obstacle, "No question of trust or kind."),
        };

    private static int PlaceOf(ReadOnlySpan<MergeTie> kept, ReadOnlySpan<MergeSide> owners, JoinObstacle obstacle)
    {
        bool isBroken = false;
        for (int owner = 0; owner < owners.Length && !isBroken; owner++)
        {
            isBroken = IsAtStake(owner, owners, obstacle) && !IsVouchedFor(owner, kept, obstacle);
        }

        if (!isBroken)
        {
            return -1;
        }

        int anyOther = -1;
        for (int place = kept.Length - 1; place > 0; place--)
        {
            int owner = kept[place].Owner;
            if (owner < 0 || owner == kept[0].Owner || !IsAtStake(owner, owners, obstacle))
            {
                continue;
            }

            if (!IsVouchedFor(owner, kept, obstacle))
            {
                return place;
            }

            anyOther = anyOther < 0 ? place : anyOther;
        }

        // The anchor's own customer is the one without a voucher, and the anchor stays: so another's identifier goes.
        return anyOther;
    }

    /// <summary>True where merging this owner with one of the others needs a voucher.</summary>
    private static bool IsAtStake(int owner, ReadOnlySpan<MergeSide> owners, JoinObstacle obstacle)
    {
        for (int other = 0; other < owners.Length; other++)
        {
            bool isPair = obstacle switch
            {
                JoinObstacle.PublicSource => owners[owner].IsKnown && owners[other].IsKnown,
                JoinObstacle.Claimed => owners[owner].HoldsVerified && owners[other].HoldsVerified,
                _ => (owners[owner].PersonTypes & owners[other].PersonTypes) != UInt128.Zero,
            };
            if (other != owner && isPair)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsVouchedFor(int owner, ReadOnlySpan<MergeTie> kept, JoinObstacle obstacle)
    {
        foreach (MergeTie tie in kept)
        {
            bool isVoucher = obstacle switch
            {
                JoinObstacle.PublicSource => !tie.IsClaimed,
                JoinObstacle.Claimed => tie.Rule?.Trust == IdentifierTrust.Verified,
                _ => tie.Rule?.Kind == IdentifierKind.Person,
            };
            if (tie.Owner == owner && tie.IsListed && isVoucher)
            {
                return true;
            }
        }

        return false;
    }
}
