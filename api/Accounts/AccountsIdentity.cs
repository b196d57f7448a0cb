using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Accounts;

/// <summary>Says that two companies are one, and takes apart what is not one.</summary>
internal sealed class AccountsIdentity(
    ProfileAccess access,
    AskedIdentifiers identifiers,
    IGrainFactory grains,
    TimeProvider time
)
{
    // A merge may come between finding the company and splitting it; so many in a row are a bug.
    private const int AttemptsMax = 16;

    public async Task<Results<Answer<CompanyAnswer>, ProblemResult>> Merge(HttpContext context)
    {
        Outcome<CompanyBody> body = await CompanyBody.ReadMerge(context.Request);
        if (!body.Succeeded)
        {
            return new ProblemResult(body.Refusal);
        }

        Outcome<string> one = await Find(context, PathValues.Value(context, "groupId"));
        Outcome<string> other = one.Succeeded ? await Find(context, body.Value.GroupIds[0]) : one;
        if (!other.Succeeded)
        {
            return new ProblemResult(other.Refusal);
        }

        string? refused = await grains.JoinCompanies(
            one.Value!,
            other.Value,
            NewId(),
            Caller.Of(context).Name,
            time.GetUtcNow()
        );
        return refused switch
        {
            null => await Answer(context, one.Value!),
            "separated" => new ProblemResult(new CompaniesSeparated()),
            "too_large" => new ProblemResult(new CompanyTooLarge()),
            _ => throw new InvalidOperationException("A merge was refused for a reason that has no name here."),
        };
    }

    public async Task<Results<Answer<CompanyAnswer>, ProblemResult>> Split(HttpContext context)
    {
        Outcome<CompanyBody> body = await CompanyBody.ReadSplit(context.Request);
        if (!body.Succeeded)
        {
            return new ProblemResult(body.Refusal);
        }

        Outcome<string> found = await Find(context, PathValues.Value(context, "groupId"));
        if (!found.Succeeded)
        {
            return new ProblemResult(found.Refusal);
        }

        string splitId = NewId();
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            string from = await grains.FindCompany(found.Value);
            if (CompanyId.ForSplit(splitId, from) is not { } split)
            {
                return new ProblemResult(new CompanySplitTooOften());
            }

            SplitReply reply = await grains
                .GetGrain<ICompanyGrain>(split)
                .SplitFrom(
                    new SplitRequest(
                        splitId,
                        from,
                        [.. body.Value.GroupIds.Select(one => CompanyId.GroupOf(identifiers.Group(one) ?? one))],
                        body.Value.Reason,
                        Caller.Of(context).Name,
                        time.GetUtcNow()
                    )
                );
            if (reply.MovedTo is null)
            {
                return reply.Refused switch
                {
                    null => await Answer(context, body.Value.GroupIds[0]),
                    "identifier_not_held" => new ProblemResult(new GroupsNotOfCompany()),
                    "split_of_everything" => new ProblemResult(new SplitOfWholeCompany()),
                    _ => throw new InvalidOperationException("A split was refused for a reason that has no name here."),
                };
            }
        }

        throw new InvalidOperationException("The company was merged again and again.");
    }

    /// <summary>The group id in its one spelling, of a company that there is.</summary>
    private async Task<Outcome<string>> Find(HttpContext context, string? groupId)
    {
        Outcome<VisibleAccount> account = await Look(context, groupId);
        return account.Succeeded ? account.Value.GroupId : account.Refusal;
    }

    private async Task<Results<Answer<CompanyAnswer>, ProblemResult>> Answer(HttpContext context, string groupId)
    {
        Outcome<VisibleAccount> account = await Look(context, groupId);
        return account.Succeeded
            ? new Answer<CompanyAnswer>(new CompanyAnswer(account.Value.GroupIds))
            : new ProblemResult(account.Refusal);
    }

    private Task<Outcome<VisibleAccount>> Look(HttpContext context, string? groupId) =>
        access.GetAccount(Asker.Of(context), groupId, new AccountQuery(AfterMember: null, MemberLimit: 0));

    private string NewId() => "d_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}

/// <summary>The bodies: <c>{"with":"group id","reason":"…"}</c> and <c>{"groupIds":["group id"],"reason":"…"}</c>.</summary>
/// <param name="GroupIds">1 to 100.</param>
/// <param name="Reason">1 to 500 characters, for the record.</param>
internal sealed record CompanyBody(ImmutableArray<string> GroupIds, string Reason)
{
    private const int BytesMax = 128 * 1024;

    public static ValueTask<Outcome<CompanyBody>> ReadMerge(HttpRequest request) =>
        JsonBody.ReadAsync(
            request,
            BytesMax,
            root =>
                root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("with"u8, out JsonElement with)
                && with.ValueKind == JsonValueKind.String
                    ? WithReason(root, [with.GetString()!])
                    : new BodyNotJson("'with' must be the group id of the other company")
        );

    public static ValueTask<Outcome<CompanyBody>> ReadSplit(HttpRequest request) =>
        JsonBody.ReadAsync(
            request,
            BytesMax,
            root =>
                root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("groupIds"u8, out JsonElement list)
                && list.ValueKind == JsonValueKind.Array
                && list.GetArrayLength() is > 0 and <= CompanyRules.GroupsMax
                && list.EnumerateArray()
                    .All(one => one.ValueKind == JsonValueKind.String && one.GetString()!.Length > 0)
                    ? WithReason(root, [.. list.EnumerateArray().Select(one => one.GetString()!)])
                    : new BodyNotJson("'groupIds' must hold 1 to 100 group ids")
        );

    private static Outcome<CompanyBody> WithReason(JsonElement root, ImmutableArray<string> groupIds) =>
        root.TryGetProperty("reason"u8, out JsonElement reason)
        && reason.ValueKind == JsonValueKind.String
        && !string.IsNullOrWhiteSpace(reason.GetString())
        && reason.GetString()!.Length <= SplitBody.ReasonLengthMax
            ? new CompanyBody(groupIds, reason.GetString()!)
            : new BodyNotJson("'reason' must be a text of 1 to 500 characters");
}
