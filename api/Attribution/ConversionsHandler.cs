using System.Buffers;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Attribution;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Attribution;

/// <summary><c>GET /v1/attribution/conversions/{conversionId}</c>.</summary>
internal sealed class ConversionsHandler(ProfileAccess access)
{
    private const int IdLength = 34;
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    public async Task<Results<Answer<ConversionAnswer>, ProblemResult>> Get(HttpContext context)
    {
        Outcome<ConversionFile> file = await access.ExplainConversion(Asker.Of(context), IdOf(context));
        if (!file.Succeeded)
        {
            return new ProblemResult(file.Refusal);
        }

        context.Response.MarkUnstored();
        return new Answer<ConversionAnswer>(AnswerOf(file.Value));
    }

    /// <summary>Null where it can be none, so that no grain is asked.</summary>
    private static string? IdOf(HttpContext context) =>
        context.Request.RouteValues["conversionId"] is string { Length: IdLength } text
        && text.StartsWith("v_", StringComparison.Ordinal)
        && !text.AsSpan(2).ContainsAnyExcept(s_digits)
            ? text
            : null;

    private static ConversionAnswer AnswerOf(ConversionFile file)
    {
        ConversionStanding standing = file.Current?.Credit.Standing ?? ConversionStanding.Of(file.Statements);
        ConversionCredit? credit = file.Current?.Credit;
        return new ConversionAnswer
        {
            Id = file.Id,
            Definition = file.Definition,
            ExternalId = file.ExternalId,
            Counts = standing.Counts,
            ConvertedAt = standing.ConvertedAt.UtcDateTime,
            Amount = AmountOf(standing.Money),
            Currency = standing.Money?.Currency,
            Fault = WordOf(standing.Fault),
            RefundsNotRead = standing.UnreadRefunds,
            Movements =
            [
                .. standing.Movements.Select(one => new MovementAnswer(
                    one.At.UtcDateTime,
                    RestatementReasons.WordOf(one.Reason),
                    AmountText.Of(one.Minor, one.Currency),
                    one.Currency
                )),
            ],
            Customers = [.. file.People],
            Touches = [.. (credit?.Touches ?? []).Select(AnswerOf)],
            TouchesLeftOut = credit?.LeftOut ?? 0,
            Models =
            [
                .. (credit?.Models ?? []).Select(model => new ModelAnswer(
                    AttributionModels.WordOf(model.Model),
                    [
                        .. model.Parts.Select(part => new PartAnswer(
                            part.Touch,
                            WordOf(part.Residual),
                            AmountText.Of(part.Minor, standing.Money!.Value.Currency)
                        )),
                    ]
                )),
            ],
            Restatements =
            [
                .. file.History.Select(one => new RestatementAnswer(
                    one.Number,
                    one.At.UtcDateTime,
                    one.BookedAt.UtcDateTime,
                    RestatementReasons.WordOf(one.Reason),
                    one.Cause,
                    one.PolicyVersion,
                    AmountOf(one.Credit.Standing.Money)
                )),
            ],
            Ledger =
            [
                .. file.Ledger.Select(row => new LedgerLineAnswer(
                    row.Number,
                    AttributionModels.WordOf(row.Model),
                    row.Channel,
                    row.Source,
                    row.Campaign,
                    WordOf(row.Residual),
                    AmountText.Of(row.Minor, row.Currency),
                    row.Currency,
                    RestatementReasons.WordOf(row.Reason),
                    row.BookedAt.UtcDateTime
                )),
            ],
        };
    }

    private static TouchAnswer AnswerOf(CreditedTouch credited)
    {
        JourneyTouch? touch = credited.Touch;
        return new TouchAnswer
        {
            At = credited.At.UtcDateTime,
            IsWithheld = touch is null,
            CustomerId = touch is null ? null : credited.CustomerId,
            Channel = touch?.Channel,
            Source = touch?.Source.Source,
            Medium = touch?.Source.Medium,
            Campaign = touch?.Source.Campaign,
            Page = touch?.Page,
            Evidence = touch is null ? null : TouchWords.Of(touch.Evidence),
            Faults = touch is null ? [] : [.. TouchWords.Of(touch.Faults)],
        };
    }

    private static string? AmountOf(MoneyValue? money) =>
        money is { } known ? AmountText.Of(known.Minor, known.Currency) : null;

    private static string? WordOf(CreditResidual residual) =>
        residual == CreditResidual.None ? null : CreditResiduals.WordOf(residual);
}
