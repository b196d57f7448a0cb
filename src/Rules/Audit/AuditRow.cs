using System.Collections.Immutable;

namespace Customer360.Rules.Audit;

/// <summary>A record as it is stored.</summary>
/// <param name="Number">Rises in the order of writing, over all chains; may have gaps.</param>
/// <param name="Chain">See <see cref="AuditChain"/>.</param>
/// <param name="Seq">Its number in its chain: 1 and rising by one.</param>
/// <param name="Hash">The hash of the record at its place.</param>
/// <param name="Record">See <see cref="AuditRecord"/>.</param>
public sealed record AuditRow(long Number, int Chain, long Seq, ImmutableArray<byte> Hash, ReadOnlyMemory<byte> Record);
