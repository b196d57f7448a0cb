namespace Customer360.Rules.Identity;

/// <summary>
/// How large a customer may become. One that is over the size is flagged, takes on nobody and nothing more, and learns
/// aggregates only (<see cref="Profiles.AggregateFold"/>), so that no write and no read of it grows without end.
/// </summary>
public static class ProfileSize
{
    /// <summary>Why a link or a merge was refused.</summary>
    public const string TooLarge = "profile_too_large";

    /// <summary>Identifiers of one customer, where the settings say nothing else.</summary>
    public const int IdentifiersMaxDefault = IdentityRules.ProfileIdentifiersMaxDefault;

    /// <summary>Bytes of a customer's stored state, where the settings say nothing else.</summary>
    public const long BytesMaxDefault = 4 * 1024 * 1024;

    /// <summary>
    /// Whether a customer is to be flagged. A flagged one stays so until it is under half of both bounds (it was split):
    /// else a customer at the bound would be flagged and not flagged in turn.
    /// </summary>
    public static bool IsOversized(bool wasOversized, int identifiers, int identifiersMax, long bytes, long bytesMax) =>
        wasOversized
            ? identifiers > identifiersMax / 2 || bytes > bytesMax / 2
            : identifiers > identifiersMax || bytes > bytesMax;

    /// <summary>
    /// True where coming together would make a customer that is too large. Only what adds to a customer is refused: a
    /// customer that is too large already takes its own messages.
    /// </summary>
    internal static bool IsBroken<TJoining>(TJoining joining)
        where TJoining : IJoining
    {
        int largest = 0;
        int identifiersMax = int.MaxValue;
        bool isOversized = false;
        for (int customer = 0; customer < joining.Customers; customer++)
        {
            largest = Math.Max(largest, joining.CountOf(customer));
            identifiersMax = Math.Min(identifiersMax, joining.IdentifiersMaxOf(customer));
            isOversized |= joining.IsOversized(customer);
        }

        return joining.Customers > 0
            && joining.Together > largest
            && (isOversized || joining.Together > identifiersMax);
    }
}
