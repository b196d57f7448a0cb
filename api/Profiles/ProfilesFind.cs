using System.Globalization;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Profiles;

/// <summary><c>POST /v1/profiles:find</c>: people by their names.</summary>
internal sealed class ProfilesFind(ProfileAccess access, CallerCursors cursors)
{
    public async Task<Results<Answer<FoundProfilesAnswer>, ProblemResult>> Find(HttpContext context)
    {
        Outcome<ProfilesFindBody> body = await ProfilesFindBody.ReadAsync(context.Request);
        Outcome<FoundProfilesAnswer> found = body.Succeeded
            ? await FindPage(Asker.Of(context), body.Value)
            : body.Refusal;
        if (!found.Succeeded)
        {
            return new ProblemResult(found.Refusal);
        }

        context.Response.MarkUnstored();
        return new Answer<FoundProfilesAnswer>(found.Value);
    }

    /// <summary>A page of people, as far as the caller may see them.</summary>
    public async Task<Outcome<FoundProfilesAnswer>> FindPage(Asker asker, ProfilesFindBody body)
    {
        NamesPlace? after = null;
        if (body.Cursor is { } cursor && (after = Read(asker, cursor)) is null)
        {
            return new ParameterInvalid("cursor", "it must be the 'next' of a page before");
        }

        Outcome<FoundPeople> people = await access.FindPeople(asker, body.Query, after, body.Limit);
        return people.Succeeded
            ? new FoundProfilesAnswer(
                [.. people.Value.People.Select(FoundProfileAnswer.From)],
                people.Value.Next is { } next ? Write(asker, next) : null
            )
            : people.Refusal;
    }

    /// <summary>The place is a word of somebody's name, so it is sealed for every caller.</summary>
    private string Write(Asker asker, NamesPlace place) =>
        cursors.Write(
            asker,
            string.Create(CultureInfo.InvariantCulture, $"{place.Lead} {place.CustomerId} {place.Word}"),
            isSeen: false
        );

    private NamesPlace? Read(Asker asker, string cursor) =>
        cursors.Read(asker, cursor)?.Split(' ', 3) is [var lead, var customerId, var word]
        && int.TryParse(lead, NumberStyles.None, CultureInfo.InvariantCulture, out int place)
            ? new NamesPlace(place, word, customerId)
            : null;
}
