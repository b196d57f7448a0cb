using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Customer360.Api.OpenApi;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary><c>GET /v1/accounts/{groupId}</c>: a company's traits and the people that group calls linked to it.</summary>
public static class AccountsEndpoints
{
    private const string GroupId = "groupId";
    private const int LimitDefault = 50;
    private const int LimitMax = 200;

    public static void MapAccountsEndpoints(this IEndpointRouteBuilder routes)
    {
        IGrainFactory grains = routes.ServiceProvider.GetRequiredService<IGrainFactory>();
        routes
            .MapGet("/v1/accounts/{groupId}", context => Get(context, grains))
            .RequireRole(Roles.Read)
            .Describe(AccountsDescriptions.Get);
    }

    private static async Task Get(HttpContext context, IGrainFactory grains)
    {
        Outcome<AccountQuery> asked = Read(context.Request.Query);
        if (!asked.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, asked.Refusal);
            return;
        }

        // One member more than is shown says whether another page follows.
        int limit = asked.Value.MemberLimit;
        AccountReply? account = await AccountsDirectory.Get(
            grains,
            ProfilesPath.Value(context, GroupId),
            asked.Value with
            {
                MemberLimit = limit + 1,
            }
        );
        if (account is null)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("account"));
            return;
        }

        context.Response.Headers.CacheControl = "private, no-cache";
        await ProfilesJson.Write(context.Response, writer => Write(writer, account, limit));
    }

    private static Outcome<AccountQuery> Read(IQueryCollection query)
    {
        Outcome<int> limit = ProfilesQuery.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        string? cursor = ProfilesQuery.Single(query, "cursor");
        if (cursor is null)
        {
            return new AccountQuery(AfterMember: null, limit.Value);
        }

        return Decode(cursor) is { } member
            ? new AccountQuery(member, limit.Value)
            : new ParameterInvalid("cursor", "it must be the 'next' of a page before");
    }

    private static string? Decode(string cursor)
    {
        if (!Base64Url.IsValid(cursor))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return Identifier.TryParse(text, out _) ? text : null;
    }

    private static void Write(Utf8JsonWriter writer, AccountReply account, int limit)
    {
        int count = Math.Min(limit, account.Members.Length);
        writer.WriteStartObject();
        writer.WriteString("groupId"u8, account.GroupId);
        writer.WritePropertyName("traits"u8);
        writer.WriteRawValue(account.TraitsJson.Span, skipInputValidation: true);
        writer.WriteNumber("memberCount"u8, account.MemberCount);
        if (account.IsTruncated)
        {
            writer.WriteBoolean("truncated"u8, true);
        }

        writer.WriteStartArray("members"u8);
        foreach (AccountMember member in account.Members.AsSpan(0, count))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, member.Identifier.Type);
            writer.WriteString("value"u8, member.Identifier.Value);
            writer.WriteTime("firstAt"u8, member.FirstAt);
            writer.WriteTime("lastAt"u8, member.LastAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString(
            "next"u8,
            account.Members.Length > limit
                ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(account.Members[limit - 1].Identifier.ToString()))
                : null
        );
        writer.WriteNumber("version"u8, account.Version);
        writer.WriteEndObject();
    }
}
