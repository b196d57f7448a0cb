using System.Text.Json;
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

namespace Customer360.Api.Accounts;

/// <summary><c>GET /v1/accounts/{groupId}</c>: a company's traits and the people that group calls linked to it.</summary>
public static class AccountsEndpoints
{
    private const string GroupId = "groupId";
    private const int LimitDefault = 50;
    private const int LimitMax = 200;

    public static void MapAccountsEndpoints(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        ProfileAccess access = services.GetRequiredService<ProfileAccess>();
        CallerCursors cursors = services.GetRequiredService<CallerCursors>();
        routes
            .MapGet("/v1/accounts/{groupId}", context => Get(context, access, cursors))
            .RequireRole(Roles.Read)
            .BehindGate()
            .Describe(AccountsDescriptions.Get);
    }

    private static async Task Get(HttpContext context, ProfileAccess access, CallerCursors cursors)
    {
        var asker = Asker.Of(context);
        Outcome<AccountQuery> asked = Read(context.Request.Query, asker, cursors);
        if (!asked.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, asked.Refusal);
            return;
        }

        Outcome<VisibleAccount> account = await access.GetAccount(
            asker,
            PathValues.Value(context, GroupId),
            asked.Value
        );
        if (!account.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, account.Refusal);
            return;
        }

        string? next = account.Value.Last is { } last
            ? cursors.Write(asker, last.ToString(), account.Value.ShowsCounts)
            : null;
        context.Response.MarkPrivate();
        await JsonAnswer.Write(context.Response, writer => Write(writer, account.Value, next));
    }

    private static Outcome<AccountQuery> Read(IQueryCollection query, Asker asker, CallerCursors cursors)
    {
        Outcome<int> limit = QueryValues.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        string? cursor = QueryValues.Single(query, "cursor");
        if (cursor is null)
        {
            return new AccountQuery(AfterMember: null, limit.Value);
        }

        return cursors.Read(asker, cursor) is { } member && Identifier.TryParse(member, out _)
            ? new AccountQuery(member, limit.Value)
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }

    private static void Write(Utf8JsonWriter writer, VisibleAccount account, string? next)
    {
        writer.WriteStartObject();
        writer.WriteString("groupId"u8, account.GroupId);
        writer.WritePropertyName("traits"u8);
        writer.WriteRawValue(account.TraitsJson.Span, skipInputValidation: true);
        if (account.ShowsMembers)
        {
            WriteMembers(writer, account, next);
        }

        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, VisibleAccount account, string? next)
    {
        if (account.ShowsCounts)
        {
            writer.WriteNumber("memberCount"u8, account.MemberCount);
        }

        if (account.IsTruncated)
        {
            writer.WriteBoolean("truncated"u8, true);
        }

        writer.WriteStartArray("members"u8);
        foreach (AccountMember member in account.Members)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, member.Identifier.Type);
            writer.WriteString("value"u8, member.Identifier.Value);
            writer.WriteTime("firstAt"u8, member.FirstAt);
            writer.WriteTime("lastAt"u8, member.LastAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("next"u8, next);
        if (account.ShowsCounts)
        {
            writer.WriteNumber("version"u8, account.Version);
        }
    }
}
