using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Contracts;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Contracts;

/// <summary><c>GET /v1/contracts</c> and <c>GET /v1/contracts/violations</c>.</summary>
internal sealed class ContractsHandler(IGrainFactory grains, IPolicy<ContractsPolicy> contracts, TimeProvider time)
{
    /// <summary>The contracts in force.</summary>
    public Answer<ContractsAnswer> List()
    {
        PolicyBody<ContractsPolicy> body = contracts.InForce.Body;
        DateTimeOffset now = time.GetUtcNow();
        return new Answer<ContractsAnswer>(
            new ContractsAnswer(
                body.Version,
                [.. body.Base.Contracts.Select(contract => ContractAnswer.From(contract, now))]
            )
        );
    }

    /// <summary>A page of what was counted.</summary>
    /// <param name="source">Of this source alone; null: of all.</param>
    /// <param name="contract">Of this contract alone.</param>
    /// <param name="kind">Of this kind alone.</param>
    public async Task<Results<Answer<ContractViolationsAnswer>, ProblemResult>> ListViolations(
        HttpContext context,
        PageAsked asked,
        string? source,
        string? contract,
        string? kind
    )
    {
        if (!asked.Limit.Succeeded)
        {
            return new ProblemResult(asked.Limit.Refusal);
        }

        var asker = Asker.Of(context);
        string? after = null;
        if (asked.Cursor is { } cursor && (after = ReadCursor(asker, cursor)) is null)
        {
            return new ProblemResult(new ParameterInvalid("cursor", "it must be the 'next' of a page before"));
        }

        ImmutableArray<string> sources = source is null ? await Sources() : [source];
        ImmutableArray<ViolationRow>[] rows = await Task.WhenAll(
            sources.Select(one => grains.GetGrain<IContractViolationsGrain>(one).Get())
        );
        ContractViolationAnswer[] found =
        [
            .. sources
                .Zip(rows)
                .SelectMany(pair => pair.Second.Select(row => ContractViolationAnswer.From(pair.First, row)))
                .Where(one => (contract is null || one.Contract == contract) && (kind is null || one.Kind == kind))
                .OrderBy(one => one.Key, StringComparer.Ordinal)
                .Where(one => after is null || string.CompareOrdinal(one.Key, after) > 0)
                .Take(asked.Limit.Value + 1),
        ];
        string? next =
            found.Length > asked.Limit.Value
                ? CallerCursors.Bind(
                    asker,
                    Base64Url.EncodeToString(Encoding.UTF8.GetBytes(found[asked.Limit.Value - 1].Key))
                )
                : null;
        return new Answer<ContractViolationsAnswer>(
            new ContractViolationsAnswer([.. found.Take(asked.Limit.Value)], next)
        );
    }

    /// <summary>The key behind which the page begins; null where it is no cursor of this caller's.</summary>
    private static string? ReadCursor(in Asker asker, string cursor) =>
        CallerCursors.Unbind(asker, cursor) is { } own && Base64Url.IsValid(own)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(own))
            : null;

    /// <summary>Those that have sent anything.</summary>
    private async Task<ImmutableArray<string>> Sources()
    {
        ImmutableArray<SourceSent> sent = await grains.GetGrain<ISourceActivityGrain>(GrainKeys.Current).Get();
        return [.. sent.Select(one => one.Source)];
    }
}
