using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Customer360.Api.Quarantine;

/// <summary><c>/v1/quarantine/identifiers</c>: identifiers that came with too many anchors.</summary>
internal sealed class QuarantineIdentifiers(ProfileAccess access, CallerCursors cursors)
{
    private const string ReleaseSuffix = ":release";

    /// <summary>A page.</summary>
    public async Task<Results<Answer<QuarantinedIdentifiersAnswer>, ProblemResult>> List(
        HttpContext context,
        PageAsked asked
    )
    {
        if (!asked.Limit.Succeeded)
        {
            return new ProblemResult(asked.Limit.Refusal);
        }

        var asker = Asker.Of(context);
        QuarantineCursors.IdentifierPlace? place = new(0, null);
        if (asked.Cursor is { } cursor)
        {
            place = cursors.Read(asker, cursor) is { } own ? QuarantineCursors.ReadIdentifier(own) : null;
        }

        if (place is null)
        {
            return new ProblemResult(new ParameterInvalid("cursor", "it must be the 'next' of a page before"));
        }

        Outcome<HeldIdentifiers> page = await access.ListHeldIdentifiers(asker, place, asked.Limit.Value);
        if (!page.Succeeded)
        {
            return new ProblemResult(page.Refusal);
        }

        context.Response.MarkUnstored();
        return new Answer<QuarantinedIdentifiersAnswer>(
            new(
                [.. page.Value.Identifiers.Select(QuarantinedIdentifierAnswer.From)],
                page.Value.Last is { } last ? cursors.Write(asker, last.ToString(), page.Value.IsSeenWhole) : null
            )
        );
    }

    /// <summary>Ends a quarantine. The identifier links again, and its degree starts anew.</summary>
    public async Task<Results<Answer<QuarantinedIdentifierAnswer>, ProblemResult>> Release(HttpContext context)
    {
        string? text = PathValues.InRegion(context, ReleaseSuffix);
        Outcome<HeldIdentifier> released = await access.ReleaseIdentifier(Asker.Of(context), text);
        if (!released.Succeeded)
        {
            return new ProblemResult(released.Refusal);
        }

        context.Response.MarkUnstored();
        return new Answer<QuarantinedIdentifierAnswer>(
            QuarantinedIdentifierAnswer.From(released.Value) with
            {
                Released = true,
            }
        );
    }
}
