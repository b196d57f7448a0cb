using Customer360.Rules.Events;

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
    /// True where customers and added identifiers would become one customer that is too large. Only what adds to a
    /// customer is refused: a customer that is too large already takes its own messages.
    /// </summary>
    public static bool IsBroken(IReadOnlyCollection<CustomerFacts> customers, IReadOnlyCollection<Identifier> added)
    {
        if (customers.Count == 0)
        {
            return false;
        }

        var union = new HashSet<Identifier>(added);
        int largest = 0;
        int identifiersMax = int.MaxValue;
        bool isOversized = false;
        foreach (CustomerFacts customer in customers)
        {
            union.UnionWith(customer.Held.Select(held => held.Identifier));
            largest = Math.Max(largest, customer.Held.Length);
            identifiersMax = Math.Min(identifiersMax, customer.IdentifiersMax);
            isOversized |= customer.IsOversized;
        }

        return union.Count > largest && (isOversized || union.Count > identifiersMax);
    }
}
