using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy.OpenDsr;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>A request of a person about her data, from asking to proof. Key: the request's id.</summary>
[Alias("c360.IPrivacyRequestGrain")]
public interface IPrivacyRequestGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes the request, unless it is there already; null where one of this id was taken before that asks for something else, or about
    /// somebody else. It goes on by itself, also after a restart.
    /// </summary>
    [Alias("Begin")]
    Task<PrivacyRequestView?> Begin(PrivacyRequestAsk ask);

    /// <summary>
    /// Takes a request that came by OpenDSR, as <see cref="Begin"/> does; null where one of this id was taken before that asks otherwise:
    /// in another body, or not by OpenDSR.
    /// </summary>
    [Alias("BeginOpenDsr")]
    Task<PrivacyRequestView?> BeginOpenDsr(PrivacyRequestAsk ask);

    /// <summary>How it stands; null where there is no such request.</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<PrivacyRequestView?> Get();

    /// <summary>Takes it back where nothing was done yet; answers how it stands, null where there is no such request.</summary>
    /// <param name="by">Who takes it back.</param>
    [Alias("Cancel")]
    Task<PrivacyRequestView?> Cancel(string by);

    /// <summary>
    /// Says who is meant, where that was asked; answers how it stands, null where there is no such request. Nobody of the
    /// candidates: only what was given is suppressed.
    /// </summary>
    /// <param name="customerIds">Some of the candidates, or none.</param>
    /// <param name="by">Who says so: the name of a key.</param>
    [Alias("Decide")]
    Task<PrivacyRequestView?> Decide(ImmutableArray<string> customerIds, string by);

    /// <summary>Lets the person come back, where her erasure is done; false where it is not. Idempotent.</summary>
    /// <param name="identifiers">Those that she may come back with.</param>
    /// <param name="by">Who says so: the name of a key.</param>
    [Alias("Lift")]
    Task<bool> Lift(ImmutableArray<Identifier> identifiers, string by);

    /// <summary>
    /// Lifts a restriction that is done; it goes on by itself, also after a restart. False where there is nothing to lift. Idempotent.
    /// </summary>
    /// <param name="by">Who says so: the name of a key.</param>
    [Alias("LiftRestriction")]
    Task<bool> LiftRestriction(string by);

    /// <summary>
    /// Somebody whom it names has been erased by another request: it forgets these identifiers. An erasure under way does so by
    /// itself. Idempotent.
    /// </summary>
    /// <param name="identifiers">Erased ones.</param>
    /// <param name="isAbout">True: it is about somebody who was erased, and forgets what it has put right, too.</param>
    [Alias("Forget")]
    Task Forget(ImmutableArray<Identifier> identifiers, bool isAbout);

    /// <summary>
    /// Of a finished request to see or to take along: makes a link to the package, and the one of before leads nowhere any more. False
    /// where there is nothing to link to.
    /// </summary>
    /// <param name="secretHash">Of the link's secret: 64 hexadecimal digits of its SHA-256. The secret itself is not kept.</param>
    /// <param name="until">Until when it leads anywhere, UTC.</param>
    /// <param name="by">Who makes it: the name of a key.</param>
    [Alias("Link")]
    Task<bool> Link(string secretHash, DateTimeOffset until, string by);

    /// <summary>Uses a link up: answers what it leads to, once; null where it leads nowhere.</summary>
    [Alias("Redeem")]
    Task<PrivacyPackageGrant?> Redeem(string secretHash);

    /// <summary>
    /// A pass over all that is stored, which began after its person was emptied, has taken out what it found. From now on the request
    /// names her no more. Idempotent.
    /// </summary>
    [Alias("Scrubbed")]
    Task Scrubbed(string passId);

    /// <summary>That pass has looked through the files of the store: the request is done. Idempotent.</summary>
    [Alias("Sealed")]
    Task Sealed(string passId);
}

/// <summary>The list of suppressed identifiers, and its one writer. Key: <see cref="GrainKeys.Current"/>.</summary>
[Alias("c360.ISuppressionGrain")]
public interface ISuppressionGrain : IGrainWithStringKey
{
    /// <summary>Suppresses identifiers; those that are suppressed already stay so. Answers the list's last place afterwards.</summary>
    [AlwaysInterleave]
    [Alias("Suppress")]
    Task<long> Suppress(ImmutableArray<Identifier> identifiers, string requestId, string by);

