using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Customer360.Rules.Crm;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Accounts;

/// <summary>
/// A person (by the anchor of what was said) who was linked to an account, when first and last, and when a CRM last said that she left.
/// The three are as in <see cref="AccountLink"/>.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AccountMemberEntry(Identifier Identifier, DateTimeOffset FirstAt, DateTimeOffset LastAt)
    : IFoldEntry<AccountMemberEntry>
{
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>As <see cref="AccountLink.Stands"/>.</summary>
    public bool Stands => LeftAt is not { } leftAt || leftAt <= LastAt;

    public static AccountMemberEntry Left(Identifier identifier, DateTimeOffset at) =>
        new(identifier, DateTimeOffset.MaxValue, DateTimeOffset.MinValue) { LeftAt = at };

    /// <summary>By identifier.</summary>
    public static int CompareKeys(in AccountMemberEntry left, in AccountMemberEntry right) =>
        left.Identifier.CompareTo(right.Identifier);

    public static bool TryCombine(
        in AccountMemberEntry left,
        in AccountMemberEntry right,
        out AccountMemberEntry combined
    )
    {
        combined = Together(left, right);
        return combined != left;
    }

    /// <summary>What both say of one person, under the identifier of the first.</summary>
    public static AccountMemberEntry Together(in AccountMemberEntry left, in AccountMemberEntry right) =>
        left with
        {
            FirstAt = left.FirstAt <= right.FirstAt ? left.FirstAt : right.FirstAt,
            LastAt = left.LastAt >= right.LastAt ? left.LastAt : right.LastAt,
            LeftAt = left.LeftAt >= right.LeftAt || right.LeftAt is null ? left.LeftAt : right.LeftAt,
        };
}

