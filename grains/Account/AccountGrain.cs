using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles.Mastership;
using Orleans.Placement;

namespace Customer360.Grains;

/// <inheritdoc cref="IAccountGrain"/>
[PreferLocalPlacement]
[GrainType("account")]
public sealed class AccountGrain(
    [PersistentState(GrainKeys.AccountState, GrainKeys.Storage)] IPersistentState<AccountState> stored,
    IPolicy<MastershipPolicy> mastership,
    LeadWatch watch,
    IGrainFactory grains,
    TimeProvider time
) : Grain, IAccountGrain
{
    private readonly CompanyLeads _leads = new(grains, watch);
    private readonly AccountShow _show = new(mastership, grains, time);

    private AccountState State => stored.State;

    public async Task Apply(AccountMessages messages)
    {
        AccountFold before = State.Fold;
        AccountFold fold = before;
        for (int index = 0; index < messages.Envelopes.Length; index++)
        {
            long position = messages.Positions.IsDefault ? 0 : messages.Positions[index];
            fold = fold.Apply(messages.Envelopes[index], new LogPlace(messages.Partition, position));
        }

        // A message that says nothing but its name makes it an account, too.
        if (!ReferenceEquals(fold, State.Fold) || State.Revision == 0)
        {
            await stored.SaveOrTakeBack(State with { Fold = fold, Revision = State.Revision + 1 }, this);
        }

        await TellDomains();
        if (!AccountFold.SaysTheSame(before, fold))
        {
            _leads.LookSoon(messages.Envelopes[^1].MessageId, fold);
        }
    }

    public async Task<AccountReply?> GetAccount(AccountQuery query)
    {
        if (State.Revision == 0)
        {
            // Anyone may ask for any: what nobody ever named does not stay in memory for that.
            DeactivateOnIdle();
            return null;
        }

        string id = this.GetPrimaryKeyString();
        return await _show.Of([id], [State.Fold], State.Revision, query);
    }

    public Task<AccountFoldReply> GetFold() =>
        Task.FromResult(
            new AccountFoldReply(
                State.Revision,
                State.Revision == 0 ? default : AccountStateCodec.WriteFold(State.Fold)
            )
        );

    public Task<string?> GetCompany()
    {
        if (!stored.RecordExists)
        {
            DeactivateOnIdle();
        }

        return Task.FromResult(State.Place.Owner);
    }

    public async Task<string> Repoint(string from, string to, long asOf, long since)
    {
        IdentifierPlace place = State.Place with
        {
            Owner = State.Place.Owner ?? CompanyId.Of(this.GetPrimaryKeyString()),
        };
        IdentifierPlace after = place.After(from, to, asOf == IIdentifierGrain.Taken ? null : asOf, since);
        if (after != State.Place)
        {
            await stored.SaveOrTakeBack(State with { Place = after }, this);
        }

        return after.Owner!;
    }

    public async Task Forget(ImmutableArray<Identifier> identifiers)
    {
        AccountFold redacted = AccountRedaction.Redact(State.Fold, new ErasureTargets(identifiers));
        if (!ReferenceEquals(redacted, State.Fold))
        {
            await stored.SaveOrTakeBack(State with { Fold = redacted, Revision = State.Revision + 1 }, this);
        }

        await TellDomains();
    }

    /// <summary>
    /// Domains are told before they are noted as told: a crash between the two tells them again. Whoever hands messages over tries again
    /// until this is done.
    /// </summary>
    private async Task TellDomains()
    {
        ImmutableArray<string> domains = DomainsOf(State.Fold);
        if (domains.SequenceEqual(State.ToldDomains, StringComparer.Ordinal))
        {
            return;
        }

        string id = this.GetPrimaryKeyString();
        await Task.WhenAll(
            domains.Except(State.ToldDomains, StringComparer.Ordinal).Select(domain => DomainOf(domain).Add(id))
        );
        await Task.WhenAll(
            State.ToldDomains.Except(domains, StringComparer.Ordinal).Select(domain => DomainOf(domain).Remove(id))
        );
        await stored.SaveOrTakeBack(State with { ToldDomains = domains }, this);

        IAccountDomainGrain DomainOf(string domain) => GrainFactory.GetGrain<IAccountDomainGrain>(domain);
    }

    private static ImmutableArray<string> DomainsOf(AccountFold fold) => AccountDomains.OfTraits(fold.Traits, out _);
}
