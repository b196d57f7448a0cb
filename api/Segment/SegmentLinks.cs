using System.Collections.Immutable;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Segment;

/// <summary><c>…/links</c>: a user's accounts, or an account's users. As at Segment 20 at most, without a cursor.</summary>
/// <remarks><c>GET /v1/accounts/{groupId}</c> pages through all the users of an account.</remarks>
internal sealed class SegmentLinks(ProfileAccess access)
{
    private const int LimitMax = 20;

    public async Task Get(HttpContext context)
    {
        Outcome<ImmutableArray<SegmentExternalId>> links = await Find(context);
        if (!links.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, links.Refusal);
            return;
        }

        context.Response.MarkPrivate();
        await JsonAnswer.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("data"u8);
                foreach (SegmentExternalId link in links.Value)
                {
                    writer.WriteStartObject();
                    writer.WriteString("to_collection"u8, link.Collection);
                    writer.WriteStartArray("external_ids"u8);
                    link.WriteLink(writer);
                    writer.WriteEndArray();
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );
    }

    private async Task<Outcome<ImmutableArray<SegmentExternalId>>> Find(HttpContext context)
    {
        Outcome<SegmentRequest> request = SegmentRequest.Read(context);
        if (!request.Succeeded)
        {
            return request.Refusal;
        }

        Outcome<int> limit = QueryValues.Limit(request.Value.Query, LimitMax, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        return request.Value.Accounts
            ? await FindUsers(request.Value, limit.Value)
            : await FindAccounts(request.Value, limit.Value);
    }

    private async Task<Outcome<ImmutableArray<SegmentExternalId>>> FindUsers(SegmentRequest request, int limit)
    {
        Outcome<VisibleAccount> account = await request.FindAccount(access, limit);
        return account.Succeeded
            ? account.Value.Members.Select(SegmentExternalId.OfMember).ToImmutableArray()
            : account.Refusal;
    }

    private async Task<Outcome<ImmutableArray<SegmentExternalId>>> FindAccounts(SegmentRequest request, int limit)
    {
        Outcome<VisibleProfile> user = await access.GetParts(request.Asker, request.Identifier);
        return user.Succeeded
            ? user
                .Value.Accounts.Take(limit)
                .Select(link => SegmentExternalId.OfAccount(link.GroupId, link.FirstAt))
                .ToImmutableArray()
            : user.Refusal;
    }
}
