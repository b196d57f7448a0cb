using System.Collections.Immutable;

namespace Customer360.Rules.Consent.Wire.Gpp;

/// <summary>A section of a law of the United States.</summary>
/// <param name="VersionMax">The newest version whose layout is known; all before it are known, too.</param>
/// <param name="Layouts">Those that its core has had, the shortest first.</param>
/// <param name="SensitiveLayout">
/// Of the only part behind the core, which has no type. Null: each part behind the core begins with its type.
/// </param>
internal sealed record UsSection(int VersionMax, ImmutableArray<UsLayout> Layouts, UsLayout? SensitiveLayout = null);
