namespace Customer360.Rules.Events;

/// <summary>Where a message stands in the log.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="Position">From 1.</param>
public readonly record struct LogPlace(int Partition, long Position);
