using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Access;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Segment;

/// <summary><c>…/traits</c>: names and values by name, 10 or up to 200 a page.</summary>
internal sealed class SegmentTraits(ProfileAccess access)
{
    private const int LimitDefault = 10;
    private const int LimitMax = 200;

    public async Task Get(HttpContext context)
    {
        Outcome<Asked> asked = Read(context);
        Outcome<Found> found = asked.Succeeded ? await Find(asked.Value.Request) : asked.Refusal;
        if (!found.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, found.Refusal);
            return;
        }

        await Answer(context, asked.Value!, found.Value);
    }

    private static Outcome<Asked> Read(HttpContext context)
    {
        Outcome<SegmentRequest> request = SegmentRequest.Read(context);
        if (!request.Succeeded)
        {
            return request.Refusal;
        }

        IQueryCollection query = request.Value.Query;
        Outcome<int> limit = QueryValues.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        Outcome<bool> verbose = QueryValues.Flag(query, "verbose");
        if (!verbose.Succeeded)
        {
            return verbose.Refusal;
        }

        return QueryValues.Single(query, "class") is null or "audience" or "computed_trait"
            ? new Asked(request.Value, limit.Value, verbose.Value)
            : new ParameterInvalid("class", "it must be audience or computed_trait");
    }

    private async Task<Outcome<Found>> Find(SegmentRequest request)
    {
        if (!request.Accounts)
        {
            Outcome<VisibleProfile> user = await access.GetParts(request.Asker, request.Identifier);
            return user.Succeeded ? new Found(user.Value.CustomerId, SegmentTrait.OfUser(user.Value)) : user.Refusal;
        }

        Outcome<VisibleAccount> account = await request.FindAccount(access, memberLimit: 1);
        return account.Succeeded
            ? new Found(account.Value.GroupId, SegmentTrait.OfAccount(account.Value.TraitsJson))
            : account.Refusal;
    }

    private static Task Answer(HttpContext context, Asked asked, Found found)
    {
        List<SegmentTrait> traits = Select(asked.Request, found.Traits);
        string? next = traits.Count > asked.Limit ? traits[asked.Limit].Name : null;
        var cursor = new SegmentCursor(asked.Request.Url("traits", found.Owner), next, asked.Limit);
        context.Response.MarkPrivate();
        return JsonAnswer.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("traits"u8);
                foreach (SegmentTrait trait in traits.Take(asked.Limit))
                {
                    writer.WritePropertyName(trait.Name);
                    Write(writer, trait, asked.Verbose);
                }

                writer.WriteEndObject();
                cursor.Write(writer);
                writer.WriteEndObject();
            }
        );
    }

    /// <summary>
    /// Traits from the page's first name on. As at Segment, a page's <c>next</c> is the name of the trait that it
    /// begins with. Nothing is an audience or a computed trait yet, so either class selects none.
    /// </summary>
    private static List<SegmentTrait> Select(SegmentRequest request, IEnumerable<SegmentTrait> traits)
    {
        if (QueryValues.Single(request.Query, "class") is not null)
        {
            return [];
        }

        HashSet<string>? include = request.Names("include");
        string? first = QueryValues.Single(request.Query, "next");
        return
        [
            .. traits
                .Where(trait => include is null || include.Contains(trait.Name))
                .Where(trait => first is null || string.CompareOrdinal(trait.Name, first) >= 0)
                .OrderBy(trait => trait.Name, StringComparer.Ordinal),
        ];
    }

    private static void Write(Utf8JsonWriter writer, SegmentTrait trait, bool verbose)
    {
        if (!verbose)
        {
            writer.WriteRawValue(trait.ValueJson.Span, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WritePropertyName("value"u8);
        writer.WriteRawValue(trait.ValueJson.Span, skipInputValidation: true);
        writer.WriteString("source_id"u8, trait.Source);
        if (trait.At is { } at)
        {
            writer.WriteTime("updated_at"u8, at);
        }
        else
        {
            writer.WriteNull("updated_at"u8);
        }

        writer.WriteEndObject();
    }

    private sealed record Asked(SegmentRequest Request, int Limit, bool Verbose);

    /// <param name="Owner">The customer's id or the group id.</param>
    private sealed record Found(string Owner, IReadOnlyList<SegmentTrait> Traits);
}
