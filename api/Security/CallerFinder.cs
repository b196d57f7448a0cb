using Customer360.Api.Problems;
using Customer360.Api.Security.Tokens;
using Customer360.Rules.Access;
using Customer360.Rules.Keys;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Security;

/// <summary>
/// Finds out who calls: by a key of the settings, by one that the grid keeps, or by a token. Every way in goes through it, so
/// that what is refused looks the same everywhere.
/// </summary>
public sealed class CallerFinder(
    ApiKeys settings,
    StoredKeys stored,
    TokenCallers tokens,
    WrongKeys wrongKeys,
    FailedCallers failed
)
{
    private const int OutageRetrySeconds = 1;

    /// <summary>Who shows what in the <c>Authorization</c> header. Of a key it answers at once; a token may have to wait for its issuer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mayBeStale">True of collect: see <see cref="StoredKeys"/>.</param>
    public ValueTask<FoundCaller> Find(HttpContext context, bool mayBeStale = false) =>
        tokens.ShowsToken(context) ? tokens.Find(context) : ValueTask.FromResult(FindKey(context, mayBeStale));

    /// <summary>The same where a token is not looked for.</summary>
    public FoundCaller FindKey(HttpContext context, bool mayBeStale = false)
    {
        string? header = context.Request.Headers.Authorization;
        Span<byte> buffer = stackalloc byte[PresentedKey.LengthMax];
        return header is null ? FoundCaller.Nobody : Look(context, PresentedKey.Read(header, buffer), mayBeStale);
    }

    /// <summary>Whose key a text is that did not come in the header: in a body, or in a path.</summary>
    public FoundCaller FindText(HttpContext context, string? text, bool mayBeStale = false)
    {
        Span<byte> buffer = stackalloc byte[PresentedKey.LengthMax];
        return text is null ? FoundCaller.Nobody : Look(context, PresentedKey.ReadText(text, buffer), mayBeStale);
    }

    /// <summary>
    /// Why a request is refused whose caller was not found. Wrong keys are counted by where they come from, and for the audit log. Who shows
    /// nothing has not tried to be somebody, and that a key can't be looked up now is no failure of the caller's.
    /// </summary>
    public Refusal Refuse(HttpContext context, FoundCaller found)
    {
        if (found.Refusal is not KeyUnknown)
        {
            return found.Refusal ?? new KeyMissing();
        }

        Refusal refusal = wrongKeys.Refuse(context);
        failed.Add(tokens.ShowsToken(context) ? FailedCallers.TokenWay : FailedCallers.KeyWay, refusal.Code);
        return refusal;
    }

    /// <summary>The caller who must have a role; else why the request is refused.</summary>
    public Outcome<ApiKey> Require(HttpContext context, FoundCaller found, Roles role) =>
        found.Key is not { } key ? Refuse(context, found)
        : key.May(role) ? key
        : new RoleMissing();

    private FoundCaller Look(HttpContext context, ReadOnlySpan<byte> text, bool mayBeStale)
    {
        if (KeyText.TryReadId(text, out ReadOnlySpan<byte> id))
        {
            StoredMatch match = stored.Find(text, id, context, mayBeStale, out ApiKey? found);
            if (match == StoredMatch.Found)
            {
                return FoundCaller.Of(found!);
            }

            // It may have been made a moment ago, or revoked. Senders throw away what is answered 401; so not that.
            if (match == StoredMatch.NotKnown)
            {
                return settings.Find(text) is { } known
                    ? FoundCaller.Of(known)
                    : FoundCaller.Of(new Unavailable(OutageRetrySeconds));
            }
        }

        return settings.Find(text) is { } key ? FoundCaller.Of(key) : FoundCaller.Of(new KeyUnknown());
    }
}
