using System.Security.Cryptography;
using System.Text;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Segment;

/// <summary><c>…/external_ids</c>: the identifiers of a profile and the messages that brought them.</summary>
internal sealed class SegmentExternalIds(ProfileAccess access)
{
    private const int LimitDefault = 25;
    private const int LimitMax = 100;

    public async Task Get(HttpContext context)
    {
        Outcome<SegmentRequest> request = SegmentRequest.Read(context);
        Outcome<Page> page = request.Succeeded ? await Find(request.Value) : request.Refusal;
        if (!page.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, page.Refusal);
            return;
        }

        context.Response.MarkPrivate();
        await JsonAnswer.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("data"u8);
                foreach (SegmentExternalId id in page.Value.Ids)
                {
                    id.Write(writer);
                }

                writer.WriteEndArray();
                page.Value.Cursor.Write(writer);
                writer.WriteEndObject();
            }
        );
    }

    private async Task<Outcome<Page>> Find(SegmentRequest request)
    {
        Outcome<int> limit = QueryValues.Limit(request.Query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        // Every entry has all its fields already: verbose adds nothing, but must be well written.
        Outcome<bool> verbose = QueryValues.Flag(request.Query, "verbose");
        if (!verbose.Succeeded)
        {
            return verbose.Refusal;
        }

        return request.Accounts ? await FindAccount(request, limit.Value) : await FindUser(request, limit.Value);
    }

    private async Task<Outcome<Page>> FindAccount(SegmentRequest request, int limit)
    {
        Outcome<VisibleAccount> account = await request.FindAccount(access, memberLimit: 1);
        if (!account.Succeeded)
        {
            return account.Refusal;
        }

        string groupId = account.Value.GroupId;
        return Turn(request, groupId, [SegmentExternalId.OfAccount(groupId, createdAt: null)], limit);
    }

    private async Task<Outcome<Page>> FindUser(SegmentRequest request, int limit)
    {
        Outcome<VisibleProfile> user = await access.GetParts(request.Asker, request.Identifier);
        return user.Succeeded
            ? Turn(request, user.Value.CustomerId, SegmentExternalId.OfUser(user.Value), limit)
            : user.Refusal;
    }

    private static Outcome<Page> Turn(
        SegmentRequest request,
        string owner,
        IEnumerable<SegmentExternalId> ids,
        int limit
    )
    {
        HashSet<string>? types = request.Names("include");
        List<SegmentExternalId> all = [.. ids.Where(id => types is null || types.Contains(id.Type))];
        int first = 0;
        if (QueryValues.Single(request.Query, "next") is { } next)
        {
            first = all.FindIndex(id => string.Equals(MarkOf(id), next, StringComparison.Ordinal));
            if (first < 0)
            {
                return new ParameterInvalid("next", "it must be the 'next' of a page before");
            }
        }

        int end = Math.Min(first + limit, all.Count);
        string? behind = end < all.Count ? MarkOf(all[end]) : null;
        return new Page(all[first..end], new SegmentCursor(request.Url("external_ids", owner), behind, limit));
    }

    /// <summary>Names an entry in a cursor without telling the identifier.</summary>
    private static string MarkOf(SegmentExternalId id)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{id.Type}:{id.Id}"));
        return $"map_{Convert.ToHexStringLower(hash.AsSpan(0, 10))}";
    }

    private sealed record Page(IReadOnlyList<SegmentExternalId> Ids, SegmentCursor Cursor);
}
