using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>The accounts of a domain.</summary>
public sealed record AccountDomainState
{
    /// <summary>Group ids, sorted.</summary>
    public ImmutableArray<string> Accounts { get; init; } = [];
}

/// <summary>An array of group ids.</summary>
public sealed class AccountDomainStateCodec : IStateCodec<AccountDomainState>
{
    public void Write(Utf8JsonWriter writer, AccountDomainState state)
    {
        writer.WriteStartArray();
        foreach (string account in state.Accounts)
        {
            writer.WriteStringValue(account);
        }

        writer.WriteEndArray();
    }

    public AccountDomainState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new AccountDomainState
        {
            Accounts = [.. document.RootElement.EnumerateArray().Select(account => account.GetString()!)],
        };
    }
}

/// <inheritdoc cref="IAccountDomainGrain"/>
[GrainType("account-domain")]
public sealed class AccountDomainGrain(
    [PersistentState(GrainKeys.AccountDomainState, GrainKeys.Storage)] IPersistentState<AccountDomainState> stored
) : Grain, IAccountDomainGrain
{
    public Task<ImmutableArray<string>> GetAccounts()
    {
        if (!stored.RecordExists)
        {
            // Every address has a domain, and few domains are an account's: the others do not stay in memory for being asked for.
            DeactivateOnIdle();
        }

        return Task.FromResult(stored.State.Accounts);
    }

    public Task Add(string groupId)
    {
        ImmutableArray<string> accounts = stored.State.Accounts;
        return accounts.Contains(groupId, StringComparer.Ordinal) || accounts.Length >= IAccountDomainGrain.AccountsMax
            ? Task.CompletedTask
            : Save([.. accounts.Append(groupId).Order(StringComparer.Ordinal)]);
    }

    public Task Remove(string groupId) =>
        stored.State.Accounts.Contains(groupId, StringComparer.Ordinal)
            ? Save([.. stored.State.Accounts.Where(account => account != groupId)])
            : Task.CompletedTask;

    private Task Save(ImmutableArray<string> accounts) =>
        stored.SaveOrTakeBack(new AccountDomainState { Accounts = accounts }, this);
}
