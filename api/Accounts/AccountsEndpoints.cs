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
using Customer360.Rules.Profiles.Names;
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
            .MapGet("/v1/accounts", accounts.List)
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(AccountsDescriptions.List);
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
    private const int NameLengthMax = 100;

    public async Task<Results<Answer<AccountsAnswer>, ProblemResult>> List(HttpContext context, PageAsked page)
    {
        var asker = Asker.Of(context);
        Outcome<AccountListQuery> query = ReadList(context.Request.Query, page, asker);
        Outcome<VisibleAccounts> accounts = query.Succeeded
            ? await access.ListAccounts(asker, query.Value)
            : query.Refusal;
        if (!accounts.Succeeded)
        {
            return new ProblemResult(accounts.Refusal);
        }

        context.Response.MarkPrivate();
        return new Answer<AccountsAnswer>(
            new AccountsAnswer(
                [.. accounts.Value.Rows.Select(AccountRowAnswer.From)],
                accounts.Value.Next is { } next ? cursors.Write(asker, next, isSeen: true) : null
            )
        );
    }

    public async Task<Results<Answer<AccountAnswer>, ProblemResult>> Get(HttpContext context, PageAsked page)
    {
        var asker = Asker.Of(context);
        Outcome<AccountAnswer> account = page.Limit.Succeeded
            ? await Find(asker, PathValues.Value(context, GroupId), page.Limit.Value, page.Cursor)
            : page.Limit.Refusal;
        if (!account.Succeeded)
        {
            return new ProblemResult(account.Refusal);
        }

        context.Response.MarkPrivate();
        return new Answer<AccountAnswer>(account.Value);
    }

    /// <summary>An account with a page of its members, as far as the caller may see it.</summary>
    /// <param name="limit">Members at most.</param>
    /// <param name="cursor">The <c>next</c> of the page before; null: the first page.</param>
    public async Task<Outcome<AccountAnswer>> Find(Asker asker, string? groupId, int limit, string? cursor)
    {
        Outcome<AccountQuery> asked = Read(limit, cursor, asker);
        if (!asked.Succeeded)
        {
            return asked.Refusal;
        }

        Outcome<VisibleAccount> account = await access.GetAccount(asker, groupId, asked.Value);
        if (!account.Succeeded)
        {
            return account.Refusal;
        }

        string? next = account.Value.Last is { } last
            ? cursors.Write(asker, last.ToString(), account.Value.ShowsCounts)
            : null;
        return AccountAnswer.From(account.Value, next);
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

    private Outcome<AccountListQuery> ReadList(IQueryCollection query, PageAsked page, Asker asker)
    {
        if (!page.Limit.Succeeded)
        {
            return page.Limit.Refusal;
        }

        string? name = QueryValues.Single(query, "name");
        if (query.ContainsKey("name") && (name is null || name.Length > NameLengthMax || !NameQuery.Of(name).Succeeded))
        {
            return new ParameterInvalid(
                "name",
                "it must be there once, with up to 100 characters and 8 words, of letters or digits"
            );
        }

        string? after = page.Cursor is { } cursor ? cursors.Read(asker, cursor) : "";
        return after is null
            ? new ParameterInvalid("cursor", "it must be the 'next' of a page before")
            : new AccountListQuery(after, page.Limit.Value, name?.Trim());
    }

    private Outcome<AccountQuery> Read(int limit, string? cursor, Asker asker)
    {
        if (cursor is null)
        {
            return new AccountQuery(AfterMember: null, limit);
        }

        return cursors.Read(asker, cursor) is { } member && Identifier.TryParse(member, out _)
            ? new AccountQuery(member, limit)
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }
}
