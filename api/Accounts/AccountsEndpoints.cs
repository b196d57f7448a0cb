using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.OpenApi;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Accounts;

/// <summary>Companies: what is known of them, the people in them, and to which a person belongs.</summary>
public static class AccountsEndpoints
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccountsHandler>();
        services.AddSingleton<AccountsIdentity>();
        services.AddPayloads(AccountsJson.Default);
    }

    public static void MapAccountsEndpoints(this IEndpointRouteBuilder routes)
    {
        AccountsHandler accounts = routes.ServiceProvider.GetRequiredService<AccountsHandler>();
        routes
            .MapGet("/v1/accounts/{groupId}", accounts.Get)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(AccountsDescriptions.Get);
        routes
            .MapGet("/v1/profiles/{identifier}/account", (Delegate)accounts.Match)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(AccountsDescriptions.Match);
        AccountsIdentity identity = routes.ServiceProvider.GetRequiredService<AccountsIdentity>();
        routes
            .MapPost("/v1/accounts/{groupId}/merge", (Delegate)identity.Merge)
            .RequireRole(Roles.Admin)
            .BehindGate()
            .Describe(AccountsDescriptions.Merge);
        routes
            .MapPost("/v1/accounts/{groupId}/split", (Delegate)identity.Split)
            .RequireRole(Roles.Admin)
            .BehindGate()
            .Describe(AccountsDescriptions.Split);
    }
}

/// <summary>Reads accounts.</summary>
internal sealed class AccountsHandler(ProfileAccess access, CallerCursors cursors)
{
    private const string GroupId = "groupId";

    public async Task<Results<Answer<AccountAnswer>, ProblemResult>> Get(HttpContext context, PageAsked page)
    {
        var asker = Asker.Of(context);
        Outcome<AccountQuery> asked = Read(page, asker);
        if (!asked.Succeeded)
        {
            return new ProblemResult(asked.Refusal);
        }

        Outcome<VisibleAccount> account = await access.GetAccount(
            asker,
            PathValues.Value(context, GroupId),
            asked.Value
        );
        if (!account.Succeeded)
        {
            return new ProblemResult(account.Refusal);
        }

        string? next = account.Value.Last is { } last
            ? cursors.Write(asker, last.ToString(), account.Value.ShowsCounts)
            : null;
        context.Response.MarkPrivate();
        return new Answer<AccountAnswer>(AccountAnswer.From(account.Value, next));
    }

    public async Task<Results<Answer<RawJson<AccountMatchAnswer>>, ProblemResult>> Match(HttpContext context)
    {
        Outcome<ReadOnlyMemory<byte>> match = await access.MatchAccount(
            Asker.Of(context),
            PathValues.Value(context, "identifier")
        );
        if (!match.Succeeded)
        {
            return new ProblemResult(match.Refusal);
        }

        context.Response.MarkPrivate();
        return new Answer<RawJson<AccountMatchAnswer>>(new(match.Value));
    }

    private Outcome<AccountQuery> Read(PageAsked page, Asker asker)
    {
        if (!page.Limit.Succeeded)
        {
            return page.Limit.Refusal;
        }

        if (page.Cursor is null)
        {
            return new AccountQuery(AfterMember: null, page.Limit.Value);
        }

        return cursors.Read(asker, page.Cursor) is { } member && Identifier.TryParse(member, out _)
            ? new AccountQuery(member, page.Limit.Value)
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }
}
