using Customer360.Rules.Attribution;

namespace Customer360.Rules.Warehouse;

/// <summary>The tables of attribution: what was sold, on what journey, and who has the credit. Money is in minor units.</summary>
public static class ConversionRows
{
    public static MirrorTable Conversions { get; } =
        new(
            "conversions",
            "Each conversion as it stands.",
            [
                new("conversion_id", MirrorKind.Text, "The conversion."),
                new("definition", MirrorKind.Text, "Its definition in attribution.yaml."),
                new("external_id", MirrorKind.Text, "The order's or the deal's id."),
                new("is_counted", MirrorKind.Flag, "It stands."),
                new("is_lost", MirrorKind.Flag, "A deal that came to nothing."),
                new("converted_at", MirrorKind.Time, "When it converted."),
                new("amount_minor", MirrorKind.Number, "What it is worth now, in minor units."),
                new("refunded_minor", MirrorKind.Number, "What went back, in minor units."),
                new("currency", MirrorKind.Text, "Of both."),
                new("fault", MirrorKind.Text, "Why nobody knows what it is worth."),
                new("restatement", MirrorKind.Number, "The number of its last restatement."),
                new("restated_at", MirrorKind.Time, "When that was worked out."),
                new("restated_because", MirrorKind.Text, "Why."),
                new("policy_version", MirrorKind.Text, "By which attribution.yaml."),
                new("has_erased", MirrorKind.Flag, "Somebody who took part is forgotten."),
            ]
        )
        {
            Key = ["conversion_id"],
            LoadedAt = "restated_at",
        };

    public static MirrorTable Touches { get; } =
        new(
            "touches",
            "The journeys to conversions, as they were last credited; of whom the role may not see it, only when a touch was.",
            [
                new("conversion_id", MirrorKind.Text, "The conversion."),
                new("number", MirrorKind.Number, "The touch's place in the journey, from 0."),
                new("touched_at", MirrorKind.Time, "When it was."),
                new("customer_id", MirrorKind.Text, "Whose it is."),
                new("channel", MirrorKind.Text, "Its channel; missing where it may not be used."),
                new("source", MirrorKind.Text, "Where it came from."),
                new("medium", MirrorKind.Text, "By what medium."),
                new("campaign", MirrorKind.Text, "Of which campaign."),
                new("partition", MirrorKind.Number, "The message, as events has it."),
                new("position", MirrorKind.Number, "Likewise."),
            ]
        )
        {
            Key = ["conversion_id", "number"],
        };

    public static MirrorTable Credits { get; } =
        new(
            "credits",
            "The ledger: a line is never changed, what does not hold any more is taken back by another line. Sums of a model are the conversion's.",
            [
                new("conversion_id", MirrorKind.Text, "The conversion."),
                new("restatement", MirrorKind.Number, "The restatement that wrote the line."),
                new("line", MirrorKind.Number, "The line's number within it."),
                new("definition", MirrorKind.Text, "The conversion's definition."),
                new("model", MirrorKind.Text, "The model."),
                new("channel", MirrorKind.Text, "Who has it; missing: the residual."),
                new("residual", MirrorKind.Text, "Why no channel has it."),
                new("source", MirrorKind.Text, "Where the touch came from."),
                new("medium", MirrorKind.Text, "By what medium."),
                new("campaign", MirrorKind.Text, "Of which campaign."),
                new("amount_minor", MirrorKind.Number, "In minor units; below 0: it takes back."),
                new("currency", MirrorKind.Text, "Of the amount."),
                new(
                    "reporting_minor",
                    MirrorKind.Number,
                    "The same in the reporting currency; missing: there was no rate."
                ),
                new("reason", MirrorKind.Text, "Why it was written."),
                new("converted_at", MirrorKind.Time, "The view 'restated' goes by it."),
                new("booked_at", MirrorKind.Time, "The view 'as reported' goes by it."),
            ]
        )
        {
            Key = ["conversion_id", "restatement", "line"],
            LoadedAt = "booked_at",
        };

    /// <summary>Adds a conversion as the mirror's role may see it.</summary>
    /// <param name="file">What <see cref="ConversionFileRules.VisibleTo"/> has left of it.</param>
    public static void Add(MirrorRows conversions, MirrorRows touches, MirrorRows credits, ConversionFile file)
    {
        if (file.Current is { } current)
        {
            ConversionStanding standing = current.Credit.Standing;
            conversions.Add([
                file.Id,
                file.Definition,
                file.ExternalId,
                standing.Counts,
                standing.IsLost,
                standing.ConvertedAt,
                standing.Money?.Minor,
                standing.RefundedMinor,
                standing.Money?.Currency,
                standing.Fault == CreditResidual.None ? null : CreditResiduals.WordOf(standing.Fault),
                (long)current.Number,
                current.At,
                RestatementReasons.WordOf(current.Reason),
                current.PolicyVersion,
                file.HasErased,
            ]);
            for (int number = 0; number < current.Credit.Touches.Length; number++)
            {
                Add(touches, file.Id, number, current.Credit.Touches[number]);
            }
        }

        foreach (CreditRow row in file.Ledger)
        {
            credits.Add([
                row.ConversionId,
                (long)row.Number,
                (long)row.Line,
                row.Definition,
                AttributionModels.WordOf(row.Model),
                row.Channel,
                row.Residual == CreditResidual.None ? null : CreditResiduals.WordOf(row.Residual),
                row.Source,
                row.Medium,
                row.Campaign,
                row.Minor,
                row.Currency,
                row.ReportingMinor,
                RestatementReasons.WordOf(row.Reason),
                row.ConvertedAt,
                row.BookedAt,
            ]);
        }
    }

    private static void Add(MirrorRows touches, string conversionId, int number, CreditedTouch touch)
    {
        bool isVisible = touch.CustomerId.Length > 0;
        touches.Add([
            conversionId,
            (long)number,
            touch.At,
            isVisible ? touch.CustomerId : null,
            touch.Touch?.Channel,
            touch.Touch?.Source.Source,
            touch.Touch?.Source.Medium,
            touch.Touch?.Source.Campaign,
            isVisible ? touch.Place.Partition : (long?)null,
            isVisible ? touch.Place.Position : (long?)null,
        ]);
    }
}
