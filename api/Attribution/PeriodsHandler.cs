using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Attribution;

/// <summary><c>/v1/attribution/periods</c>: sums that were frozen, and what they are by now.</summary>
internal sealed class PeriodsHandler(
    IGrainFactory grains,
    IPolicy<AttributionPolicy> policy,
    ProfileAccess access,
    CallerCursors cursors
)
{
    private const int BodyBytesMax = 4 * 1024;
    private const int IdLength = 34;

    private static readonly string[] s_members = ["from", "to", "definition"];
    private static readonly Refusal s_notFound = new NotFound("period");

    public async Task<Results<Answer<PeriodAnswer>, ProblemResult>> Freeze(HttpContext context)
    {
        Outcome<ReportAsked> asked = await JsonBody.ReadAsync(context.Request, BodyBytesMax, Read);
        if (!asked.Succeeded)
        {
            return new ProblemResult(asked.Refusal);
        }

        ReportAsked period = asked.Value;
        ApiKey caller = Caller.Of(context);
        PeriodReply reply = await grains
            .GetGrain<IAttributionPeriodGrain>(PeriodSnapshot.IdOf(period.From, period.To, period.Definition))
            .Freeze(
                new PeriodFreeze(
                    period.From,
                    period.To,
                    period.Definition,
                    caller.Kind == CallerKind.Token ? "token" : "key",
                    caller.Name,
                    caller.RoleNames.IsEmpty
                        ? caller.Roles.ToString().ToLowerInvariant()
                        : string.Join(' ', caller.RoleNames)
                ),
                context.RequestAborted
            );
        return reply.SnapshotJson.IsEmpty
            ? new ProblemResult(new ReportTooLarge())
            : new Answer<PeriodAnswer>(
                AnswerOf(Snapshot(reply.SnapshotJson), Asker.Of(context)) with
                {
                    IsNew = reply.IsNew,
                }
            );
    }

    public async Task<Results<Answer<PeriodsAnswer>, ProblemResult>> List(HttpContext context, PageAsked page)
    {
        if (!page.Limit.Succeeded)
        {
            return new ProblemResult(page.Limit.Refusal);
        }

        var asker = Asker.Of(context);
        string? after = page.Cursor is null ? "" : cursors.Read(asker, page.Cursor);
        if (after is null)
        {
            return new ProblemResult(new ParameterInvalid("cursor", "it must be the 'next' of a page before"));
        }

        int limit = page.Limit.Value;
        ImmutableArray<ReadOnlyMemory<byte>> found = await grains
            .GetGrain<IAttributionReportGrain>(0)
            .ListPeriods(after, limit + 1);
        PeriodAnswer[] periods =
        [
            // The sums of all models of many periods are too much for a list: each period has them.
            .. found.Take(limit).Select(json => AnswerOf(Snapshot(json) with { Models = [] }, asker)),
        ];
        return new Answer<PeriodsAnswer>(
            new(periods, found.Length > limit ? cursors.Write(asker, periods[^1].Id, isSeen: true) : null)
        );
    }

    public async Task<Results<Answer<PeriodAnswer>, ProblemResult>> Get(string periodId, HttpContext context)
    {
        PeriodSnapshot? snapshot = await Find(periodId);
        return snapshot is null
            ? new ProblemResult(s_notFound)
            : new Answer<PeriodAnswer>(AnswerOf(snapshot, Asker.Of(context)));
    }

    public async Task<Results<Answer<PeriodComparisonAnswer>, ProblemResult>> Compare(
        string periodId,
        HttpContext context
    )
    {
        if (await Find(periodId) is not { } snapshot)
        {
            return new ProblemResult(s_notFound);
        }

        if (snapshot.Definition is not null && policy.Current.Find(snapshot.Definition) is null)
        {
            return new ProblemResult(new ParameterInvalid("definition", "the policy has no such conversion any more"));
        }

        ReadOnlyMemory<byte> json = await grains
            .GetGrain<IAttributionReportGrain>(0)
            .Sum(
                new ReconciliationQuery(snapshot.From, snapshot.To, 0, snapshot.Definition, IsAsReported: false),
                context.RequestAborted
            );
        if (json.IsEmpty)
        {
            return new ProblemResult(new ReportTooLarge());
        }

        using JsonDocument now = JsonDocument.Parse(json);
        ImmutableArray<PeriodChange> changes = PeriodComparison.Of(
            snapshot.Models,
            PeriodSnapshotJson.ReadModels(now.RootElement),
            foldsFew: !access.SeesJourneys(Asker.Of(context))
        );
        return new Answer<PeriodComparisonAnswer>(
            new PeriodComparisonAnswer
            {
                Id = snapshot.Id,
                From = snapshot.From.UtcDateTime,
                To = snapshot.To.UtcDateTime,
                Definition = snapshot.Definition,
                FrozenAt = snapshot.FrozenAt.UtcDateTime,
                FrozenByPolicy = snapshot.PolicyVersion,
                Policy = policy.Current.Version,
                IsSame = changes.All(one => one.Minor == 0),
                Lines =
                [
                    .. changes.Select(one => new PeriodChangeAnswer(
                        AttributionModels.WordOf(one.Model),
                        one.Currency,
                        one.Kind,
                        one.Name,
                        AmountText.Of(one.FrozenMinor, one.Currency),
                        AmountText.Of(one.NowMinor, one.Currency),
                        AmountText.Of(one.Minor, one.Currency)
                    )),
                ],
            }
        );
    }

    private async Task<PeriodSnapshot?> Find(string periodId)
    {
        if (periodId.Length != IdLength || !periodId.StartsWith("f_", StringComparison.Ordinal))
        {
            return null;
        }

        ReadOnlyMemory<byte> json = await grains.GetGrain<IAttributionPeriodGrain>(periodId).Get();
        return json.IsEmpty ? null : Snapshot(json);
    }

    private static PeriodSnapshot Snapshot(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return PeriodSnapshotJson.Read(document.RootElement);
    }

    private Outcome<ReportAsked> Read(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || root.EnumerateObject()
                .Any(member =>
                    !s_members.Contains(member.Name, StringComparer.Ordinal)
                    || (member.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                )
        )
        {
            return new BodyNotJson("an object with from and to, days as 2026-10-01, and definition");
        }

        return Day("from") is not { } from ? new BodyNotJson("its member from must be a day: 2026-10-01")
            : Day("to") is not { } to ? new BodyNotJson("its member to must be a day: 2027-01-01")
            : ReportAsked.Of(
                from,
                to,
                null,
                root.TryGetProperty("definition"u8, out JsonElement definition) ? definition.GetString() : null,
                null,
                policy.Current
            );

        DateTimeOffset? Day(string name) =>
            root.TryGetProperty(name, out JsonElement text)
            && DateOnly.TryParseExact(
                text.GetString(),
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateOnly day
            )
                ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
                : null;
    }

    private PeriodAnswer AnswerOf(PeriodSnapshot snapshot, in Asker asker)
    {
        bool seesAll = access.SeesJourneys(asker);
        return new PeriodAnswer
        {
            Id = snapshot.Id,
            From = snapshot.From.UtcDateTime,
            To = snapshot.To.UtcDateTime,
            Definition = snapshot.Definition,
            FrozenAt = snapshot.FrozenAt.UtcDateTime,
            FrozenBy = snapshot.FrozenBy,
            PolicyVersion = snapshot.PolicyVersion,
            Models =
            [
                .. snapshot.Models.Select(model => new ModelSumsAnswer(
                    AttributionModels.WordOf(model.Model),
                    [.. model.Currencies.Select(one => AnswerOf(one, seesAll))]
                )),
            ],
        };
    }

    private static CurrencyAnswer AnswerOf(CurrencyReconciliation one, bool seesAll) =>
        new()
        {
            Currency = one.Currency,
            Conversions = one.Conversions,
            ClosedWon = AmountText.Of(one.ClosedWon, one.Currency),
            Refunded = AmountText.Of(one.Refunded, one.Currency),
            Net = AmountText.Of(one.Net, one.Currency),
            Channels = Lines(seesAll ? one.Channels : ReconciliationLine.Folded(one.Channels), one.Currency),
            Residuals = Lines(one.Residuals, one.Currency),
            Movements = Lines(one.Movements, one.Currency),
            Difference = AmountText.Of(one.Difference, one.Currency),
            IsReconciled = one.Difference == 0,
        };

    private static AmountAnswer[] Lines(ImmutableArray<ReconciliationLine> lines, string currency) =>
        [.. lines.Select(line => new AmountAnswer(line.Name, AmountText.Of(line.Minor, currency)))];
}
