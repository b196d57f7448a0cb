using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>The lines that bring a conversion's ledger from one credit to the next.</summary>
/// <remarks>
/// Each movement of the amount is booked at its own time: of an order that was placed in March and refunded in May, of which both are heard
/// in June, March has all of it and May takes its part back. So at every time the lines that were booked until then add up to what it was
/// worth by its movements.
/// </remarks>
internal static class LedgerRows
{
    /// <param name="before">Null: nothing is booked yet.</param>
    /// <param name="shape">In which parts amounts in between go to whom.</param>
    public static ImmutableArray<CreditRow> Between(
        ConversionFile file,
        Restatement restatement,
        ConversionCredit? before,
        ImmutableArray<ModelCredit> shape
    )
    {
        ImmutableArray<Booking> bookings = BookingsOf(before, restatement);
        var rows = ImmutableArray.CreateBuilder<CreditRow>();
        foreach (AttributionModel model in AttributionModels.OfOneJourney)
        {
            Write(file, restatement, before, shape, model, bookings, rows);
        }

        return [.. rows.Select((row, index) => row with { Line = index + 1 })];
    }

    public static CreditRow Negated(CreditRow row) =>
        row with
        {
            Minor = -row.Minor,
            ReportingMinor = -row.ReportingMinor,
        };

    private static void Write(
        ConversionFile file,
        Restatement restatement,
        ConversionCredit? before,
        ImmutableArray<ModelCredit> shape,
        AttributionModel model,
        ImmutableArray<Booking> bookings,
        ImmutableArray<CreditRow>.Builder rows
    )
    {
        var open = new OrderedDictionary<CreditRow, CreditRow>();
        foreach (CreditRow row in RowsOf(file, restatement, before, model))
        {
            Take(open, row);
        }

        foreach (Booking booking in bookings[..^1])
        {
            foreach ((string currency, long minor) in booking.Amounts)
            {
                foreach (CreditRow row in PartsOf(file, restatement, before, shape, model, currency, minor))
                {
                    CreditRow booked = row with { Reason = booking.Reason, BookedAt = booking.At };
                    Take(open, booked);
                    rows.Add(booked);
                }
            }
        }

        CreditRow[] gone = [.. open.Values.Where(IsSomething)];
        CreditRow[] come = [.. RowsOf(file, restatement, restatement.Credit, model).Where(IsSomething)];
        if (gone.Select(KeyAndAmount).ToHashSet().SetEquals(come.Select(KeyAndAmount)))
        {
            return;
        }

        Booking last = bookings[^1];
        rows.AddRange(
            gone.Select(Negated)
                .Concat(come)
                .Select(row => row with { Number = restatement.Number, Reason = last.Reason, BookedAt = last.At })
        );
    }

    /// <summary>
    /// What was booked or is not any more since the credit before, by time. Where no amount has moved it is one without amounts: whoever gets
    /// credit has changed, and that is booked when it was found.
    /// </summary>
    private static ImmutableArray<Booking> BookingsOf(ConversionCredit? before, Restatement restatement)
    {
        List<ConversionMovement> gone = [.. before?.Standing.Movements ?? []];
        List<ConversionMovement> moved =
        [
            .. restatement.Credit.Standing.Movements.Where(movement => !gone.Remove(movement)),
        ];
        moved.AddRange(gone.Select(movement => movement with { Minor = -movement.Minor }));
        return moved.Count == 0
            ? [new Booking(restatement.BookedAt, restatement.Reason, [])]
            :
            [
                .. moved
                    .GroupBy(movement => movement.At)
                    .OrderBy(group => group.Key)
                    .Select(group => new Booking(
                        group.Key,
                        group.Last().Reason,
                        [
                            .. group
                                .GroupBy(movement => movement.Currency, StringComparer.Ordinal)
                                .Select(one => (one.Key, one.Sum(movement => movement.Minor)))
                                .Where(one => one.Item2 != 0),
                        ]
                    )),
            ];
    }

