using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Api.Privacy;

/// <summary><c>/v1/privacy/requests</c>: what persons ask about their data.</summary>
internal sealed class PrivacyHandler(
    IGrainFactory grains,
    EnvelopeReader reader,
    PrivacyPackage package,
    ProfileAccess access,
    IPolicy<ConsentPolicy> consent,
    TimeProvider time
)
{
    private const int SecretBytes = 32;

    /// <summary>How long a link leads anywhere.</summary>
    private static readonly TimeSpan s_linkTime = TimeSpan.FromDays(7);

    private const string RequestId = "requestId";
    private const int IdLength = 34;
    private const int LimitDefault = 50;
    private const int LimitMax = 200;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Takes a request. The same client id again is answered with the request that it was taken as.</summary>
    public async Task Begin(HttpContext context)
    {
        Outcome<PrivacyBody> body = await PrivacyBody.Read(context.Request);
        if (!body.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, body.Refusal);
            return;
        }

        Outcome<ImmutableArray<Identifier>> identifiers = Normalize(body.Value.Identifiers);
        if (!identifiers.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, identifiers.Refusal);
            return;
        }

        string by = Caller.Of(context).Name;
        Outcome<PrivacyRequestAsk> ask = AskOf(body.Value, identifiers.Value, by);
        if (!ask.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, ask.Refusal);
            return;
        }

        string id = body.Value.ClientId is { } clientId
            ? IdFor(by, clientId)
            : "p_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        if (await grains.GetGrain<IPrivacyRequestGrain>(id).Begin(ask.Value) is not { } request)
        {
            await ProblemWriter.WriteAsync(context, new PrivacyRequestDiffers());
            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Location = $"/v1/privacy/requests/{request.Id}";
        await Answer(context, request);
    }

    public async Task Get(HttpContext context)
    {
        PrivacyRequestView? request = Find(context) is { } grain ? await grain.Get() : null;
        await Answer(context, request);
    }

    public async Task List(HttpContext context)
    {
        Outcome<int> limit = QueryValues.Limit(context.Request.Query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, limit.Refusal);
            return;
        }

        string? cursor = QueryValues.Single(context.Request.Query, "cursor");
        if (cursor is not null && !IsId(cursor))
        {
            await ProblemWriter.WriteAsync(
                context,
                new ParameterInvalid("cursor", "it must be the 'next' of a page before")
            );
            return;
        }

        ImmutableArray<PrivacyRequestView> page = await grains
            .GetGrain<IPrivacyGrain>(GrainKeys.Current)
            .List(cursor ?? "", limit.Value);
        var asker = Asker.Of(Caller.Of(context));
        context.Response.MarkUnstored();
        await JsonAnswer.Write(
            context.Response,
            writer =>
                PrivacyAnswer.WritePage(
                    writer,
                    [.. page.Select(one => access.Show(asker, one))],
                    page.Length == limit.Value ? page[^1].Id : null
                )
        );
    }

    public async Task Cancel(HttpContext context)
    {
        PrivacyRequestView? request = Find(context) is { } grain ? await grain.Cancel(Caller.Of(context).Name) : null;
        if (request is { Status: not PrivacyRequestStatus.Cancelled })
        {
            await ProblemWriter.WriteAsync(context, new PrivacyRequestBegun());
            return;
        }

        await Answer(context, request);
    }

    /// <summary>Says who is meant, where that was asked.</summary>
    public async Task Decide(HttpContext context)
    {
        Outcome<ImmutableArray<string>> customers = await PrivacyBody.ReadTexts(
            context.Request,
            "customerIds",
            countMin: 0
        );
        if (!customers.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, customers.Refusal);
            return;
        }

        IPrivacyRequestGrain? grain = Find(context, ":decide");
        PrivacyRequestView? request = grain is null ? null : await grain.Get();
        if (request is { Status: not PrivacyRequestStatus.NeedsDecision })
        {
            await ProblemWriter.WriteAsync(context, new PrivacyNothingToDecide());
            return;
        }

        if (
            request is not null
            && customers.Value.Any(one => request.Candidates.All(candidate => candidate.CustomerId != one))
        )
        {
            await ProblemWriter.WriteAsync(context, new PrivacyNotACandidate());
            return;
        }

        await Answer(context, request is null ? null : await grain!.Decide(customers.Value, Caller.Of(context).Name));
    }

    /// <summary>Lifts a restriction, or lets a person come back who was erased.</summary>
    public async Task Lift(HttpContext context)
    {
        if (
            Find(context, ":lift") is { } restricting
            && await restricting.Get() is { Kind: PrivacyRequestKind.Restriction }
        )
        {
            if (!await restricting.LiftRestriction(Caller.Of(context).Name))
            {
                await ProblemWriter.WriteAsync(context, new PrivacyNotErased());
                return;
            }

            await Answer(context, await restricting.Get());
            return;
        }

        Outcome<ImmutableArray<string>> texts = await PrivacyBody.ReadTexts(
            context.Request,
            "identifiers",
            countMin: 1
        );
        Outcome<ImmutableArray<Identifier>> identifiers = texts.Succeeded ? Normalize(texts.Value) : texts.Refusal;
        if (!identifiers.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, identifiers.Refusal);
            return;
        }

        IPrivacyRequestGrain? grain = Find(context, ":lift");
        if (grain is not null && await grain.Get() is not null)
        {
            if (!await grain.Lift(identifiers.Value, Caller.Of(context).Name))
            {
                await ProblemWriter.WriteAsync(context, new PrivacyNotErased());
                return;
            }

            await Answer(context, await grain.Get());
            return;
        }

        await Answer(context, null);
    }

    /// <summary>Makes a link to the package, for the person alone. It is shown once, and leads there once.</summary>
    public async Task Link(HttpContext context)
    {
        IPrivacyRequestGrain? grain = Find(context, ":link");
        if (grain is null || await grain.Get() is not { } request)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("privacy request"));
            return;
        }

        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        DateTimeOffset until = time.GetUtcNow() + s_linkTime;
        if (!await grain.Link(HashOf(secret), until, Caller.Of(context).Name))
        {
            await ProblemWriter.WriteAsync(context, new PrivacyNoPackage());
            return;
        }

        context.Response.MarkUnstored();
        await JsonAnswer.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("path"u8, $"/v1/privacy/packages/{request.Id}/{secret}");
                writer.WriteTime("until"u8, until);
                writer.WriteEndObject();
            }
        );
    }

    /// <summary>Hands the package out, once for each link. Who asks needs no key: the link is the key.</summary>
    public async Task Fetch(HttpContext context)
    {
        if (context.IsHead())
        {
            // Whoever looks whether a link is good (a mail scanner, a preview) must not use it up.
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Get;
            return;
        }

        string secret = PathValues.Value(context, "secret") ?? "";
        bool isSecret = secret.Length == 2 * SecretBytes && secret.AsSpan().IndexOfAnyExcept(s_digits) < 0;
        IPrivacyRequestGrain? grain = isSecret ? Find(context) : null;
        if (grain is null || await grain.Redeem(HashOf(secret)) is not { } grant)
        {
            // A link that never was, one that is used up and one that is too old look alike.
            await ProblemWriter.WriteAsync(context, new NotFound("package"));
            return;
        }

        context.Response.MarkUnstored();
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"your-data.zip\"";
        await package.WriteAsync(context.Response.BodyWriter, grant, context.RequestAborted);
    }

    /// <summary>What the request's grain is asked; a refusal where what the person wants is not possible as it stands.</summary>
    private Outcome<PrivacyRequestAsk> AskOf(PrivacyBody body, ImmutableArray<Identifier> identifiers, string by)
    {
        var ask = new PrivacyRequestAsk(body.Kind, identifiers, by, body.ClientId);
        switch (body.Kind)
        {
            case PrivacyRequestKind.Objection:
                PolicyInForce<ConsentPolicy> inForce = consent.InForce;
                ConsentPolicy policy = inForce.Body.Base;
                ImmutableArray<string> purposes = body.Purposes.IsEmpty
                    ? [.. policy.Purposes.Where(purpose => purpose.IsObjectedTo).Select(purpose => purpose.Name)]
                    : [.. body.Purposes.Distinct(StringComparer.Ordinal)];
                return purposes.Any(purpose => policy.Find(purpose) is null)
                        ? new PrivacyPurposeUnknown(string.Join(", ", policy.Purposes.Select(purpose => purpose.Name)))
                    : purposes.IsEmpty ? new PrivacyNoPurposes()
                    : ask with { Purposes = purposes, PolicyVersion = inForce.Body.Version };
            case PrivacyRequestKind.Rectification:
                Outcome<Envelope> correction = reader.Read(
                    new Correction("p_trial", identifiers[0], body.TraitsJson, time.GetUtcNow())
                );
                return !correction.Succeeded ? correction.Refusal
                    : correction.Value.Identifiers.Length > 1 ? new PrivacyTraitIdentifies()
                    : ask with { TraitsJson = body.TraitsJson };
            default:
                return ask;
        }
    }

    private static string HashOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    private async Task Answer(HttpContext context, PrivacyRequestView? request)
    {
        if (request is null)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("privacy request"));
            return;
        }

        context.Response.MarkUnstored();
        PrivacyRequestView shown = access.Show(Asker.Of(Caller.Of(context)), request);
        ImmutableArray<OpenDsrReceiver> receivers = request.OpenDsr is { CallbackUrls.IsEmpty: false }
            ? await grains.GetGrain<IOpenDsrCallbackGrain>(request.Id).Get()
            : [];
        await JsonAnswer.Write(context.Response, writer => PrivacyAnswer.Write(writer, shown, receivers));
    }

    private Outcome<ImmutableArray<Identifier>> Normalize(ImmutableArray<string> texts)
    {
        var identifiers = ImmutableArray.CreateBuilder<Identifier>(texts.Length);
        foreach (string text in texts)
        {
            if (
                !Identifier.TryParse(text, out Identifier asked)
                || reader.Normalize(asked.Type, asked.Value) is not { } identifier
            )
            {
                return new IdentifierMalformed();
            }

            identifiers.Add(identifier);
        }

        return identifiers.MoveToImmutable();
    }

    /// <summary>Of a client's id always the same, and of each key its own: so nobody finds out what another has asked.</summary>
    internal static string IdFor(string by, string clientId) =>
        "p_"
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"privacy\0{by}\0{clientId}")).AsSpan(0, 16));

    /// <summary>Null where it is no request's id: such a name activates nothing.</summary>
    private IPrivacyRequestGrain? Find(HttpContext context, string suffix = "")
    {
        string id = PathValues.Value(context, RequestId, suffix) ?? "";
        return IsId(id) ? grains.GetGrain<IPrivacyRequestGrain>(id) : null;
    }

    private static bool IsId(string id) =>
        id.Length == IdLength
        && id.StartsWith("p_", StringComparison.Ordinal)
        && id.AsSpan(2).IndexOfAnyExcept(s_digits) < 0;
}
