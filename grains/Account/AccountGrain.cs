using System.Buffers;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <inheritdoc cref="IAccountGrain"/>
[GrainType("account")]
public sealed class AccountGrain(
    [PersistentState(GrainKeys.AccountState, GrainKeys.Storage)] IPersistentState<AccountState> stored,
    IMastershipSource mastership
) : Grain, IAccountGrain
{
    private AccountState State => stored.State;

    public async Task Apply(AccountMessages messages)
    {
        AccountFold fold = State.Fold;
        foreach (Envelope envelope in messages.Envelopes)
        {
            fold = fold.Apply(envelope);
        }

        if (ReferenceEquals(fold, State.Fold))
        {
            return;
        }

        State.Fold = fold;
        State.Revision++;
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            // Whether it was stored is not known: the next call reads it anew.
            DeactivateOnIdle();
            throw;
        }
    }

    public Task<AccountReply?> GetAccount(AccountQuery query)
    {
        if (State.Revision == 0)
        {
            return Task.FromResult<AccountReply?>(null);
        }

        IEnumerable<AccountMemberEntry> members = State.Fold.Members;
        if (query.AfterMember is { } after && Identifier.TryParse(after, out Identifier last))
        {
            members = members.SkipWhile(member => member.Identifier <= last);
        }

        return Task.FromResult<AccountReply?>(
            new AccountReply(
                this.GetPrimaryKeyString(),
                TraitsJson(),
                [
                    .. members
                        .Take(query.MemberLimit)
                        .Select(member => new AccountMember(member.Identifier, member.FirstAt, member.LastAt)),
                ],
                State.Fold.Members.Length,
                State.Revision,
                State.Fold.IsTruncated
            )
        );
    }

    private byte[] TraitsJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
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