    /// <summary>An amount in the parts of the shape, or of the credit before where nobody would get any by that.</summary>
    private static IEnumerable<CreditRow> PartsOf(
        ConversionFile file,
        Restatement restatement,
        ConversionCredit? before,
        ImmutableArray<ModelCredit> shape,
        AttributionModel model,
        string currency,
        long minor
    )
    {
        (ConversionCredit Credit, CreditPart Part)[] parts = [.. Parts(restatement.Credit, shape, model)];
        if (parts.Length == 0 && before is not null)
        {
            parts = [.. Parts(before, before.Models, model)];
        }

        if (parts.Length == 0)
        {
            parts = [(restatement.Credit, new CreditPart(null, CreditResidual.NoTouchEver, 1, null))];
        }

        ImmutableArray<long> divided = LargestRemainder.Divide(
            minor,
            [.. parts.Select(one => (ulong)Math.Abs(one.Part.Minor))]
        );
        decimal whole = parts.Sum(one => (decimal)one.Part.Minor);
        decimal? reported = parts.All(one => one.Part.ReportingMinor is not null)
            ? parts.Sum(one => (decimal)one.Part.ReportingMinor!.Value)
            : null;
        long? reporting =
            reported is { } rate && currency == CurrencyOf(restatement)
                ? (long)decimal.Round(minor * (rate / whole), MidpointRounding.ToEven)
                : null;
        ImmutableArray<long>? reportings = reporting is { } all
            ? LargestRemainder.Divide(all, [.. parts.Select(one => (ulong)Math.Abs(one.Part.Minor))])
            : null;
        return parts
            .Select(
                (one, index) =>
                    (one.Credit, one.Part with { Minor = divided[index], ReportingMinor = reportings?[index] })
            )
            .GroupBy(one => BucketOf(one.Credit, one.Item2))
            .Select(group =>
                RowOf(
                    file,
                    restatement,
                    model,
                    group.Key,
                    currency,
                    restatement.Credit.Standing.ConvertedAt,
                    [.. group.Select(one => one.Item2)]
                )
            )
            .Where(IsSomething);
    }

    private static IEnumerable<(ConversionCredit Credit, CreditPart Part)> Parts(
        ConversionCredit credit,
        ImmutableArray<ModelCredit> models,
        AttributionModel model
    ) =>
        models
            .Where(one => one.Model == model)
            .SelectMany(one => one.Parts)
            .Where(part => part.Minor != 0 && (part.Touch is null || part.Touch < credit.Touches.Length))
            .Select(part => (credit, part));

    private static string? CurrencyOf(Restatement restatement) =>
        restatement.Credit.Standing.Movements is [.., var last] ? last.Currency : null;

    /// <summary>One line for each source, medium, campaign and channel, and for each residual.</summary>
    private static IEnumerable<CreditRow> RowsOf(
        ConversionFile file,
        Restatement restatement,
        ConversionCredit? credit,
        AttributionModel model
    ) =>
        credit?.Standing is not { Money: { } money, ConvertedAt: var convertedAt }
            ? []
            : credit
                .Models.Where(one => one.Model == model)
                .SelectMany(one => one.Parts)
                .GroupBy(part => BucketOf(credit, part))
                .Select(group => RowOf(file, restatement, model, group.Key, money.Currency, convertedAt, [.. group]));

    private static CreditRow RowOf(
        ConversionFile file,
        Restatement restatement,
        AttributionModel model,
        in Bucket bucket,
        string currency,
        DateTimeOffset convertedAt,
        CreditPart[] parts
    ) =>
        new(
            file.Id,
            restatement.Number,
            0,
            file.Definition,
            model,
            bucket.Channel,
            bucket.Residual,
            currency,
            parts.Sum(part => part.Minor),
            parts[0].ReportingMinor is null ? null : parts.Sum(part => part.ReportingMinor),
            restatement.Reason,
            convertedAt,
            restatement.BookedAt
        )
        {
            Source = bucket.Source,
            Medium = bucket.Medium,
            Campaign = bucket.Campaign,
        };

    private static Bucket BucketOf(ConversionCredit credit, CreditPart part) =>
        part is { Residual: CreditResidual.None, Touch: { } index } && credit.Touches[index].Touch is { } touch
            ? new Bucket(
                touch.Channel,
                CreditResidual.None,
                touch.Source.Source,
                touch.Source.Medium,
                touch.Source.Campaign
            )
            : new Bucket(null, part.Residual, null, null, null);

    private static void Take(OrderedDictionary<CreditRow, CreditRow> open, CreditRow row)
    {
        CreditRow key = Key(row);
        open[key] = open.TryGetValue(key, out CreditRow? known)
            ? known with
            {
                Minor = known.Minor + row.Minor,
                ReportingMinor = known.ReportingMinor + row.ReportingMinor,
            }
            : row;
    }

    private static bool IsSomething(CreditRow row) => row.Minor != 0 || row.ReportingMinor is not (null or 0);

    private static CreditRow Key(CreditRow row) =>
        KeyAndAmount(row) with
        {
            Minor = 0,
            ReportingMinor = row.ReportingMinor is null ? null : 0,
        };

    private static CreditRow KeyAndAmount(CreditRow row) =>
        row with
        {
            Number = 0,
            Line = 0,
            Reason = default,
            BookedAt = default,
        };

    /// <summary>What is booked at a time.</summary>
    /// <param name="Amounts">By currency.</param>
    private sealed record Booking(
        DateTimeOffset At,
        RestatementReason Reason,
        ImmutableArray<(string Currency, long Minor)> Amounts
    );

    private readonly record struct Bucket(
        string? Channel,
        CreditResidual Residual,
        string? Source,
        string? Medium,
        string? Campaign
    );
}