    /// <summary>Lifts suppressions; answers the list's last place afterwards.</summary>
    [AlwaysInterleave]
    [Alias("Lift")]
    Task<long> Lift(ImmutableArray<Identifier> identifiers, string requestId, string by);
}

/// <summary>The requests together: their list, and the passes for those that wait for one. Key: <see cref="GrainKeys.Current"/>.</summary>
[Alias("c360.IPrivacyGrain")]
public interface IPrivacyGrain : IGrainWithStringKey
{
    /// <summary>A request waits for a pass. Written down before it is answered.</summary>
    [Alias("Collect")]
    Task Collect();

    /// <summary>A page of all requests by id: mostly that is the order in which they were asked.</summary>
    /// <param name="after">The last id of the page before; empty for the first.</param>
    /// <param name="limit">How many at most, 1 to 1,000.</param>
    [AlwaysInterleave]
    [Alias("List")]
    Task<ImmutableArray<PrivacyRequestView>> List(string after, int limit);

    /// <summary>All requests that are about one of these customers, by the time when they were asked. It reads all that there are.</summary>
    [AlwaysInterleave]
    [Alias("ListOf")]
    Task<ImmutableArray<PrivacyRequestView>> ListOf(ImmutableArray<string> customerIds);
}

/// <summary>What a person asks for.</summary>
[GenerateSerializer, Alias("c360.PrivacyRequestKind")]
public enum PrivacyRequestKind
{
    /// <summary>To see everything that is known of her.</summary>
    Access = 1,

    /// <summary>To take with her what she provided.</summary>
    Portability = 2,

    /// <summary>To have something put right.</summary>
    Rectification = 3,

    /// <summary>To have it kept and not used.</summary>
    Restriction = 4,

    /// <summary>That it is not used for a purpose.</summary>
    Objection = 5,

    /// <summary>To be forgotten.</summary>
    Erasure = 6,
}

/// <summary>How a request stands.</summary>
[GenerateSerializer, Alias("c360.PrivacyRequestStatus")]
public enum PrivacyRequestStatus
{
    /// <summary>Nothing is done yet: it can be cancelled.</summary>
    Pending = 1,

    /// <summary>Its identifiers lead to several people, or to one that too many share: an officer must say who is meant.</summary>
    NeedsDecision = 2,

    /// <summary>It is being carried out, and goes on after a crash.</summary>
    Running = 3,

    /// <summary>It is carried out.</summary>
    Done = 4,

    /// <summary>It was taken back before anything was done.</summary>
    Cancelled = 5,
}

/// <param name="Kind">What is asked for.</param>
/// <param name="Identifiers">One or more, in normal form.</param>
/// <param name="By">Who passes it on: the name of a key.</param>
/// <param name="ClientId">The asker's own id of it, or null. It should not name a person.</param>
[GenerateSerializer, Immutable, Alias("c360.PrivacyRequestAsk")]
public sealed record PrivacyRequestAsk(
    [property: Id(0)] PrivacyRequestKind Kind,
    [property: Id(1)] ImmutableArray<Identifier> Identifiers,
    [property: Id(2)] string By,
    [property: Id(3)] string? ClientId
)
{
    /// <summary>Of an objection: the purposes that the data is not to be used for; each once.</summary>
    [Id(4)]
    public ImmutableArray<string> Purposes { get; init; } = [];

    /// <summary>Of an objection: the consent policy that has these purposes.</summary>
    [Id(5)]
    public string PolicyVersion { get; init; } = "";

    /// <summary>Of a rectification: a JSON object, UTF-8, of the right values.</summary>
    [Id(6)]
    public ReadOnlyMemory<byte> TraitsJson { get; init; }

    /// <summary>Of a request that came by OpenDSR: what that adds to it; else null.</summary>
    [Id(7)]
    public OpenDsrAsk? OpenDsr { get; init; }
}

/// <summary>What OpenDSR adds to a request.</summary>
/// <param name="Regulation"><c>gdpr</c> or <c>ccpa</c>.</param>
/// <param name="BodyHash">64 hexadecimal digits of the body's SHA-256. It could be guessed from, so it is sealed before it is kept.</param>
/// <param name="CallbackUrls">Who is told when its status changes.</param>
[GenerateSerializer, Immutable, Alias("c360.OpenDsrAsk")]
public sealed record OpenDsrAsk(
    [property: Id(0)] string Regulation,
    [property: Id(1)] string BodyHash,
    [property: Id(2)] ImmutableArray<string> CallbackUrls
);