/// <summary>
/// What messages say of an account: its traits, the latest per source, its members, and its deals. Immutable. Folding a message
/// twice, or in another order, changes nothing, so handing them over needs no bookkeeping.
/// </summary>
/// <param name="Traits">By name, then source.</param>
/// <param name="Members">By identifier.</param>
/// <param name="IsTruncated">There were more traits or members than an account keeps.</param>
public sealed record AccountFold(
    ImmutableArray<Trait> Traits,
    ImmutableArray<AccountMemberEntry> Members,
    bool IsTruncated
)
{
    /// <summary>
    /// Members that an account keeps: the ordinally smallest, as <see cref="FoldEntries.Union"/> explains. The links from
    /// people to accounts have no such bound.
    /// </summary>
    public const int MemberCountMax = 10_000;

    /// <summary>Deals that an account keeps, likewise.</summary>
    public const int OpportunityCountMax = 1_000;

    public static AccountFold Empty { get; } = new([], [], false);

    /// <summary>By source, then id.</summary>
    public ImmutableArray<Opportunity> Opportunities { get; init; } = [];

    /// <summary>An account learns from group calls, from who leaves it, and from what tells of one of its deals.</summary>
    public static bool Concerns(Envelope envelope) =>
        envelope.GroupId is not null
        && (
            envelope.Kind == EventKind.Group
            || (envelope.Kind == EventKind.Track && OpportunityEvents.Has(envelope.Name))
            || AccountLeaving.Is(envelope)
        );

    /// <summary>
    /// True where both say the same of the company and its deals, whenever it was said: nobody has to look at it again. Who its members
    /// are is not asked: each is looked at for the message that made her one.
    /// </summary>
    public static bool SaysTheSame(AccountFold one, AccountFold other) =>
        (one.Traits == other.Traits || one.Traits.Select(Said).SequenceEqual(other.Traits.Select(Said)))
        && (
            one.Opportunities == other.Opportunities
            || one.Opportunities.Select(deal => (deal.Source, deal.Id, deal.Facts))
                .SequenceEqual(other.Opportunities.Select(deal => (deal.Source, deal.Id, deal.Facts)))
        );

    private static (string, string, string) Said(Trait trait) =>
        (trait.Name, trait.Source, System.Text.Encoding.UTF8.GetString(trait.ValueJson.Span));

    /// <summary>The account with one more message in it; the same object where that adds nothing.</summary>
    public AccountFold Apply(Envelope envelope, LogPlace place)
    {
        bool isTruncated = IsTruncated;
        AccountFold applied =
            envelope.Kind == EventKind.Group ? WithGroupCall(envelope, place, ref isTruncated)
            : AccountLeaving.Is(envelope)
                ? WithMembers([AccountMemberEntry.Left(envelope.Anchor, envelope.Timestamp)], ref isTruncated)
            : OpportunityReader.Read(envelope, place) is { } opportunity
                ? this with
                {
                    Opportunities = FoldEntries.Union(
                        Opportunities,
                        [opportunity],
                        OpportunityCountMax,
                        ref isTruncated
                    ),
                }
            : this;
        return Changed(applied with { IsTruncated = isTruncated });
    }

    /// <summary>The fold of both sets of messages. Commutative and associative; <see cref="Empty"/> is neutral.</summary>
    public static AccountFold Join(AccountFold left, AccountFold right)
    {
        bool isTruncated = left.IsTruncated || right.IsTruncated;
        var joined = new AccountFold(
            FoldEntries.Union(left.Traits, right.Traits.AsSpan(), ProfileFold.TraitCountMax, ref isTruncated),
            FoldEntries.Union(left.Members, right.Members.AsSpan(), MemberCountMax, ref isTruncated),
            IsTruncated: false
        )
        {
            Opportunities = FoldEntries.Union(
                left.Opportunities,
                right.Opportunities.AsSpan(),
                OpportunityCountMax,
                ref isTruncated
            ),
        };
        return joined with { IsTruncated = isTruncated };
    }

    private AccountFold WithGroupCall(Envelope envelope, LogPlace place, ref bool isTruncated)
    {
        ReadOnlySpan<Trait> traits = ProfileFold.TraitsOf(envelope.GroupTraits, envelope, Arrival.Of(envelope, place));
        // What a CRM says of a company comes from no member of it.
        AccountMemberEntry[] members = CrmIdentifiers.IsCompany(envelope.Anchor.Type)
            ? []
            : [new AccountMemberEntry(envelope.Anchor, envelope.Timestamp, envelope.Timestamp)];
        return WithMembers(members, ref isTruncated) with
        {
            Traits = FoldEntries.Union(Traits, traits, ProfileFold.TraitCountMax, ref isTruncated),
        };
    }

    private AccountFold WithMembers(ReadOnlySpan<AccountMemberEntry> members, ref bool isTruncated) =>
        this with
        {
            Members = FoldEntries.Union(Members, members, MemberCountMax, ref isTruncated),
        };

    private AccountFold Changed(AccountFold applied) =>
        applied.Traits == Traits
        && applied.Members == Members
        && applied.Opportunities == Opportunities
        && applied.IsTruncated == IsTruncated
            ? this
            : applied;

    /// <summary>
    /// <c>{"fold":{…traits as in <see cref="ProfileFold.WriteJson"/>},"members":[{"identifier","firstAt","lastAt","leftAt"}],"truncated"}</c>, and
    /// <c>"opportunities"</c> as in <see cref="OpportunityJson"/> where there are any.
    /// </summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("fold"u8);
        new ProfileFold { Traits = Traits }.WriteJson(writer);
        writer.WriteStartArray("members"u8);
        foreach (AccountMemberEntry member in Members)
        {
            writer.WriteStartObject();
            writer.WriteString("identifier"u8, member.Identifier.ToString());
            writer.WriteString("firstAt"u8, member.FirstAt);
            writer.WriteString("lastAt"u8, member.LastAt);
            if (member.LeftAt is { } leftAt)
            {
                writer.WriteString("leftAt"u8, leftAt);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (!Opportunities.IsEmpty)
        {
            writer.WritePropertyName("opportunities"u8);
            OpportunityJson.Write(writer, Opportunities);
        }

        writer.WriteBoolean("truncated"u8, IsTruncated);
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="WriteJson"/> wrote; the reader stands on the object's start.</summary>
    /// <exception cref="JsonException">It is not of that form.</exception>
    public static AccountFold ReadJson(ref Utf8JsonReader reader)
    {
        ImmutableArray<Trait> traits = [];
        ImmutableArray<AccountMemberEntry> members = [];
        ImmutableArray<Opportunity> opportunities = [];
        bool isTruncated = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("fold"u8))
            {
                reader.Read();
                traits = ProfileFold.ReadJson(ref reader).Traits;
            }
            else if (reader.ValueTextEquals("members"u8))
            {
                reader.Read();
                members = ReadMembers(ref reader);
            }
            else if (reader.ValueTextEquals("opportunities"u8))
            {
                reader.Read();
                using JsonDocument document = JsonDocument.ParseValue(ref reader);
                opportunities = OpportunityJson.Read(document.RootElement);
            }
            else if (reader.ValueTextEquals("truncated"u8))
            {
                reader.Read();
                isTruncated = reader.GetBoolean();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new AccountFold(traits, members, isTruncated) { Opportunities = opportunities };
    }

    private static ImmutableArray<AccountMemberEntry> ReadMembers(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(member => new AccountMemberEntry(
                    Identifier.Parse(member.GetProperty("identifier"u8).GetString()!),
                    member.GetProperty("firstAt"u8).GetDateTimeOffset(),
                    member.GetProperty("lastAt"u8).GetDateTimeOffset()
                )
                {
                    LeftAt = member.TryGetProperty("leftAt"u8, out JsonElement leftAt)
                        ? leftAt.GetDateTimeOffset()
                        : null,
                }),
        ];
    }
}
