namespace Customer360.Rules.Identity;

/// <summary>Where a message stands in the log.</summary>
public readonly record struct LogPlace(int Partition, long Position);

/// <summary>Two identifiers that a message brought together, or would have but for a rule. Numbers of a shadow graph.</summary>
/// <param name="Because">
/// Of a refusal: the number of the type whose limit would have been broken, or the complement of a separation's number.
/// </param>
public readonly record struct ShadowEdge(int One, int Other, LogPlace Place, int Because = 0);
