namespace Customer360.Grains.Contracts;

/// <summary>
/// Others changed what was looked at, again and again, so that nothing came of it. Another try may find it at rest.
/// </summary>
public sealed class RaceLostException(string message) : Exception(message);
