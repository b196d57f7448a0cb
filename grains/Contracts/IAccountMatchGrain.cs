namespace Customer360.Grains.Contracts;

/// <summary>
/// Says to which account a customer belongs, and why: by the one function that routing uses, too. It keeps nothing. Key: a
/// <see cref="Rules.Identity.CustomerId"/>.
/// </summary>
[Alias("c360.IAccountMatchGrain")]
public interface IAccountMatchGrain : IGrainWithStringKey
{
    [Alias("Match")]
    Task<AccountMatchReply> Match();
}

/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="MatchJson">As <see cref="Rules.Accounts.AccountMatch.WriteJson"/> writes it; empty: nobody there.</param>
[GenerateSerializer, Immutable, Alias("c360.AccountMatchReply")]
public sealed record AccountMatchReply(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ReadOnlyMemory<byte> MatchJson
);
