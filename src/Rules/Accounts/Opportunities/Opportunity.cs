using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Accounts;

/// <summary>Somebody who takes part in a deal.</summary>
/// <param name="Identifier">The CRM's record of the person.</param>
/// <param name="Role">As the CRM has it (<c>Decision Maker</c>); null: it does not say.</param>
/// <param name="IsPrimary">The deal's first contact.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OpportunityContact(Identifier Identifier, string? Role, bool IsPrimary);

/// <summary>What a CRM says of a deal. A member that it does not say is null.</summary>
public sealed record OpportunityFacts
{
    public string? Name { get; init; }

    /// <summary>As the CRM has it: <c>contractsent</c>, <c>Negotiation/Review</c>.</summary>
    public string? Stage { get; init; }

    /// <summary>As written; what it is worth is <see cref="Money"/>.</summary>
    public string? AmountText { get; init; }

    /// <summary>ISO 4217, as written.</summary>
    public string? Currency { get; init; }

    /// <summary>As written, mostly a date.</summary>
    public string? CloseDate { get; init; }

    /// <summary>The CRM's id of the sales person.</summary>
    public string? Owner { get; init; }

    public bool IsClosed { get; init; }

    public bool IsWon { get; init; }

    /// <summary>The CRM has deleted it: it is kept, so that no older word brings it back.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>By identifier.</summary>
    public ImmutableArray<OpportunityContact> Contacts { get; init; } = [];

    public bool IsOpen => !IsClosed && !IsDeleted;

    /// <summary>Null where there is no amount, or no currency that it could be of.</summary>
    public MoneyValue? Money =>
        MoneyValue.TryParse(AmountText, isMinor: false, Currency, out MoneyValue money) ? money : null;

    public bool Equals(OpportunityFacts? other) =>
        other is not null
        && Name == other.Name
        && Stage == other.Stage
        && AmountText == other.AmountText
        && Currency == other.Currency
        && CloseDate == other.CloseDate
        && Owner == other.Owner
        && (IsClosed, IsWon, IsDeleted) == (other.IsClosed, other.IsWon, other.IsDeleted)
        && Contacts.AsSpan().SequenceEqual(other.Contacts.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, Stage, AmountText, CloseDate, Owner);
}

/// <summary>
/// A deal of an account: the latest word of its source, by the time of the record and, of two at one time, by arrival.
/// </summary>
/// <param name="Id">The CRM's id of the deal. Two sources number theirs by themselves.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Opportunity(
    string Source,
    string Id,
    DateTimeOffset At,
    Arrival Arrival,
    OpportunityFacts Facts
) : IFoldEntry<Opportunity>
{
    /// <summary>By source, then id.</summary>
    public static int CompareKeys(in Opportunity left, in Opportunity right)
    {
        int bySource = string.CompareOrdinal(left.Source, right.Source);
        return bySource != 0 ? bySource : string.CompareOrdinal(left.Id, right.Id);
    }

    public static bool TryCombine(in Opportunity left, in Opportunity right, out Opportunity combined)
    {
        int byTime = right.At.CompareTo(left.At);
        bool isLater = byTime != 0 ? byTime > 0 : right.Arrival > left.Arrival;
        combined = isLater ? right : left;
        return isLater;
    }
}