/// <summary>How a request that came by OpenDSR stands there.</summary>
/// <param name="Regulation"><c>gdpr</c> or <c>ccpa</c>.</param>
/// <param name="CallbackUrls">Who is told when its status changes.</param>
/// <param name="Changes">The statuses that it came to, since it was pending at first; the last is the one of now.</param>
[GenerateSerializer, Immutable, Alias("c360.OpenDsrView")]
public sealed record OpenDsrView(
    [property: Id(0)] string Regulation,
    [property: Id(1)] ImmutableArray<string> CallbackUrls,
    [property: Id(2)] ImmutableArray<OpenDsrStatus> Changes
)
{
    /// <summary>How it stands now.</summary>
    public OpenDsrStatus Status => Changes.IsEmpty ? OpenDsrStatus.Pending : Changes[^1];
}

/// <summary>What a rectification has changed in one customer.</summary>
/// <param name="BeforeJson">The value that the profile showed; <c>null</c> where it showed none.</param>
/// <param name="AfterJson">What it showed afterwards; empty before that is known.</param>
[GenerateSerializer, Immutable, Alias("c360.PrivacyChange")]
public sealed record PrivacyChange(
    [property: Id(0)] string CustomerId,
    [property: Id(1)] string Trait,
    [property: Id(2)] ReadOnlyMemory<byte> BeforeJson,
    [property: Id(3)] ReadOnlyMemory<byte> AfterJson
);

/// <summary>What a link leads to.</summary>
/// <param name="Kind">To see, or to take along.</param>
/// <param name="CustomerIds">Whose data it is.</param>
[GenerateSerializer, Immutable, Alias("c360.PrivacyPackageGrant")]
public sealed record PrivacyPackageGrant(
    [property: Id(0)] PrivacyRequestKind Kind,
    [property: Id(1)] ImmutableArray<string> CustomerIds
);

/// <param name="Kind">What was asked for.</param>
/// <param name="Step">Of a running erasure: what it is at.</param>
/// <param name="AskedAt">When it was taken, UTC.</param>
/// <param name="DueAt">Until when it must be answered, UTC.</param>
/// <param name="Identifiers">The person's, until the request is done; of a restriction until it is lifted.</param>
/// <param name="Candidates">Who may be meant, where that is asked.</param>
/// <param name="ResultJson">A JSON object once it is done: what was found, what was done, and the proof; else empty.</param>
[GenerateSerializer, Immutable, Alias("c360.PrivacyRequestView")]
public sealed record PrivacyRequestView(
    [property: Id(0)] string Id,
    [property: Id(1)] PrivacyRequestKind Kind,
    [property: Id(2)] PrivacyRequestStatus Status,
    [property: Id(3)] string? Step,
    [property: Id(4)] string By,
    [property: Id(5)] string? ClientId,
    [property: Id(6)] DateTimeOffset AskedAt,
    [property: Id(7)] DateTimeOffset DueAt,
    [property: Id(8)] DateTimeOffset? DoneAt,
    [property: Id(9)] ImmutableArray<Identifier> Identifiers,
    [property: Id(10)] ImmutableArray<PrivacyRequestCandidate> Candidates,
    [property: Id(11)] ReadOnlyMemory<byte> ResultJson
)
{
    /// <summary>Of a restriction: since when it is lifted, UTC.</summary>
    [Id(12)]
    public DateTimeOffset? LiftedAt { get; init; }

    /// <summary>Of a rectification: what was there before, and what is there now. Only for who may see it.</summary>
    [Id(13)]
    public ImmutableArray<PrivacyChange> Changes { get; init; } = [];

    /// <summary>Whom it is about; empty before that is known.</summary>
    [Id(14)]
    public ImmutableArray<string> CustomerIds { get; init; } = [];

    /// <summary>Of a request that came by OpenDSR; else null.</summary>
    [Id(15)]
    public OpenDsrView? OpenDsr { get; init; }
}

/// <param name="Identifiers">All that the customer holds.</param>
/// <param name="IsShared">The identifier that leads there is quarantined: too many people come with it.</param>
[GenerateSerializer, Immutable, Alias("c360.PrivacyRequestCandidate")]
public sealed record PrivacyRequestCandidate(
    [property: Id(0)] string CustomerId,
    [property: Id(1)] ImmutableArray<Identifier> Identifiers,
    [property: Id(2)] bool IsShared
);
