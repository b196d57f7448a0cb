using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Orleans.Placement;

namespace Customer360.Grains;

/// <inheritdoc cref="IAccountGrain"/>
[PreferLocalPlacement]
[GrainType("account")]
public sealed class AccountGrain(
    [PersistentState(GrainKeys.AccountState, GrainKeys.Storage)] IPersistentState<AccountState> stored,
    IPolicy<MastershipPolicy> mastership,
    IGrainFactory grains,
    TimeProvider time
) : Grain, IAccountGrain
{
    private readonly MemberOwners _owners = new(grains, time);

    private AccountState State => stored.State;

    public async Task Apply(AccountMessages messages)
    {
        AccountFold fold = State.Fold;
        for (int index = 0; index < messages.Envelopes.Length; index++)
        {
            long position = messages.Positions.IsDefault ? 0 : messages.Positions[index];
            fold = fold.Apply(messages.Envelopes[index], new LogPlace(messages.Partition, position));
        }

        if (!ReferenceEquals(fold, State.Fold))
        {
            await stored.SaveOrTakeBack(State with { Fold = fold, Revision = State.Revision + 1 }, this);
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

        ImmutableArray<AccountMemberEntry> persons = await _owners.PersonsOf(State.Fold.Members);
        IEnumerable<AccountMemberEntry> members = persons;
        if (query.AfterMember is { } after && Identifier.TryParse(after, out Identifier last))
        {
            members = members.SkipWhile(member => member.Identifier <= last);
        }

        return new AccountReply(
            this.GetPrimaryKeyString(),
            TraitsJson(),
            [
                .. members
                    .Take(query.MemberLimit)
                    .Select(member => new AccountMember(member.Identifier, member.FirstAt, member.LastAt)),
            ],
            persons.Length,
            State.Revision,
            State.Fold.IsTruncated
        );
    }

    public async Task Forget(ImmutableArray<Identifier> identifiers)
    {
        AccountFold redacted = AccountRedaction.Redact(State.Fold, new ErasureTargets(identifiers));
        if (!ReferenceEquals(redacted, State.Fold))
        {
            await stored.SaveOrTakeBack(State with { Fold = redacted, Revision = State.Revision + 1 }, this);
        }
    }

    private byte[] TraitsJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        foreach (Trait trait in new TraitWinners(new ProfileFold { Traits = State.Fold.Traits }, mastership.Current))
        {
            writer.WritePropertyName(trait.Name);
            writer.WriteRawValue(trait.ValueJson.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
