using System.Collections.Immutable;
using Customer360.Rules.Privacy;

namespace Customer360.Rules.Ports;

/// <summary>What a piece of a pass came to.</summary>
/// <param name="Next">Where the next piece goes on; null: this was the last one.</param>
/// <param name="Read">Rows that were looked at.</param>
/// <param name="Removed">Rows that are gone.</param>
/// <param name="Replaced">Rows that have another content.</param>
/// <param name="Rewritten">Of a log in blocks: blocks that were written anew, each once.</param>
public readonly record struct ErasurePiece(string? Next, int Read, int Removed, int Replaced, int Rewritten);

/// <summary>
/// Takes rows out of what is otherwise never changed: the log and the decisions. In pieces, so that nobody waits for long and a pass
/// that was broken off goes on where it stood; a piece that is done again finds nothing left to do. The port that storage implements.
/// </summary>
public interface IErasureStore
{
    /// <summary>
    /// Judges the next messages of a partition. A removed one leaves its position empty and a keyed hash of its id, by which its
    /// repeats are still recognised.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="after">The <see cref="ErasurePiece.Next"/> of the piece before; empty for the first.</param>
    /// <param name="judge">Asked of each message.</param>
    Task<ErasurePiece> EraseLogAsync(int partition, string after, ILogJudge judge, CancellationToken cancellationToken);

    /// <summary>Judges the next decisions.</summary>
    /// <param name="after">The <see cref="ErasurePiece.Next"/> of the piece before; empty for the first.</param>
    /// <param name="judge">Asked of each record.</param>
    Task<ErasurePiece> EraseDecisionsAsync(string after, IDecisionJudge judge, CancellationToken cancellationToken);

    /// <summary>
    /// Sees to it that what was removed is nowhere in the files of the store either: not in the log of the database, nor in pages
    /// that are free or were divided. It looks through the files for the texts and rewrites them where it finds one.
    /// </summary>
    /// <param name="texts">Values of the erased, in UTF-8; none: the files are rewritten in any case.</param>
    Task SealAsync(ImmutableArray<ReadOnlyMemory<byte>> texts, CancellationToken cancellationToken);
}
