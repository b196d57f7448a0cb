using System.Collections.Immutable;

namespace Customer360.Rules.Ports;

/// <summary>A stored message that could not be applied and was set aside, so that its partition goes on.</summary>
/// <param name="Partition">Where the message is in the log.</param>
/// <param name="Position">Where the message is in the log.</param>
/// <param name="Reason">Why, as a named reason: for operators, so without personal data.</param>
/// <param name="At">When it was set aside, UTC.</param>
public sealed record QuarantinedMessage(int Partition, long Position, string Reason, DateTimeOffset At);

/// <summary>A place in the quarantine: it is ordered by partition, then position.</summary>
public sealed record QuarantineCursor(int Partition, long Position);

/// <summary>
/// Messages that could not be applied. Only their place is kept; the message itself stays in the log. The port that
/// storage implements.
/// </summary>
public interface IQuarantine
{
    /// <summary>Sets a message aside. Setting the same message aside again changes nothing (the first reason stays).</summary>
    Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken);

    /// <summary>Reads one page, behind <paramref name="after"/> (null: from the first).</summary>
    Task<ImmutableArray<QuarantinedMessage>> ListAsync(
        QuarantineCursor? after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Takes a message out, once it was applied or given up. False where it was not there.</summary>
    Task<bool> RemoveAsync(int partition, long position, CancellationToken cancellationToken);
}
