using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>Two identifiers that a message brought together, or would have but for a rule. Numbers of a shadow graph.</summary>
/// <param name="Because">Of a refusal: why.</param>
public readonly record struct ShadowEdge(int One, int Other, LogPlace Place, ShadowCause Because = default);
