using System.Collections.Immutable;

namespace Customer360.Rules.Identity;

/// <summary>An owner has taken an identifier in a split or an undoing.</summary>
/// <param name="By">The owner that took it.</param>
/// <param name="Revision">That owner's revision when it did: each split has a higher one than all before it.</param>
public readonly record struct IdentifierTaking(string By, long Revision);

/// <summary>Whose an identifier is, since when, and how it came there: enough to recognise a call that was held back on its way.</summary>
/// <remarks>
/// An owner counts its changes of identity. It gives an identifier away as of such a number: one that is lower than that with which it
/// got the identifier is of a merge that was taken back since. It takes an identifier under such a number, and each number once.
/// </remarks>
/// <param name="Owner">Null: nobody's.</param>
/// <param name="Since">The owner's revision when it got it; 0 where that need not be known.</param>
/// <param name="Takings">The last one of each of the last owners that took it, the latest at the end.</param>
public readonly record struct IdentifierPlace(string? Owner, long Since, ImmutableArray<IdentifierTaking> Takings)
{
    /// <summary>
    /// Owners whose takings are remembered. A call is held back for seconds, and an identifier is not split off so often in that time.
    /// </summary>
    public const int TakingsMax = 16;

    /// <summary>Where the identifier is after a call to move it: the same as before where the call is late, or not its owner's.</summary>
    /// <param name="from">Who has to own it.</param>
    /// <param name="to">Who owns it then.</param>
    /// <param name="asOf">The revision of <paramref name="from"/>, which gives it away; null: <paramref name="to"/> takes it.</param>
    /// <param name="since">The revision of <paramref name="to"/> with which it gets it.</param>
    public IdentifierPlace After(string from, string to, long? asOf, long since)
    {
        if (Owner != from)
        {
            return this;
        }

        if (asOf is { } given)
        {
            return given >= Since ? this with { Owner = to, Since = since } : this;
        }

        return Takings.Any(one => one.By == to && one.Revision >= since)
            ? this
            : new IdentifierPlace(to, since, With(new IdentifierTaking(to, since)));
    }

    /// <summary>Nobody's, and now somebody's who asked for it; that one may have taken it in a split once, and let it go since.</summary>
    public IdentifierPlace ClaimedBy(string owner) =>
        this with
        {
            Owner = owner,
            Since = Takings.FirstOrDefault(one => one.By == owner).Revision,
        };

    private ImmutableArray<IdentifierTaking> With(IdentifierTaking taking)
    {
        IdentifierTaking[] others = [.. Takings.Where(one => one.By != taking.By)];
        return [.. others.Skip(Math.Max(0, others.Length - TakingsMax + 1)), taking];
    }
}
