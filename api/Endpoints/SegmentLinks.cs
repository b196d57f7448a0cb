using System.Collections.Immutable;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary><c>…/links</c>: a user's accounts, or an account's users. As at Segment 20 at most, without a cursor.</summary>
/// <remarks><c>GET /v1/accounts/{groupId}</c> pages through all the users of an account.</remarks>
internal sealed class SegmentLinks(ProfilesDirectory directory, IGrainFactory grains)
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

        await ProfilesJson.Write(
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

        Outcome<int> limit = ProfilesQuery.Limit(request.Value.Query, LimitMax, LimitMax);
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
        Outcome<AccountReply> account = await SegmentAccounts.Find(grains, request, limit);
        return account.Succeeded
            ? account.Value.Members.Select(SegmentExternalId.OfMember).ToImmutableArray()
            : account.Refusal;
    }

    private async Task<Outcome<ImmutableArray<SegmentExternalId>>> FindAccounts(SegmentRequest request, int limit)
    {
        Outcome<Answer<ProfileViewReply>> user = await directory.GetView(request.Identifier);
        return user.Succeeded
            ? user
                .Value.Reply.View!.Fold.Accounts.Take(limit)
                .Select(link => SegmentExternalId.OfAccount(link.GroupId, link.FirstAt))
                .ToImmutableArray()
            : user.Refusal;
    }
}
