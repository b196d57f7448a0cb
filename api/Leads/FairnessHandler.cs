using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Leads;

/// <summary><c>GET /v1/routing/fairness</c>: what each of a pool should have got, got, and is owed.</summary>
internal sealed class FairnessHandler(IGrainFactory grains, IPolicy<RoutingPolicy> routing)
{
    /// <summary>One pool (<c>?pool=</c>), or all that the policy has.</summary>
    public async Task<Results<Answer<FairnessAnswer>, ProblemResult>> Get(HttpContext context)
    {
        string? asked = QueryValues.Single(context.Request.Query, "pool");
        string[] pools =
        [
            .. routing.Current.Pools.Select(pool => pool.Name).Where(name => asked is null || name == asked),
        ];
        if (asked is not null && pools.Length == 0)
        {
            return new ProblemResult(new NotFound("pool"));
        }

        PoolFairness[] reports = await Task.WhenAll(
            pools.Select(pool => grains.GetGrain<IPoolGrain>(pool).GetFairness())
        );
        return new Answer<FairnessAnswer>(
            new([.. pools.Zip(reports).Select(one => PoolFairnessAnswer.From(one.First, one.Second))])
        );
    }
}
