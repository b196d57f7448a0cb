using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains;

/// <summary>Shows what is known of an account: of one group, or of several that are the same company.</summary>
internal sealed class AccountShow(IPolicy<MastershipPolicy> mastership, IGrainFactory grains, TimeProvider time)
{
    private readonly MemberOwners _owners = new(grains, time);

    /// <param name="groupIds">The groups that it is known by, in order.</param>
    /// <param name="folds">What is known under each of them.</param>
    public async Task<AccountReply> Of(
        ImmutableArray<string> groupIds,
        IReadOnlyList<AccountFold> folds,
        long version,
        AccountQuery query
    )
    {
        AccountFold fold = folds.Aggregate(AccountFold.Empty, AccountFold.Join);
        (ImmutableArray<string> domains, bool areClaimed) = DomainsOf(folds);
        ImmutableArray<AccountMemberEntry> persons = await _owners.PersonsOf(fold.Members);
        IEnumerable<AccountMemberEntry> members = persons;
        if (query.AfterMember is { } after && Identifier.TryParse(after, out Identifier last))
        {
            members = members.SkipWhile(member => member.Identifier <= last);
        }

        return new AccountReply(
            groupIds[0],
            AccountTraits.Json(fold, mastership.Current),
            [
                .. members
                    .Take(query.MemberLimit)
                    .Select(member => new AccountMember(member.Identifier, member.FirstAt, member.LastAt)),
            ],
            persons.Length,
            version,
            fold.IsTruncated
        )
        {
            Domains = domains,
            AreDomainsClaimed = areClaimed,
            OpportunitiesJson = Written(writer => OpportunityJson.Write(writer, fold.Opportunities)),
            FirstAt = persons.IsEmpty ? null : persons.Min(person => person.FirstAt),
            LastAt = persons.IsEmpty ? null : persons.Max(person => person.LastAt),
            GroupIds = groupIds,
        };
    }

    /// <summary>Each group has its own: of all of them together a source's latest word would be the only one.</summary>
    private static (ImmutableArray<string> Domains, bool AreClaimed) DomainsOf(IReadOnlyList<AccountFold> folds)
    {
        (ImmutableArray<string> Domains, bool AreClaimed)[] stated =
        [
            .. folds
                .Select(fold =>
                    (Domains: AccountDomains.OfTraits(fold.Traits, out bool isClaimed), AreClaimed: isClaimed)
                )
                .Where(one => !one.Domains.IsEmpty),
        ];
        bool areClaimed = stated.Length > 0 && stated.All(one => one.AreClaimed);
        return (
            [
                .. stated
                    .Where(one => one.AreClaimed == areClaimed)
                    .SelectMany(one => one.Domains)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            areClaimed
        );
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        write(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
