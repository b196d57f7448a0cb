using System.Collections.Immutable;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Quality;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles.Mastership;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Catalog;

/// <summary><c>GET /v1/catalog</c> and the questions that it answers.</summary>
internal sealed class CatalogHandler(
    IGrainFactory grains,
    CatalogEntries entries,
    PolicyKinds kinds,
    IPolicy<MastershipPolicy> mastership
)
{
    private const int FieldLengthMax = 255;

    private static readonly string[] s_kinds = ["audience", "destination", "event", "field", "identifier", "policy"];

    public static string KnownKinds { get; } = $"it must be one of: {string.Join(", ", s_kinds)}";

    public static bool IsKind(string word) => s_kinds.Contains(word, StringComparer.Ordinal);

    /// <summary>A page of what there is.</summary>
    /// <param name="kind">Of this kind alone.</param>
    /// <param name="owner">Of this team alone.</param>
    /// <param name="q">Of those whose name has this text in it, whatever the case.</param>
    public async Task<Results<Answer<CatalogAnswer>, ProblemResult>> List(
        HttpContext context,
        PageAsked asked,
        QueryText kind,
        QueryText owner,
        QueryText q
    )
    {
        if (kind.Value is { } word && !IsKind(word))
        {
            return new ProblemResult(new ParameterInvalid("kind", KnownKinds));
        }

        Outcome<KeyPage<CatalogEntry>> page = KeyPages.Of(
            Asker.Of(context),
            asked,
            await Find(kind.Value, owner.Value, q.Value),
            one => one.Key
        );
        return page.Succeeded
            ? new Answer<CatalogAnswer>(new CatalogAnswer(page.Value.Rows, page.Value.Next))
            : new ProblemResult(page.Refusal);
    }

    /// <summary>What there is; what is null is not asked.</summary>
    public async Task<IEnumerable<CatalogEntry>> Find(string? kind, string? owner, string? text)
    {
        ImmutableArray<QualitySeen> seen = await grains.GetGrain<IQualityMonitorGrain>(GrainKeys.Current).GetSeen();
        return entries
            .All(seen)
            .Concat(kind is null or "policy" ? await Policies() : [])
            .Where(one =>
                (kind is null || one.Kind == kind)
                && (owner is null || one.Owner?.Team == owner)
                && (text is null || one.Name.Contains(text, StringComparison.OrdinalIgnoreCase))
            );
    }

    /// <summary>Where a field is mastered: which sources win it, who may write it, how sensitive it is, and who answers for it.</summary>
    public Results<Answer<MasteredAnswer>, ProblemResult> Mastered(QueryText field)
    {
        if (field.Value is not { Length: <= FieldLengthMax } name)
        {
            return new ProblemResult(new ParameterInvalid("field", "it must be the name of a trait"));
        }

        MastershipPolicy policy = mastership.Current;
        MastershipRule rule = policy.RuleOf(name);
        (string of, PolicyOwner? owner) = entries.OfTrait(name);
        return new Answer<MasteredAnswer>(
            new MasteredAnswer(
                name,
                rule.Field,
                MasterStrategies.Text(rule.Strategy),
                [.. rule.Sources.Concat(policy.Default.Sources).Distinct(StringComparer.Ordinal)],
                rule.Writers,
                of,
                QualityOwnerAnswer.From(owner),
                policy.Version
            )
        );
    }

    private async Task<CatalogEntry[]> Policies() =>
        await Task.WhenAll(
            kinds.All.Select(async kind =>
            {
                PolicyVersion? current = await grains.GetGrain<IPolicyGrain>(kind.Name).GetCurrent();
                return new CatalogEntry("policy", kind.Name)
                {
                    Owner = QualityOwnerAnswer.From(kinds.OwnerOf(current?.Text ?? kind.BuiltIn)),
                    Version = current?.Version ?? kinds.BuiltIn(kind).Version,
                };
            })
        );
}
