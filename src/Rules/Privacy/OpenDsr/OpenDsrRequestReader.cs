using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Privacy.OpenDsr;

/// <summary>Reads the body of a request, and says everything that is wrong with it.</summary>
/// <remarks>
/// Members that are not known are passed over, because a controller sends one body to many processors. A <c>regulation</c> that is
/// missing counts as <c>gdpr</c>: OpenGDPR 1.0 had no such member, and the example of OpenDSR's own specification has none either.
/// </remarks>
public static class OpenDsrRequestReader
{
    public const int IdentitiesMax = 100;
    public const int CallbackUrlsMax = 5;

    private const int ValueLengthMax = 1_024;
    private const int MentionLengthMin = 8;

    /// <param name="body">The root of the body.</param>
    /// <param name="privateHosts">Hosts that may be called back though they are private.</param>
    public static Outcome<OpenDsrRequest> Read(JsonElement body, ImmutableHashSet<string> privateHosts)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return new OpenDsrInvalid("invalid_json", "The body must be a JSON object.");
        }

        var reading = new Reading(body);
        string id = reading.Id();
        string regulation = reading.Regulation();
        OpenDsrRequestType type = reading.Type();
        reading.SubmittedTime();
        reading.ApiVersion();
        reading.Extensions();
        ImmutableArray<OpenDsrIdentity> identities = reading.Identities();
        ImmutableArray<string> urls = reading.CallbackUrls(privateHosts, identities);
        return reading.Faults.Count > 0
            ? new OpenDsrInvalid([.. reading.Faults])
            : new OpenDsrRequest(id, regulation, type, identities, urls);
    }

    /// <summary>Lower case and of version 4, as the specification wants it; so an id has one spelling.</summary>
    public static bool IsId(string text) =>
        Guid.TryParseExact(text, "D", out Guid id)
        && id.ToString("D") == text
        && text[14] == '4'
        && text[19] is '8' or '9' or 'a' or 'b';

    private sealed class Reading(JsonElement body)
    {
        public List<OpenDsrFault> Faults { get; } = [];

        public string Id()
        {
            string? id = Required("subject_request_id");
            if (id is not null && !IsId(id))
            {
                Fault("invalid_field", "subject_request_id must be a UUID of version 4 in lower case.");
            }

            return id ?? "";
        }

        public string Regulation()
        {
            if (!body.TryGetProperty("regulation"u8, out JsonElement member))
            {
                return "gdpr";
            }

            string? regulation = member.ValueKind == JsonValueKind.String ? member.GetString() : null;
            if (regulation is not ("gdpr" or "ccpa"))
            {
                Fault("unsupported_regulation", "regulation must be gdpr or ccpa.");
            }

            return regulation ?? "";
        }

        public OpenDsrRequestType Type()
        {
            switch (Required("subject_request_type"))
            {
                case "access":
                    return OpenDsrRequestType.Access;
                case "portability":
                    return OpenDsrRequestType.Portability;
                case "erasure":
                    return OpenDsrRequestType.Erasure;
                case null:
                    return default;
                default:
                    Fault(
                        "unsupported_subject_request_type",
                        "subject_request_type must be access, portability or erasure."
                    );
                    return default;
            }
        }

        public void SubmittedTime()
        {
            // The grid's own reader takes more than RFC 3339 has: dates, and times that don't say where.
            if (
                Required("submitted_time") is { } text
                && !(
                    text.Length >= "2018-10-02T15:00:00Z".Length
                    && (text[^1] is 'Z' || text[^6] is '+' or '-')
                    && Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out _)
                )
            )
            {
                Fault("invalid_field", "submitted_time must be a time of RFC 3339.");
            }
        }

        public void ApiVersion()
        {
            if (!body.TryGetProperty("api_version"u8, out JsonElement member))
            {
                return;
            }

            string? version = member.ValueKind == JsonValueKind.String ? member.GetString() : null;
            if (version?.Split('.')[0] is not ("1" or "2"))
            {
                Fault("unsupported_api_version", "api_version must be 2.0, or 1.0.");
            }
        }

        public void Extensions()
        {
            if (
                body.TryGetProperty("extensions"u8, out JsonElement member)
                && member.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)
            )
            {
                Fault("invalid_field", "extensions must be an object.");
            }
        }

        public ImmutableArray<OpenDsrIdentity> Identities()
        {
            if (
                !body.TryGetProperty("subject_identities"u8, out JsonElement list)
                || list.ValueKind != JsonValueKind.Array
                || list.GetArrayLength() is 0 or > IdentitiesMax
            )
            {
                Fault(
                    "invalid_field",
                    $"subject_identities must be an array of 1 to {IdentitiesMax} identities; this processor has no extension for them."
                );
                return [];
            }

            var identities = ImmutableArray.CreateBuilder<OpenDsrIdentity>(list.GetArrayLength());
            foreach ((int index, JsonElement one) in list.EnumerateArray().Index())
            {
                if (Identity(one, $"subject_identities[{index}]") is { } identity)
                {
                    identities.Add(identity);
                }
            }

            return identities.DrainToImmutable();
        }

        public ImmutableArray<string> CallbackUrls(
            ImmutableHashSet<string> privateHosts,
            ImmutableArray<OpenDsrIdentity> identities
        )
        {
            if (
                !body.TryGetProperty("status_callback_urls"u8, out JsonElement list)
                || list.ValueKind == JsonValueKind.Null
            )
            {
                return [];
            }

            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > CallbackUrlsMax)
            {
                Fault("invalid_field", $"status_callback_urls must be an array of {CallbackUrlsMax} URLs at most.");
                return [];
            }

            var urls = ImmutableArray.CreateBuilder<string>(list.GetArrayLength());
            foreach ((int index, JsonElement one) in list.EnumerateArray().Index())
            {
                string? url = one.ValueKind == JsonValueKind.String ? one.GetString() : null;
                string? problem =
                    url is null ? "must be a text"
                    : CallbackAddress.Problem(url, privateHosts) is { } wrong ? wrong
                    : identities.Any(identity => Names(url, identity)) ? "must not name the person"
                    : null;
                if (problem is not null)
                {
                    Fault("invalid_callback_url", $"status_callback_urls[{index}] {problem}.");
                }
                else if (!urls.Contains(url!, StringComparer.Ordinal))
                {
                    urls.Add(url!);
                }
            }

            return urls.DrainToImmutable();
        }

        /// <summary>The URL outlives the person's erasure, and must not bring her name into it.</summary>
        private static bool Names(string url, OpenDsrIdentity identity) =>
            (identity.Value.Length >= MentionLengthMin || identity.Value.Contains('@'))
            && Uri.UnescapeDataString(url).Contains(identity.Value, StringComparison.OrdinalIgnoreCase);

        private OpenDsrIdentity? Identity(JsonElement identity, string place)
        {
            if (
                TextOf(identity, "identity_type") is not { } type
                || TextOf(identity, "identity_format") is not { } format
                || TextOf(identity, "identity_value") is not { Length: > 0 and <= ValueLengthMax } value
            )
            {
                Fault(
                    "invalid_field",
                    $"{place} must have identity_type, identity_format and identity_value, of {ValueLengthMax} characters at most."
                );
                return null;
            }

            if (OpenDsrIdentities.TypeOf(type) is not { } ours)
            {
                Fault("unsupported_identity_type", $"{place} has an identity_type that is not supported.");
                return null;
            }

            if (format != OpenDsrIdentities.Raw)
            {
                Fault("unsupported_identity_format", $"{place} must have the identity_format raw.");
                return null;
            }

            return new OpenDsrIdentity(ours, value);
        }

        private string? Required(string name)
        {
            string? text = TextOf(body, name);
            if (text is null)
            {
                Fault("required", $"{name} field is required.");
            }

            return text;
        }

        private static string? TextOf(JsonElement parent, string name) =>
            parent.ValueKind == JsonValueKind.Object
            && parent.TryGetProperty(name, out JsonElement member)
            && member.ValueKind == JsonValueKind.String
                ? member.GetString()
                : null;

        private void Fault(string reason, string message) => Faults.Add(new OpenDsrFault(reason, message));
    }
}
