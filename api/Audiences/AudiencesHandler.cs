using System.Collections.Immutable;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.HttpResults;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Audiences;

/// <summary>Audiences: which there are, how large, who is in them, and why.</summary>
/// <remarks>Sizes tell nothing of one person; whoever is in one, and why, goes through the gate.</remarks>
internal sealed class AudiencesHandler(
    IGrainFactory grains,
    ProfileAccess access,
    IPolicy<AudiencePolicy> policy,
    CallerCursors cursors
)
{
    private static readonly Refusal s_notFound = new NotFound("audience");

    private IAudienceListGrain Members => grains.GetGrain<IAudienceListGrain>(0);

    public async Task<Answer<AudiencesAnswer>> List() => new(await FindAll());

    /// <summary>All audiences with their sizes.</summary>
    public async Task<AudiencesAnswer> FindAll()
    {
        await grains.GetGrain<IAudienceSizesGrain>(GrainKeys.Current).Begin();
        AudiencePolicy current = policy.Current;
        ImmutableArray<AudienceCount> sizes = await Members.ReadSizes();
        return new AudiencesAnswer(
            current.Version,
            [
                .. current
                    .Audiences.OrderBy(audience => audience.Name, StringComparer.Ordinal)
                    .Select(audience => AnswerOf(audience, sizes)),
            ],
            [.. current.Traits.Keys.Order(StringComparer.Ordinal)]
        );
    }

    public async Task<Results<Answer<AudienceAnswer>, ProblemResult>> Get(string name) =>
        policy.Current.Find(name) is { } audience
            ? new Answer<AudienceAnswer>(AnswerOf(audience, await Members.ReadSizes()))
            : new ProblemResult(s_notFound);

    public async Task<Results<Answer<AudienceSizeAnswer>, ProblemResult>> GetSize(string name) =>
        Of(await FindSize(name));

    /// <summary>How large an audience is and was.</summary>
    public async Task<Outcome<AudienceSizeAnswer>> FindSize(string name)
    {
        if (policy.Current.Find(name) is null)
        {
            return s_notFound;
        }

        ImmutableArray<AudienceCount> sizes = await Members.ReadSizes();
        ImmutableArray<AudienceSample> samples = await grains
            .GetGrain<IAudienceSizesGrain>(GrainKeys.Current)
            .Get(name);
        return new AudienceSizeAnswer(
            name,
            sizes.FirstOrDefault(size => size.Audience == name)?.Members ?? 0,
            [.. samples.Select(sample => new AudienceSampleAnswer(sample.At.UtcDateTime, sample.Members))]
        );
    }

    public async Task<Results<Answer<AudienceOverlapAnswer>, ProblemResult>> GetOverlap(string name, string other) =>
        Of(await FindOverlap(name, other));

    /// <summary>How far two audiences are the same people.</summary>
    public async Task<Outcome<AudienceOverlapAnswer>> FindOverlap(string name, string other)
    {
        if (policy.Current.Find(name) is null || policy.Current.Find(other) is null)
        {
            return s_notFound;
        }

        ImmutableArray<AudienceCount> sizes = await Members.ReadSizes();
        long one = sizes.FirstOrDefault(size => size.Audience == name)?.Members ?? 0;
        long two = sizes.FirstOrDefault(size => size.Audience == other)?.Members ?? 0;
        long both = await Members.CountBoth(name, other);
        // The three were counted one after the other, so "both" may be a little ahead.
        long either = Math.Max(one + two - both, both);
        return new AudienceOverlapAnswer(
            name,
            one,
            other,
            two,
            both,
            either == 0 ? 0 : Math.Round((double)both / either, 4)
        );
    }

    public async Task<Results<Answer<AudienceMembersAnswer>, ProblemResult>> ListMembers(
        string name,
        HttpContext context,
        PageAsked page
    )
    {
        if (policy.Current.Find(name) is not { } audience)
        {
            return new ProblemResult(s_notFound);
        }

        if (!page.Limit.Succeeded)
        {
            return new ProblemResult(page.Limit.Refusal);
        }

        var asker = Asker.Of(context);
        string after = "";
        if (page.Cursor is { } cursor)
        {
            string[] of = cursors.Read(asker, cursor)?.Split('/', 2) ?? [];
            after = of is [var audienceOf, var last] && audienceOf == name ? last : "";
            if (!CustomerId.IsValid(after))
            {
                return new ProblemResult(new ParameterInvalid("cursor", "it must be the 'next' of a page before"));
            }
        }

        Outcome<AudiencePage> found = await access.ListMembers(asker, audience, after, page.Limit.Value);
        if (!found.Succeeded)
        {
            return new ProblemResult(found.Refusal);
        }

        context.Response.MarkUnstored();
        return new Answer<AudienceMembersAnswer>(
            new(
                name,
                [
                    .. found.Value.Members.Select(member => new AudienceMemberAnswer(
                        member.CustomerId,
                        member.Since.UtcDateTime,
                        member.IsHeldOut
                    )),
                ],
                // The last of a page may be somebody of whom the caller sees nothing, not even that she is there.
                found.Value.Next
                    is { } next
                    ? cursors.Write(asker, $"{name}/{next}", isSeen: false)
                    : null
            )
        );
    }

    public async Task<Results<Answer<AudienceWhyAnswer>, ProblemResult>> Explain(string name, HttpContext context)
    {
        Outcome<AudienceWhyAnswer> found = await FindWhy(Asker.Of(context), PathValues.InRegion(context), name);
        if (found.Succeeded)
        {
            context.Response.MarkUnstored();
        }

        return Of(found);
    }

    /// <summary>Why a person is in an audience or not.</summary>
    public async Task<Outcome<AudienceWhyAnswer>> FindWhy(Asker asker, string? identifier, string name)
    {
        if (policy.Current.Find(name) is not { } audience)
        {
            return s_notFound;
        }

        Outcome<CustomerAnswer<AudienceWhyReply>> found = await access.ExplainAudience(asker, identifier, name);
        if (!found.Succeeded)
        {
            return found.Refusal;
        }

        AudienceWhyReply why = found.Value.Reply;
        return new AudienceWhyAnswer
        {
            Audience = name,
            CustomerId = found.Value.CustomerId,
            IsMember = why.Membership is not null,
            Since = why.Membership?.Since.UtcDateTime,
            Cause = why.Membership?.Cause,
            IsHeldOut = why.Membership is not null && AudienceRules.IsHeldOut(audience, found.Value.CustomerId),
            ChangesAt = why.ChangesAt?.UtcDateTime,
            IsToBeCounted = why.IsToBeCounted,
            If = new RawJson<ConditionAnswer>(why.TraceJson),
        };
    }

    private static Results<Answer<T>, ProblemResult> Of<T>(Outcome<T> found)
        where T : class => found.Succeeded ? new Answer<T>(found.Value) : new ProblemResult(found.Refusal);

    private static AudienceAnswer AnswerOf(AudienceDefinition audience, ImmutableArray<AudienceCount> sizes)
    {
        AudienceCount? size = sizes.FirstOrDefault(one => one.Audience == audience.Name);
        return new AudienceAnswer
        {
            Name = audience.Name,
            Description = audience.Description,
            Owner = new AudienceOwnerAnswer(audience.Owner.Team, audience.Owner.Contact),
            Purpose = audience.Purpose,
            FreshnessSeconds = (long)audience.Freshness.TotalSeconds,
            MinimumStaySeconds = (long)audience.MinimumStay.TotalSeconds,
            HoldoutPercent = audience.HoldoutPercent,
            Definition = audience.Hash,
            Members = size?.Members ?? 0,
            HeldOut = size?.HeldOut ?? 0,
        };
    }
}
