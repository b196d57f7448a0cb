using System.Text.Json;
using Customer360.Rules.Ports;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// A public source never joins two customers whom a trusted source knows. Held against the decisions since the last rest: who
/// was known by then stays so, unless a split takes identifiers away.
/// </summary>
internal sealed class ClaimsJoinNobody
{
    private const string Name = "claims join nobody";
    private HashSet<string> _known = new(StringComparer.Ordinal);
    private int _seen;

    public void Check(AtRest rest, Journal journal)
    {
        DecisionRecord[] news = [.. rest.Decisions.Skip(_seen)];
        _seen = rest.Decisions.Count;
        foreach (DecisionRecord split in news.Where(decision => decision.Kind == "split"))
        {
            _known.Remove(split.CustomerId);
            _known.Remove(split.OtherCustomerId!);
        }

        foreach (DecisionRecord merge in news.Where(decision => decision.Kind == "merged"))
        {
            ViolationException.ThrowIf(
                _known.Contains(merge.CustomerId)
                    && _known.Contains(merge.OtherCustomerId!)
                    && CauseOf(merge, journal).IsPublic,
                Name,
                () => $"{CauseOf(merge, journal)} claimed, and {merge.OtherCustomerId} went into {merge.CustomerId}"
            );
        }

        _known =
        [
            .. rest.Customers.Values.Where(customer => IsKnown(customer, journal)).Select(customer => customer.Id),
        ];
    }

    /// <summary>It has a login, or an address that a server has sent a message of.</summary>
    private static bool IsKnown(SeenCustomer customer, Journal journal)
    {
        HashSet<string> spokenOf =
        [
            .. journal.Acknowledged.Where(message => !message.IsPublic).Select(message => message.Anchor),
        ];
        return OneOwner
            .Held(customer)
            .Any(one =>
                one.StartsWith("user_id:", StringComparison.Ordinal)
                || (one.StartsWith("email:", StringComparison.Ordinal) && spokenOf.Contains(one))
            );
    }

    private static Message CauseOf(DecisionRecord merge, Journal journal)
    {
        using JsonDocument payload = JsonDocument.Parse(merge.Payload);
        return journal.Find(payload.RootElement.GetProperty("messageId").GetString()!)
            ?? throw new ViolationException(Name, $"nobody sent the message that {merge.Id} names");
    }
}
