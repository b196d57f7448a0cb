using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Api.Privacy;

/// <summary>Writes how privacy requests stand.</summary>
internal static class PrivacyAnswer
{
    /// <param name="receivers">Of a request that came by OpenDSR: how far those are that it calls back; empty where that was not asked.</param>
    public static void Write(
        Utf8JsonWriter writer,
        PrivacyRequestView request,
        ImmutableArray<OpenDsrReceiver> receivers
    )
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, request.Id);
        writer.WriteString("type"u8, Word(request.Kind));
        writer.WriteString(
            "status"u8,
            request.Status == PrivacyRequestStatus.NeedsDecision ? "needs-decision" : Word(request.Status)
        );
        if (request.Step is { } step)
        {
            writer.WriteString("step"u8, JsonNamingPolicy.CamelCase.ConvertName(step));
        }

        writer.WriteString("by"u8, request.By);
        if (request.ClientId is { } clientId)
        {
            writer.WriteString("requestId"u8, clientId);
        }

        writer.WriteTime("askedAt"u8, request.AskedAt);
        writer.WriteTime("dueAt"u8, request.DueAt);
        if (request.DoneAt is { } doneAt)
        {
            writer.WriteTime("doneAt"u8, doneAt);
        }

        if (request.LiftedAt is { } liftedAt)
        {
            writer.WriteTime("liftedAt"u8, liftedAt);
        }

        WriteIdentifiers(writer, request.Identifiers);
        if (!request.Candidates.IsEmpty)
        {
            writer.WriteStartArray("candidates"u8);
            foreach (PrivacyRequestCandidate candidate in request.Candidates)
            {
                writer.WriteStartObject();
                writer.WriteString("customerId"u8, candidate.CustomerId);
                writer.WriteBoolean("shared"u8, candidate.IsShared);
                WriteIdentifiers(writer, candidate.Identifiers);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (!request.ResultJson.IsEmpty)
        {
            writer.WritePropertyName("result"u8);
            writer.WriteRawValue(request.ResultJson.Span, skipInputValidation: true);
        }

        if (!request.Changes.IsEmpty && request.Status == PrivacyRequestStatus.Done)
        {
            WriteChanges(writer, request.Changes);
        }

        if (request.OpenDsr is { } openDsr)
        {
            Write(writer, openDsr, receivers);
        }

        writer.WriteEndObject();
    }

    /// <summary>Receivers by their hosts: what else a URL has may be a secret between its maker and the controller.</summary>
    private static void Write(Utf8JsonWriter writer, OpenDsrView openDsr, ImmutableArray<OpenDsrReceiver> receivers)
    {
        writer.WriteStartObject("openDsr"u8);
        writer.WriteString("regulation"u8, openDsr.Regulation);
        writer.WriteString("status"u8, OpenDsrStatuses.Word(openDsr.Status));
        if (!receivers.IsEmpty)
        {
            writer.WriteStartArray("callbacks"u8);
            foreach ((int place, OpenDsrReceiver receiver) in receivers.Index())
            {
                writer.WriteStartObject();
                writer.WriteString("host"u8, new Uri(openDsr.CallbackUrls[place]).IdnHost);
                writer.WriteNumber("told"u8, receiver.Settled - receiver.GivenUp);
                writer.WriteNumber("givenUp"u8, receiver.GivenUp);
                writer.WriteNumber("waiting"u8, openDsr.Changes.Length - receiver.Settled);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    public static void WriteChanges(Utf8JsonWriter writer, ImmutableArray<PrivacyChange> changes)
    {
        writer.WriteStartArray("changes"u8);
        foreach (PrivacyChange change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("customerId"u8, change.CustomerId);
            writer.WriteString("trait"u8, change.Trait);
            writer.WritePropertyName("before"u8);
            writer.WriteRawValue(change.BeforeJson.Span, skipInputValidation: true);
            writer.WritePropertyName("after"u8);
            writer.WriteRawValue(change.AfterJson.Span, skipInputValidation: true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WritePage(Utf8JsonWriter writer, ImmutableArray<PrivacyRequestView> requests, string? next)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("requests"u8);
        foreach (PrivacyRequestView request in requests)
        {
            Write(writer, request, []);
        }

        writer.WriteEndArray();
        writer.WriteString("next"u8, next);
        writer.WriteEndObject();
    }

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void WriteIdentifiers(Utf8JsonWriter writer, ImmutableArray<Identifier> identifiers)
    {
        writer.WriteStartArray("identifiers"u8);
        foreach (Identifier identifier in identifiers)
        {
            writer.WriteStringValue(identifier.ToString());
        }

        writer.WriteEndArray();
    }
}
