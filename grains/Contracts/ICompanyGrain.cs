using System.Collections.Immutable;
using Customer360.Rules.Events;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Which group ids are the same company. Merges and splits go by the same steps as those of customers. What is known of the company stays
/// with its groups and is joined when somebody reads. Key: a <see cref="Rules.Accounts.CompanyId"/>.
/// </summary>
[Alias("c360.ICompanyGrain")]
public interface ICompanyGrain : IGrainWithStringKey
{
    /// <summary>The group ids that it holds.</summary>
    [ReadOnly]
    [Alias("GetGroups")]
    Task<CompanyGroups> GetGroups();

    /// <summary>What is known of it.</summary>
    [ReadOnly]
    [Alias("GetAccount")]
    Task<CompanyReply> GetAccount(AccountQuery query);

    /// <summary>Gives all that it holds to an older one. Repeating it changes nothing.</summary>
    [Alias("MergeInto")]
    Task<CompanyMerged> MergeInto(CompanyMerge request);

    /// <summary>Takes in what a younger one gives.</summary>
    [Alias("Absorb")]
    Task<AbsorbReply> Absorb(AbsorbRequest request);

    /// <summary>Sends group ids on that still name it; answers where it has moved itself, or null.</summary>
    [Alias("Forward")]
    Task<string?> Forward(ImmutableArray<Identifier> groups);

    /// <summary>Takes group ids from an older one.</summary>
    [Alias("SplitFrom")]
    Task<SplitReply> SplitFrom(SplitRequest request);

    /// <summary>Gives group ids to a younger one.</summary>
    [Alias("ReleaseTo")]
    Task<ReleaseReply> ReleaseTo(ReleaseRequest request);

    /// <summary>The younger one has what it was given.</summary>
    [Alias("ConfirmRelease")]
    Task ConfirmRelease(string splitId);
}

/// <param name="MovedTo">Where it was merged into, or null.</param>
[GenerateSerializer, Immutable, Alias("c360.CompanyGroups")]
public sealed record CompanyGroups(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] ImmutableArray<string> GroupIds
);

/// <param name="MovedTo">Where it was merged into, or null.</param>
/// <param name="Account">Null where no message has named any of its groups.</param>
[GenerateSerializer, Immutable, Alias("c360.CompanyReply")]
public sealed record CompanyReply([property: Id(0)] string? MovedTo, [property: Id(1)] AccountReply? Account);

/// <summary>Asks for a merge.</summary>
/// <param name="Into">The older company.</param>
/// <param name="MessageId">The message, or the request, that says so.</param>
/// <param name="Source">Who says so: a source, or a caller.</param>
[GenerateSerializer, Immutable, Alias("c360.CompanyMerge")]
public sealed record CompanyMerge(
    [property: Id(0)] string Into,
    [property: Id(1)] string MergeId,
    [property: Id(2)] string MessageId,
    [property: Id(3)] string Source,
    [property: Id(4)] DateTimeOffset At
);

/// <param name="Into">Where it is now; null where it was not merged.</param>
/// <param name="Refused">Why not (<see cref="Rules.Identity.MergeRefusal.Code"/>), or null.</param>
/// <param name="WaitFor">The company whose split is under way: when that one answers, try again.</param>
[GenerateSerializer, Immutable, Alias("c360.CompanyMerged")]
public sealed record CompanyMerged(
    [property: Id(0)] string? Into,
    [property: Id(1)] string? Refused,
    [property: Id(2)] string? WaitFor
);
