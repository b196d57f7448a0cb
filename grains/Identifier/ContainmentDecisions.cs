using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// The decision records of containment. An identifier's first quarantine has one record, whatever message repeats it
/// after a crash, its second another.
/// </summary>
internal static class ContainmentDecisions
{
    /// <summary>An identifier came with one anchor too many.</summary>
    public static DecisionRecord Quarantined(
        Identifier identifier,
        string? owner,
        QuarantineUnderWay quarantine,
        int releases,
        int degreeMax
    ) =>
        Record(
            "quarantined",
            identifier,
            owner,
            quarantine,
            releases,
            quarantine.At,
            $"it came with {quarantine.Degree} different anchors, and {degreeMax} are allowed"
        );

    /// <summary>Somebody ended its quarantine.</summary>
    public static DecisionRecord Released(
        Identifier identifier,
        string? owner,
        QuarantineUnderWay quarantine,
        int releases,
        DateTimeOffset at
    ) => Record("released", identifier, owner, quarantine, releases, at, "its quarantine was ended on request");

    private static DecisionRecord Record(
        string kind,
        Identifier identifier,
        string? owner,
        QuarantineUnderWay quarantine,
        int releases,
        DateTimeOffset at,
        string because
    ) =>
        new(
            CustomerDecisions.IdOf(kind, identifier.ToString(), $"{releases}"),
            kind,
            // An identifier that nobody owns stands for itself.
            owner ?? identifier.ToString(),
            OtherCustomerId: null,
            at,
            CustomerDecisions.Payload(writer =>
            {
                CustomerDecisions.WriteCause(
                    writer,
                    quarantine.MessageId,
                    quarantine.Source,
                    quarantine.RuleVersion,
                    because
                );
                CustomerDecisions.WriteIdentifiers(writer, [identifier]);
            })
        );
}
