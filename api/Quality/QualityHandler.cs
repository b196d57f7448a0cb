using System.Collections.Immutable;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Quality;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Quality;

/// <summary><c>GET /v1/quality</c>.</summary>
/// <remarks>It tells nothing of one person: counts are by source and event, and names are those of contracts and checks.</remarks>
internal sealed class QualityHandler(IGrainFactory grains, IPolicy<QualityPolicy> quality, TimeProvider time)
{
    public string PolicyVersion => quality.InForce.Body.Version;

    private const string NoSource = "*";

    /// <summary>A page of how checks stand.</summary>
    /// <param name="check">Of this check alone.</param>
    /// <param name="source">Of this source alone.</param>
    /// <param name="state">Of those that stand so.</param>
    /// <param name="history"><c>true</c>: with the hours of the last three days.</param>
    public async Task<Results<Answer<QualityAnswer>, ProblemResult>> List(
        HttpContext context,
        PageAsked asked,
        QueryText check,
        QueryText source,
        QueryText state,
        QueryText history
    )
    {
        if (state.Value is { } word && QualityLevels.Parse(word) is null)
        {
            return new ProblemResult(new ParameterInvalid("state", "it must be ok, noData, warning or failing"));
        }

        if (history.Value is not (null or "true" or "false"))
        {
            return new ProblemResult(new ParameterInvalid("history", "it must be true or false"));
        }

        Outcome<KeyPage<QualityCheckAnswer>> page = KeyPages.Of(
            Asker.Of(context),
            asked,
            await Find(check.Value, source.Value, state.Value, history.Value == "true"),
            one => one.Key
        );
        return page.Succeeded
            ? new Answer<QualityAnswer>(
                new QualityAnswer(quality.InForce.Body.Version, page.Value.Rows, page.Value.Next)
            )
            : new ProblemResult(page.Refusal);
    }

    /// <summary>How checks stand; what is null is not asked.</summary>
    public async Task<IEnumerable<QualityCheckAnswer>> Find(string? id, string? source, string? state, bool hasHistory)
    {
        QualityPolicy current = quality.Current;
        DateTimeOffset now = time.GetUtcNow();
        QualityCheck[] checks = [.. current.Checks.Values.Where(one => id is null || one.Id == id)];
        QualityCheckFile[] files = await Task.WhenAll(
            checks.Select(async one => QualityJson.ReadCheck(await grains.GetGrain<IQualityCheckGrain>(one.Id).Get()))
        );
        return checks
            .Zip(files)
            .SelectMany(pair =>
                StandingsOf(pair.Second, now)
                    .Select(standing => QualityCheckAnswer.From(current, pair.First, standing, hasHistory, now))
            )
            .Where(one => (source is null || one.Source == source) && (state is null || one.State == state));
    }

    /// <summary>Of a check for every source of which none has sent anything: that there is nothing to look at.</summary>
    private static ImmutableArray<QualityStanding> StandingsOf(QualityCheckFile file, DateTimeOffset now) =>
        file.Standings.IsEmpty ? [new QualityStanding(NoSource, QualityWatch.Begin(now), Alert: null)] : file.Standings;
}
