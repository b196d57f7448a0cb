using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Api.Privacy.OpenDsr;

/// <summary><c>/opendsr/v2</c>: requests of persons as controllers send them, and what they are answered, signed.</summary>
internal sealed class OpenDsrHandler(
    OpenDsrProcessor processor,
    IGrainFactory grains,
    EnvelopeReader reader,
    TimeProvider time
)
{
    internal const string RequestId = "subjectRequestId";

    private static readonly BodyLimits s_limits = new(64 * 1024, TimeSpan.FromSeconds(30));

    /// <summary>What this processor supports. Nothing of it is anybody's, so it is not signed.</summary>
    public async Task Discover(HttpContext context)
    {
        if (!processor.IsOn)
        {
            await Refuse(context, new OpenDsrIsOff());
            return;
        }

        var certificate = new Uri(processor.Address, $"{OpenDsrEndpoints.Root[1..]}/certificate");
        byte[] body = OpenDsrText.Discovery(certificate, type => reader.Rules.Find(type) is not null);
        context.Response.Headers.CacheControl = "public, max-age=300";
        await Write(context, "application/json", body);
    }

    /// <summary>The certificate by which signatures are checked.</summary>
    public async Task GetCertificate(HttpContext context)
    {
        if (!processor.IsOn)
        {
            await Refuse(context, new OpenDsrIsOff());
            return;
        }

        context.Response.Headers.CacheControl = "public, max-age=300";
        await Write(
            context,
            "application/pem-certificate-chain",
            System.Text.Encoding.ASCII.GetBytes(processor.CertificatePem)
        );
    }

    /// <summary>Takes a request. The same body again is answered as before; another one of the same id is refused.</summary>
    public async Task Create(HttpContext context)
    {
        if (!processor.IsOn)
        {
            await Refuse(context, new OpenDsrIsOff());
            return;
        }

        Outcome<RequestBody> sent = await RequestBody.ReadAsync(context.Request, s_limits, time);
        if (!sent.Succeeded)
        {
            await Refuse(context, sent.Refusal);
            return;
        }

        using RequestBody body = sent.Value;
        Outcome<OpenDsrRequest> asked = Read(body.Bytes);
        Outcome<ImmutableArray<Identifier>> identifiers = asked.Succeeded
            ? Normalize(asked.Value.Identities)
            : asked.Refusal;
        if (!identifiers.Succeeded)
        {
            await Refuse(context, identifiers.Refusal);
            return;
        }

        string by = Caller.Of(context).Name;
        var ask = new PrivacyRequestAsk(KindOf(asked.Value!.Type), identifiers.Value, by, asked.Value.Id)
        {
            OpenDsr = new OpenDsrAsk(
                asked.Value.Regulation,
                Convert.ToHexStringLower(SHA256.HashData(body.Bytes.Span)),
                asked.Value.CallbackUrls
            ),
        };
        if (await GrainOf(by, asked.Value.Id).BeginOpenDsr(ask) is not { OpenDsr: { } openDsr } request)
        {
            await Refuse(context, new PrivacyRequestDiffers());
            return;
        }

        OpenDsrStanding standing = request.StandingAt(openDsr.Status, processor);
        context.Response.Headers.Location = $"{OpenDsrEndpoints.Root}/requests/{standing.RequestId}";
        await Answer(
            context,
            StatusCodes.Status201Created,
            OpenDsrText.Received(standing, request.AskedAt, body.Bytes.Span)
        );
    }

    public async Task GetStatus(HttpContext context)
    {
        PrivacyRequestView? request = Find(context) is { } grain ? await grain.Get() : null;
        if (request?.OpenDsr is not { } openDsr)
        {
            await Refuse(context, NotThere());
            return;
        }

        await Answer(
            context,
            StatusCodes.Status200OK,
            OpenDsrText.Status(request.StandingAt(openDsr.Status, processor))
        );
    }

    /// <summary>Takes a request back as long as it is pending. It is answered as before where that was done already.</summary>
    public async Task Cancel(HttpContext context)
    {
        IPrivacyRequestGrain? grain = Find(context);
        if (grain is null || await grain.Get() is not { OpenDsr: not null })
        {
            await Refuse(context, NotThere());
            return;
        }

        PrivacyRequestView? request = await grain.Cancel(Caller.Of(context).Name);
        if (request is not { OpenDsr.Status: OpenDsrStatus.Cancelled and var status, DoneAt: { } receivedAt })
        {
            await Refuse(context, new PrivacyRequestBegun());
            return;
        }

        await Answer(
            context,
            StatusCodes.Status202Accepted,
            OpenDsrText.Cancelled(request.StandingAt(status, processor), receivedAt)
        );
    }

    private Outcome<OpenDsrRequest> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, JsonBody.Once);
            return OpenDsrRequestReader.Read(document.RootElement, processor.PrivateHosts);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no valid UTF-16 (a lone surrogate).
            return new OpenDsrInvalid("invalid_json", "The body is not JSON in UTF-8, or has a member twice.");
        }
    }

    private Outcome<ImmutableArray<Identifier>> Normalize(ImmutableArray<OpenDsrIdentity> identities)
    {
        var identifiers = ImmutableArray.CreateBuilder<Identifier>(identities.Length);
        var faults = ImmutableArray.CreateBuilder<OpenDsrFault>();
        foreach ((int index, OpenDsrIdentity identity) in identities.Index())
        {
            if (reader.Normalize(identity.Type, identity.Value) is { } identifier)
            {
                identifiers.Add(identifier);
            }
            else
            {
                bool isKnown = reader.Rules.Find(identity.Type) is not null;
                faults.Add(
                    isKnown
                        ? new OpenDsrFault(
                            "invalid_identity_value",
                            $"subject_identities[{index}] has an identity_value that can't be one of its type."
                        )
                        : new OpenDsrFault(
                            "unsupported_identity_type",
                            $"subject_identities[{index}] has an identity_type that is not supported."
                        )
                );
            }
        }

        return faults.Count > 0 ? new OpenDsrInvalid(faults.DrainToImmutable()) : identifiers.DrainToImmutable();
    }

    /// <summary>Signs the bytes that are sent. They may hold identities, so nobody keeps them.</summary>
    private async Task Answer(HttpContext context, int status, byte[] body)
    {
        string signature = processor.Sign(body);
        foreach ((string domain, string name) in OpenDsrText.Headers)
        {
            context.Response.Headers[domain] = processor.Domain;
            context.Response.Headers[name] = signature;
        }

        context.Response.StatusCode = status;
        context.Response.MarkUnstored();
        await Write(context, "application/json", body);
    }

    private static async Task Write(HttpContext context, string contentType, byte[] body)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The specification knows one status for whatever is wrong with a request.</summary>
    private static Task Refuse(HttpContext context, Refusal refusal)
    {
        Problem problem = ProblemOf.Refusal(refusal);
        bool isTheRequests =
            problem.Status
            is StatusCodes.Status409Conflict
                or StatusCodes.Status413PayloadTooLarge
                or StatusCodes.Status415UnsupportedMediaType;
        return ProblemWriter.WriteAsync(
            context,
            isTheRequests ? problem with { Status = StatusCodes.Status400BadRequest } : problem
        );
    }

    /// <summary>Null where OpenDSR is off, and where it is no request's id: such a name activates nothing.</summary>
    private IPrivacyRequestGrain? Find(HttpContext context)
    {
        string id = PathValues.Value(context, RequestId) ?? "";
        return processor.IsOn && OpenDsrRequestReader.IsId(id) ? GrainOf(Caller.Of(context).Name, id) : null;
    }

    /// <summary>The same request that its id leads to at the other door: of each key its own.</summary>
    private IPrivacyRequestGrain GrainOf(string by, string id) =>
        grains.GetGrain<IPrivacyRequestGrain>(PrivacyHandler.IdFor(by, id));

    private Refusal NotThere() => processor.IsOn ? new NotFound("request") : new OpenDsrIsOff();

    private static PrivacyRequestKind KindOf(OpenDsrRequestType type) =>
        type switch
        {
            OpenDsrRequestType.Access => PrivacyRequestKind.Access,
            OpenDsrRequestType.Portability => PrivacyRequestKind.Portability,
            OpenDsrRequestType.Erasure => PrivacyRequestKind.Erasure,
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
}
