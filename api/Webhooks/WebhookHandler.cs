using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Collect;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Api.Settings;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Crm.Sources;
using Customer360.Rules.Crm.Verification;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Microsoft.AspNetCore.Http.Features;

namespace Customer360.Api.Webhooks;

/// <summary>Takes a webhook from its headers to the answer. Nothing is kept of one that is not its source's own.</summary>
internal sealed class WebhookHandler(
    IPolicy<SourcesPolicy> sources,
    WebhookSecrets secrets,
    WebhookIntake intake,
    IntakeGate gate,
    CollectOptions options,
    PublicAddress address,
    FailedCallers failed,
    TimeProvider time
)
{
    private const string CallerPrefix = "webhook ";

    private static readonly NotFound s_unknown = new("source of webhooks");

    /// <summary>Answers whether there is a source of this kind: services ask before they send.</summary>
    public Task Probe(HttpContext context, SourceKind kind) =>
        SourceOf(context, kind) is null
            ? ProblemWriter.WriteAsync(context, s_unknown)
            : JsonAnswer.Write(
                context.Response,
                static writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteBoolean("success"u8, true);
                    writer.WriteEndObject();
                }
            );

    /// <summary>Answers the request of a source of this kind.</summary>
    public async Task HandleAsync(HttpContext context, SourceKind kind)
    {
        if (SourceOf(context, kind) is not { } source)
        {
            await ProblemWriter.WriteAsync(context, s_unknown);
            return;
        }

        int bytes = RequestBody.FirstBytes(context.Request, options.BodyBytesMax);
        if (!gate.TryEnter(IntakeCaller.Of(key: null, context), bytes, out IntakePlace? place))
        {
            await ProblemWriter.WriteAsync(context, new TooBusy(options.RetryAfterSeconds));
            return;
        }

        using (place)
        {
            DateTimeOffset receivedAt = time.GetUtcNow();
            BodyLimits limits = new(options.BodyBytesMax, options.BodyTimeMax);
            Outcome<RequestBody> body = await RequestBody.ReadAsync(context.Request, limits, time, place);
            if (!body.Succeeded)
            {
                await ProblemWriter.WriteAsync(context, body.Refusal);
                return;
            }

            using (body.Value)
            {
                await AnswerAsync(context, source, body.Value.Bytes, receivedAt, place);
            }
        }
    }

    private async Task AnswerAsync(
        HttpContext context,
        WebhookSource source,
        ReadOnlyMemory<byte> body,
        DateTimeOffset receivedAt,
        IntakePlace place
    )
    {
        Refusal? refusal = WebhookVerifier.Check(
            source.Verification,
            RequestOf(context.Request, body),
            secrets.Of(source.Name),
            receivedAt
        );
        if (refusal is null && !place.TryMoveTo(new IntakeCaller(CallerPrefix + source.Name, 0)))
        {
            refusal = new TooBusy(options.RetryAfterSeconds);
        }

        Outcome<WebhookReceipt> taken = refusal is null
            ? await intake.TakeAsync(source, body, HeadersOf(context.Request, source), receivedAt)
            : refusal;
        if (!taken.Succeeded)
        {
            if (taken.Refusal is VerificationRefusal)
            {
                WebhookInstruments.CountRefused(source.Name, taken.Refusal.Code);
                failed.Add(FailedCallers.WebhookWay + source.Name, taken.Refusal.Code);
            }

            await ProblemWriter.WriteAsync(context, taken.Refusal);
            return;
        }

        if (source.Kind == SourceKind.Salesforce && SalesforceDecoder.IsOutboundMessage(body.Span))
        {
            context.Response.ContentType = "text/xml";
            context.Response.ContentLength = OutboundMessage.Ack.Length;
            await context.Response.BodyWriter.WriteAsync(OutboundMessage.Ack, context.RequestAborted);
            return;
        }

        await JsonAnswer.Write(context.Response, writer => Write(writer, taken.Value));
    }

    private WebhookSource? SourceOf(HttpContext context, SourceKind kind) =>
        sources.Current.Find(context.Request.RouteValues["source"] as string ?? "") is { } source && source.Kind == kind
            ? source
            : null;

    private WebhookRequest RequestOf(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        // As it was sent: the server has decoded the path, and a signature may be over what stood there.
        string target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw
            ? raw
            : $"{request.Path}{request.QueryString}";
        string host = address.Of(request)?.AbsoluteUri.TrimEnd('/') ?? "";
        return new WebhookRequest(
            request.Method,
            host + target,
            body,
            name => request.Headers.TryGetValue(name, out var values) ? values.ToString() : null,
            name => QueryValues.Single(request.Query, name)
        );
    }

    /// <summary>The headers that the source's mapping looks into: they are kept with what is set aside, and no others.</summary>
    private static ImmutableArray<PartHeader> HeadersOf(HttpRequest request, WebhookSource source) =>
        source.Mapping is { } mapping
            ?
            [
                .. MappingHeaders
                    .Of(mapping)
                    .Where(request.Headers.ContainsKey)
                    .Select(name => new PartHeader(name, request.Headers[name].ToString())),
            ]
            : [];

    private static void Write(Utf8JsonWriter writer, WebhookReceipt receipt)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, receipt.Success);
        writer.WriteNumber("taken"u8, receipt.Taken);
        writer.WriteNumber("skipped"u8, receipt.Skipped);
        writer.WriteNumber("setAside"u8, receipt.SetAside);
        writer.WriteEndObject();
    }
}
