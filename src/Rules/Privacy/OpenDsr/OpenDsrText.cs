using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Privacy.OpenDsr;

/// <summary>How a request stands, as the controller is told it.</summary>
/// <param name="ControllerId">Who has sent the request: the name of a key.</param>
/// <param name="RequestId">The controller's id of it.</param>
/// <param name="ExpectedAt">Until when it is to be done.</param>
public sealed record OpenDsrStanding(
    string ControllerId,
    string RequestId,
    DateTimeOffset ExpectedAt,
    OpenDsrStatus Status
)
{
    /// <summary>Where what was asked for can be fetched, or null.</summary>
    public Uri? ResultsUrl { get; init; }

    /// <summary>How many customers were found, once it is completed; else null.</summary>
    public int? ResultsCount { get; init; }
}

/// <summary>The bodies of OpenDSR 2.0, in the bytes that are signed.</summary>
public static class OpenDsrText
{
    public const string Version = "2.0";

    /// <summary>
    /// The names of the headers that say the domain and the signature, and those that they had in OpenGDPR 1.0. Both are sent, so whoever
    /// knows either finds it.
    /// </summary>
    public static ImmutableArray<(string Domain, string Signature)> Headers { get; } =
    [("X-OpenDSR-Processor-Domain", "X-OpenDSR-Signature"), ("X-OpenGDPR-Processor-Domain", "X-OpenGDPR-Signature")];

    /// <summary>The answer to a request that was taken.</summary>
    /// <param name="body">The request's own body, which is answered back and kept nowhere.</param>
    public static byte[] Received(OpenDsrStanding standing, DateTimeOffset receivedAt, ReadOnlySpan<byte> body)
    {
        string encoded = Convert.ToBase64String(body);
        return Write(writer =>
        {
            writer.WriteString("controller_id"u8, standing.ControllerId);
            writer.WriteString("expected_completion_time"u8, Rfc3339.Text(standing.ExpectedAt));
            writer.WriteString("received_time"u8, Rfc3339.Text(receivedAt));
            writer.WriteString("encoded_request"u8, encoded);
            writer.WriteString("subject_request_id"u8, standing.RequestId);
        });
    }

    /// <summary>How a request stands; of a callback with the URL that is told.</summary>
    public static byte[] Status(OpenDsrStanding standing, string? callbackUrl = null) =>
        Write(writer =>
        {
            writer.WriteString("controller_id"u8, standing.ControllerId);
            writer.WriteString("expected_completion_time"u8, Rfc3339.Text(standing.ExpectedAt));
            if (callbackUrl is not null)
            {
                writer.WriteString("status_callback_url"u8, callbackUrl);
            }

            writer.WriteString("subject_request_id"u8, standing.RequestId);
            writer.WriteString("request_status"u8, OpenDsrStatuses.Word(standing.Status));
            writer.WriteString("api_version"u8, Version);
            if (standing.ResultsUrl is { } url)
            {
                writer.WriteString("results_url"u8, url.AbsoluteUri);
            }

            if (standing.ResultsCount is { } count)
            {
                writer.WriteNumber("results_count"u8, count);
            }
        });

    /// <summary>The answer to a request that was taken back.</summary>
    public static byte[] Cancelled(OpenDsrStanding standing, DateTimeOffset receivedAt) =>
        Write(writer =>
        {
            writer.WriteString("controller_id"u8, standing.ControllerId);
            writer.WriteString("subject_request_id"u8, standing.RequestId);
            writer.WriteString("received_time"u8, Rfc3339.Text(receivedAt));
            writer.WriteString("api_version"u8, Version);
        });

    /// <summary>What this processor supports.</summary>
    /// <param name="isKnown">True of a type of ours that the rules in force have.</param>
    public static byte[] Discovery(Uri certificate, Func<string, bool> isKnown) =>
        Write(writer =>
        {
            writer.WriteString("api_version"u8, Version);
            writer.WriteStartArray("supported_identities"u8);
            foreach ((string type, _) in OpenDsrIdentities.Types.Where(one => isKnown(one.Ours)))
            {
                writer.WriteStartObject();
                writer.WriteString("identity_type"u8, type);
                writer.WriteString("identity_format"u8, OpenDsrIdentities.Raw);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("supported_subject_request_types"u8);
            writer.WriteStringValue("access"u8);
            writer.WriteStringValue("portability"u8);
            writer.WriteStringValue("erasure"u8);
            writer.WriteEndArray();
            writer.WriteString("processor_certificate"u8, certificate.AbsoluteUri);
        });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
