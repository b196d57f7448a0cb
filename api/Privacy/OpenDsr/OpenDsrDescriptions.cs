using Customer360.Api.OpenApi;

namespace Customer360.Api.Privacy.OpenDsr;

internal static class OpenDsrDescriptions
{
    private const string Tag = "OpenDSR";
    private const string Id = "a7551968-d5d6-44b2-9831-815ac9017798";

    private static readonly RouteParameter s_id = RouteParameter.Path(
        OpenDsrHandler.RequestId,
        "The controller's own id of the request.",
        Id
    );

    public static RouteDescription Discover { get; } =
        new("discoverOpenDsr", Tag, "What this processor of OpenDSR supports.")
        {
            Details =
                "Without a certificate in the settings there is no OpenDSR here, and all of its paths answer 404.",
            Answer = RouteAnswer.Json(
                "What is supported.",
                """
                {
                  "api_version": "2.0",
                  "supported_identities": [{ "identity_type": "email", "identity_format": "raw" }],
                  "supported_subject_request_types": ["access", "portability", "erasure"],
                  "processor_certificate": "https://grid.example.com/opendsr/v2/certificate"
                }
                """
            ),
            Problems = [404],
        };

    public static RouteDescription Certificate { get; } =
        new("getOpenDsrCertificate", Tag, "The certificate by which signatures of answers and callbacks are checked.")
        {
            Answer = new RouteAnswer(
                StatusCodes.Status200OK,
                "The certificate, and those between it and its authority.",
                "application/pem-certificate-chain",
                "-----BEGIN CERTIFICATE-----"
            ),
            Problems = [404],
        };

    public static RouteDescription Create(bool isFormer) =>
        new(
            NameOf("createOpenDsrRequest", isFormer),
            Tag,
            "Takes a person's request as OpenDSR 2.0 has it." + Former(isFormer)
        )
        {
            Details =
                "It becomes a request of `/v1/privacy/requests` with `subject_request_id` as its `requestId`. The same body again is "
                + "answered as before; another one of the same id is refused. Identities are `raw`. Each of `status_callback_urls` (https, "
                + "and no private address) is told the status when it changes, signed as the answer is: `X-OpenDSR-Signature` is the "
                + "signature over the SHA-256 of the body with the certificate of `X-OpenDSR-Processor-Domain`, in base64.",
            Body = new RouteBody(
                "application/json",
                "What is asked for.",
                $$"""
                {
                  "regulation": "gdpr",
                  "subject_request_id": "{{Id}}",
                  "subject_request_type": "erasure",
                  "submitted_time": "2026-11-27T10:00:00Z",
                  "subject_identities": [
                    { "identity_type": "email", "identity_value": "jane@example.com", "identity_format": "raw" }
                  ],
                  "api_version": "2.0",
                  "status_callback_urls": ["https://controller.example.com/opendsr/callbacks"]
                }
                """
            ),
            Answer = RouteAnswer.Json(
                "Taken. `encoded_request` is the request's body, and must not be kept.",
                $$"""
                {
                  "controller_id": "operator",
                  "expected_completion_time": "2026-12-27T10:00:00.000Z",
                  "received_time": "2026-11-27T10:00:00.000Z",
                  "encoded_request": "eyJyZWd1bGF0aW9uIjoiZ2RwciJ9",
                  "subject_request_id": "{{Id}}"
                }
                """
            ) with
            {
                Status = StatusCodes.Status201Created,
            },
            Problems = [400, 404, 408, 503],
        };

    public static RouteDescription Status(bool isFormer) =>
        new(NameOf("getOpenDsrStatus", isFormer), Tag, "How a request stands." + Former(isFormer))
        {
            Details =
                "`request_status` is `pending` (nothing is done yet: it can be cancelled), `in_progress`, `completed` or `cancelled`. "
                + "`results_url` is where the link to a package is made. `results_count` is how many customers were found.",
            Parameters = [s_id],
            Answer = RouteAnswer.Json(
                "Its status.",
                $$"""
                {
                  "controller_id": "operator",
                  "expected_completion_time": "2026-12-27T10:00:00.000Z",
                  "subject_request_id": "{{Id}}",
                  "request_status": "completed",
                  "api_version": "2.0",
                  "results_count": 1
                }
                """
            ),
            Problems = [404, 503],
        };

    public static RouteDescription Cancel(bool isFormer) =>
        new(NameOf("cancelOpenDsrRequest", isFormer), Tag, "Takes a pending request back." + Former(isFormer))
        {
            Parameters = [s_id],
            Answer = RouteAnswer.Json(
                "Cancelled, now or before.",
                $$"""
                {
                  "controller_id": "operator",
                  "subject_request_id": "{{Id}}",
                  "received_time": "2026-11-27T10:00:00.000Z",
                  "api_version": "2.0"
                }
                """
            ) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 404, 503],
        };

    private static string NameOf(string operation, bool isFormer) => isFormer ? $"{operation}Former" : operation;

    private static string Former(bool isFormer) => isFormer ? " The path of OpenGDPR 1.0." : "";
}
