using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Works off what may move credit, and has everything credited anew where the policy is another. One for the grid. Key:
/// <see cref="GrainKeys.Current"/>.
/// </summary>
[Alias("c360.IAttributionGrain")]
public interface IAttributionGrain : IGrainWithStringKey
{
    /// <summary>Something waits. It is no loss where this does not arrive: every node asks by itself now and then.</summary>
    [OneWay, AlwaysInterleave]
    [Alias("Ring")]
    Task Ring();
}

/// <summary>A conversion and its credit. Key: <c>v_</c> and 32 hexadecimal digits.</summary>
[Alias("c360.IConversionGrain")]
public interface IConversionGrain : IGrainWithStringKey
{
    /// <summary>A message says something of it. Answers when its credit is durable. Idempotent.</summary>
    /// <returns>False: this node does not know the policy yet by which it is a conversion.</returns>
    [Alias("Hear")]
    [ResponseTimeout("00:00:30")]
    Task<bool> Hear(ConversionNews news);

    /// <summary>Works its credit out anew. Answers when that is durable. Idempotent.</summary>
    /// <returns>False: this node does not know the policy yet.</returns>
    [Alias("Look")]
    [ResponseTimeout("00:00:30")]
    Task<bool> Look(ConversionLook look);

    /// <summary>Somebody who took part is erased: nothing of the journey is left. Idempotent.</summary>
    [Alias("Forget")]
    [ResponseTimeout("00:00:30")]
    Task Forget(string customerId, string cause);

    /// <summary>All of it (<see cref="Rules.Attribution.ConversionFileJson"/>); empty where there is none.</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<ReadOnlyMemory<byte>> Get();
}

/// <summary>A message that says something of a conversion.</summary>
/// <param name="Partition">Its place in the log.</param>
/// <param name="Cause">What is noted as the cause.</param>
[GenerateSerializer, Immutable, Alias("c360.ConversionNews")]
public sealed record ConversionNews(
    [property: Id(0)] int Partition,
    [property: Id(1)] long Position,
    [property: Id(2)] string Cause
);

/// <summary>Why a conversion's credit may be another.</summary>
/// <param name="Reason">A <see cref="Rules.Attribution.RestatementReason"/>.</param>
/// <param name="PolicyNumber">The policy that must be in force here at least.</param>
[GenerateSerializer, Immutable, Alias("c360.ConversionLook")]
public sealed record ConversionLook(
    [property: Id(0)] int Reason,
    [property: Id(1)] string Cause,
    [property: Id(2)] long PolicyNumber
)
{
    /// <summary>The consent policy that must be in force here at least.</summary>
    [Id(3)]
    public long ConsentNumber { get; init; }
}

/// <summary>
/// Which conversions a customer takes part in, so that they follow it. Key: the customer id; or, of what a conversion waits for, a key of
/// <see cref="Rules.Attribution.AwaitedConversions"/>.
/// </summary>
[Alias("c360.ICustomerConversionsGrain")]
public interface ICustomerConversionsGrain : IGrainWithStringKey
{
    /// <summary>Takes one more; answers when that is durable. Idempotent.</summary>
    [Alias("Add")]
    Task Add(string conversionId);

    [ReadOnly]
    [Alias("GetAll")]
    Task<ImmutableArray<string>> GetAll();

    /// <summary>Takes those out that were looked at; one that has come meanwhile stays. Idempotent.</summary>
    [Alias("Remove")]
    Task Remove(ImmutableArray<string> conversionIds);

    /// <summary>The customer is erased. Idempotent.</summary>
    [Alias("Clear")]
    Task Clear();
}

/// <summary>Reports of credit. Key: always 0.</summary>
/// <remarks>Each walks all conversions, and answers nothing (empty) where that would take longer than a minute and a half, or too much memory.</remarks>
[Alias("c360.IAttributionReportGrain")]
public interface IAttributionReportGrain : IGrainWithIntegerKey
{
    /// <summary>Adds the ledger up and compares it with what accounts know of their deals.</summary>
    /// <returns>As <see cref="Rules.Attribution.ReconciliationJson"/> writes it.</returns>
    [Alias("Reconcile")]
    [ResponseTimeout("00:02:00")]
    Task<ReadOnlyMemory<byte>> Reconcile(ReconciliationQuery query, CancellationToken cancellationToken);

