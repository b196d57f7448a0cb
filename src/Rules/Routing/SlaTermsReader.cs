using System.Collections.Immutable;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Routing;

/// <summary>
/// Reads <c>{minutes: 60, clock: working|wall, remindAt: 50, escalateAt: 80, timeout: stay|reroute|queue, reroutes: 2, queue: NAME,
/// restart: false}</c>.
/// </summary>
internal static class SlaTermsReader
{
    /// <summary>A year of working time, and more.</summary>
    private const int MinutesMax = 525_600;

    private const int ReroutesMax = 20;

    /// <summary>The terms; null where the file has none, or after a fault.</summary>
    public static SlaTerms? Read(
        ConfigSection parent,
        string name,
        ImmutableArray<string> queues,
        List<ConfigFault> faults
    )
    {
        if (parent.Find(name) is not { IsNothing: false } node)
        {
            return null;
        }

        var section = new ConfigSection(
            parent.PathOf(name),
            node,
            faults,
            "minutes",
            "clock",
            "remindAt",
            "escalateAt",
            "timeout",
            "reroutes",
            "queue",
            "restart"
        );
        string clock = section.Find("clock") is { Kind: ConfigKind.Text } word ? word.Text : "working";
        if (clock is not ("working" or "wall"))
        {
            section.Fault("clock", "It must be one of: working, wall.");
        }

        SlaTimeout timeout = section.Word("timeout", SlaTimeout.Stay);
        string? queue = section.Find("queue") is null ? null : section.RequiredText("queue");
        if (queue is not null && !queues.Contains(queue, StringComparer.Ordinal))
        {
            section.Fault("queue", "The file has no such queue.");
        }

        if (timeout != SlaTimeout.Stay && section.Find("queue") is null)
        {
            section.Fault("queue", "It must say where the lead goes in the end.");
        }

        return section.Whole("minutes", null, 1, MinutesMax) is { } minutes
            ? new SlaTerms(minutes)
            {
                IsWallClock = clock == "wall",
                RemindPercent = Percent(section, "remindAt"),
                EscalatePercent = Percent(section, "escalateAt"),
                Timeout = timeout,
                ReroutesMax = section.Whole("reroutes", timeout == SlaTimeout.Reroute ? 1 : 0, 0, ReroutesMax) ?? 0,
                Queue = queue,
                Restarts = section.Flag("restart", otherwise: false),
            }
            : null;
    }

    private static int? Percent(ConfigSection section, string name) =>
        section.Find(name) is { IsNothing: false } ? section.Whole(name, null, 1, 100) : null;
}
