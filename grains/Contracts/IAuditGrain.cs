using System.Collections.Immutable;
using Customer360.Rules.Audit;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Looks into the audit log, and writes to it, for those who see no storage. Keeps nothing, so there may be several; key: always 0.
/// </summary>
[Alias("c360.IAuditGrain")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>Completes when the entries are durable. Writing an entry again (same id) changes nothing.</summary>
    /// <exception cref="Rules.Ports.StorageUnavailableException">The log can't be written right now.</exception>
    [AlwaysInterleave]
    [Alias("Append")]
    Task Append(ImmutableArray<AuditEntry> entries);

    /// <summary>A page of what is looked for, the newest first.</summary>
    /// <exception cref="Rules.Ports.StorageUnavailableException">The log can't be read right now.</exception>
    [AlwaysInterleave]
    [Alias("Find")]
    Task<FoundAudit> Find(AuditSearch search);

    /// <summary>Where the chains end, as <see cref="AuditHead.Write"/> writes it.</summary>
    /// <exception cref="Rules.Ports.StorageUnavailableException">The log can't be read right now.</exception>
    [AlwaysInterleave]
    [Alias("GetHead")]
    Task<string> GetHead();
}

/// <summary>What is looked for; what is null does not matter. See <see cref="AuditQuery"/>.</summary>
/// <param name="Before">The place to go on from; <see cref="long.MaxValue"/> for the newest.</param>
/// <param name="Limit">Records at most.</param>
[GenerateSerializer, Immutable, Alias("c360.AuditSearch")]
public sealed record AuditSearch(
    [property: Id(0)] string? Action,
    [property: Id(1)] string? Actor,
    [property: Id(2)] string? ObjectType,
    [property: Id(3)] string? ObjectId,
    [property: Id(4)] string? Purpose,
    [property: Id(5)] string? Result,
    [property: Id(6)] DateTimeOffset From,
    [property: Id(7)] DateTimeOffset To,
    [property: Id(8)] long Before,
    [property: Id(9)] int Limit
);

/// <summary>A page. It may hold fewer than asked for, and even none, where a long way had nothing of what is looked for.</summary>
/// <param name="Next">The place to go on from; null at the end of the log.</param>
[GenerateSerializer, Immutable, Alias("c360.FoundAudit")]
public sealed record FoundAudit(
    [property: Id(0)] ImmutableArray<FoundAuditRecord> Records,
    [property: Id(1)] long? Next
);

/// <summary>A record and its place.</summary>
/// <param name="Hash">In lower-case hexadecimal digits.</param>
/// <param name="Record">Its canonical bytes: <see cref="AuditRecord"/>.</param>
[GenerateSerializer, Immutable, Alias("c360.FoundAuditRecord")]
public sealed record FoundAuditRecord(
    [property: Id(0)] int Chain,
    [property: Id(1)] long Seq,
    [property: Id(2)] string Hash,
    [property: Id(3)] ReadOnlyMemory<byte> Record
);

/// <summary>An entry on the wire between silos: its record, which is the whole of it.</summary>
[GenerateSerializer, Immutable, Alias("c360.AuditEntrySurrogate")]
public readonly record struct AuditEntrySurrogate([property: Id(0)] ReadOnlyMemory<byte> Record);

/// <summary>Lets <see cref="AuditEntry"/>, which knows no engine, cross the wire.</summary>
[RegisterConverter]
public sealed class AuditEntryConverter : IConverter<AuditEntry, AuditEntrySurrogate>
{
    public AuditEntry ConvertFromSurrogate(in AuditEntrySurrogate surrogate) =>
        AuditRecord.Read(surrogate.Record).Entry;

    /// <summary>The time of writing is set by whoever writes it down.</summary>
    public AuditEntrySurrogate ConvertToSurrogate(in AuditEntry value) => new(new AuditRecord(value, value.At).Write());
}
