using System.Collections.Immutable;

namespace Customer360.Rules.Audit;

/// <summary>What is wrong at a place of a chain.</summary>
public enum AuditBreakKind
{
    /// <summary>The record, or its hash, is another than was written.</summary>
    Changed = 1,

    /// <summary>There is no record of this number, and later ones are there.</summary>
    Missing = 2,

    /// <summary>The record stands at another place.</summary>
    Reordered = 3,

    /// <summary>A record that was never written there stands between two that follow each other.</summary>
    Inserted = 4,

    /// <summary>The chain ends before the place at which a head says that it ended.</summary>
    Truncated = 5,

    /// <summary>The chain is whole in itself, and is not the one that the head was taken of: somebody wrote its end anew.</summary>
    Rewritten = 6,
}

/// <summary>The first thing that is wrong in a chain.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Seq">The number in it of the first record that is not as it was; of a rewritten end the head's, which is not later.</param>
/// <param name="Expected">The hash that belongs there, in hexadecimal digits; null where the record that has it is gone.</param>
/// <param name="Found">The hash that stands there; null where nothing does.</param>
public sealed record AuditBreak(int Chain, long Seq, AuditBreakKind Kind, string? Expected, string? Found);

/// <summary>What a look at every record came to.</summary>
/// <param name="Head">Where the chains end, as far as they are whole.</param>
/// <param name="Records">Records that were read.</param>
/// <param name="Breaks">Of each chain the first, by chain; empty: nothing was changed.</param>
public sealed record AuditReport(AuditHead Head, long Records, ImmutableArray<AuditBreak> Breaks);
