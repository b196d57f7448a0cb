using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>What a tie leads to.</summary>
public enum TieResult
{
    /// <summary>The same pair was tied before; nothing changes.</summary>
    Known = 1,

    /// <summary>One more, within the degree.</summary>
    Added = 2,

    /// <summary>One too many: the identifier is to be quarantined.</summary>
    TooMany = 3,
}

/// <param name="Ties">The anchors that the identifier is tied to, as hashes, rising.</param>
public readonly record struct TieOutcome(TieResult Result, ImmutableArray<ulong> Ties);

/// <summary>A quarantine as the identifier keeps it: since when, and the message that was one anchor too many.</summary>
/// <param name="Degree">With how many anchors it came.</param>
/// <param name="RuleVersion">The rules that allowed fewer.</param>
public sealed record QuarantineUnderWay(
    DateTimeOffset At,
    int Degree,
    string MessageId,
    string Source,
    string RuleVersion
);

/// <summary>
/// Contains identifiers that gather everyone: a device used by many, <c>test@test.com</c>. An identifier's degree is the
/// number of different anchors whose messages carried it beside them. Past the degree of its type's rule it is
/// quarantined: it keeps its owner and links nobody any more.
/// </summary>
public static class Containment
{
    /// <summary>Why a decision left an identifier out, as it is recorded.</summary>
    public const string Quarantined = "quarantined";

    /// <summary>
    /// An anchor as degrees count it: the first 8 bytes of the SHA-256 of <c>type:value</c>. A hash, so that the counting
    /// costs 8 bytes an anchor and holds nobody's address.
    /// </summary>
    public static ulong TieOf(Identifier anchor) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(anchor.ToString())));

    /// <summary>
    /// True where messages of this anchor add to the degree of an identifier that they carry. An account's links nobody, so
    /// it may come with as many as there are.
    /// </summary>
    public static bool Counts(Identifier identifier, Identifier anchor, IdentityRules rules) =>
        identifier != anchor
        && rules.Find(identifier.Type) is { QuarantineDegree: not null, Kind: not IdentifierKind.Account };

    /// <summary>Ties an identifier to one more anchor. The same pair counts once; the order of the ties does not matter.</summary>
    /// <param name="ties">The ties so far, rising.</param>
    /// <param name="anchor">The anchor of a message that carries the identifier.</param>
    /// <param name="degreeMax">The degree that its type's rule allows.</param>
    public static TieOutcome Tie(ImmutableArray<ulong> ties, Identifier anchor, int degreeMax)
    {
        ulong tie = TieOf(anchor);
        int place = ties.BinarySearch(tie);
        if (place >= 0)
        {
            return new TieOutcome(TieResult.Known, ties);
        }

        ImmutableArray<ulong> more = ties.Insert(~place, tie);
        return new TieOutcome(more.Length > degreeMax ? TieResult.TooMany : TieResult.Added, more);
    }

    /// <summary>
    /// The identifiers of a message that may link: those that are not quarantined. An anchor that is quarantined stays,
    /// alone: its messages belong to its owner, and tie that owner to nobody.
    /// </summary>
    /// <param name="identifiers">The message's, the anchor first.</param>
    /// <param name="demoted">Gets those that were left out.</param>
    public static ImmutableArray<OwnedIdentifier> LeaveOut(
        ImmutableArray<OwnedIdentifier> identifiers,
        ImmutableArray<DemotedIdentifier>.Builder demoted
    )
    {
        bool isAlone = identifiers[0].IsQuarantined;
        var kept = ImmutableArray.CreateBuilder<OwnedIdentifier>(identifiers.Length);
        for (int index = 0; index < identifiers.Length; index++)
        {
            OwnedIdentifier one = identifiers[index];
            if (index == 0 || (!isAlone && !one.IsQuarantined))
            {
                kept.Add(one);
            }
            else
            {
                demoted.Add(new DemotedIdentifier(one.Identifier, DemotionReason.Quarantine, Quarantined));
            }
        }

        return kept.DrainToImmutable();
    }
}