    /// <summary>The sums of a period by all models, restated; the query's model does not matter.</summary>
    /// <returns>As <see cref="Rules.Attribution.PeriodSnapshotJson"/> writes models.</returns>
    [Alias("Sum")]
    [ResponseTimeout("00:02:00")]
    Task<ReadOnlyMemory<byte>> Sum(ReconciliationQuery query, CancellationToken cancellationToken);

    /// <summary>What a view shows of a period, restated.</summary>
    /// <param name="view">A <see cref="Rules.Attribution.AttributionView"/>.</param>
    /// <returns>As <see cref="Rules.Attribution.ViewJson"/> writes it.</returns>
    [Alias("View")]
    [ResponseTimeout("00:02:00")]
    Task<ReadOnlyMemory<byte>> View(int view, ReconciliationQuery query, CancellationToken cancellationToken);

    /// <summary>Frozen periods by id, behind one.</summary>
    /// <returns>Each as <see cref="Rules.Attribution.PeriodSnapshotJson"/> writes it.</returns>
    [Alias("ListPeriods")]
    Task<ImmutableArray<ReadOnlyMemory<byte>>> ListPeriods(string after, int limit);
}

/// <summary>A period that was frozen: its sums, as they stood then. Key: <see cref="Rules.Attribution.PeriodSnapshot.IdOf"/>.</summary>
[Alias("c360.IAttributionPeriodGrain")]
public interface IAttributionPeriodGrain : IGrainWithStringKey
{
    /// <summary>
    /// Freezes it, once: answers what was frozen before where something was. The sums and the audit record are written in one transaction.
    /// </summary>
    [Alias("Freeze")]
    [ResponseTimeout("00:02:15")]
    Task<PeriodReply> Freeze(PeriodFreeze freeze, CancellationToken cancellationToken);

    /// <summary>As <see cref="Rules.Attribution.PeriodSnapshotJson"/> writes it; empty: it is not frozen.</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<ReadOnlyMemory<byte>> Get();
}

/// <summary>Who freezes which period.</summary>
/// <param name="ActorKind"><c>key</c> or <c>token</c>.</param>
[GenerateSerializer, Immutable, Alias("c360.PeriodFreeze")]
public sealed record PeriodFreeze(
    [property: Id(0)] DateTimeOffset From,
    [property: Id(1)] DateTimeOffset To,
    [property: Id(2)] string? Definition,
    [property: Id(3)] string ActorKind,
    [property: Id(4)] string ActorName,
    [property: Id(5)] string ActorRoles
);

/// <param name="SnapshotJson">Empty: the report would take too long.</param>
/// <param name="IsNew">It was frozen by this call.</param>
[GenerateSerializer, Immutable, Alias("c360.PeriodReply")]
public sealed record PeriodReply([property: Id(0)] ReadOnlyMemory<byte> SnapshotJson, [property: Id(1)] bool IsNew);

/// <summary>Asks for a report.</summary>
/// <param name="To">Exclusive.</param>
/// <param name="Model">A <see cref="Rules.Attribution.AttributionModel"/>.</param>
/// <param name="Definition">Conversions of this definition only; null: of all that deals make.</param>
/// <param name="IsAsReported">True: by when it was booked. False: by when it converted, as it stands now.</param>
[GenerateSerializer, Immutable, Alias("c360.ReconciliationQuery")]
public sealed record ReconciliationQuery(
    [property: Id(0)] DateTimeOffset From,
    [property: Id(1)] DateTimeOffset To,
    [property: Id(2)] int Model,
    [property: Id(3)] string? Definition,
    [property: Id(4)] bool IsAsReported
)
{
    /// <summary>Who asks does not see what people did: channels of too few people are one line without their names.</summary>
    [Id(5)]
    public bool FoldsFew { get; init; }

    /// <summary>Who asks does not work with leads: rows of sales people and pools are left out.</summary>
    [Id(6)]
    public bool HidesSales { get; init; }
}
