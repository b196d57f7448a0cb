using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Privacy;

internal static class PrivacyDescriptions
{
    private const string Tag = "Privacy";

    private const string Running = """
        {
          "id": "p_019ac8d12f407c3aa0b1c2d3e4f50617",
          "type": "erasure",
          "status": "running",
          "step": "drain",
          "by": "operator",
          "requestId": "dsr-2026-118",
          "askedAt": "2026-11-27T10:00:00Z",
          "dueAt": "2026-12-27T10:00:00Z",
          "identifiers": ["email:jane@example.com", "user_id:u-1"]
        }
        """;

    private const string Done = """
        {
          "id": "p_019ac8d12f407c3aa0b1c2d3e4f50617",
          "type": "erasure",
          "status": "done",
          "by": "operator",
          "requestId": "dsr-2026-118",
          "askedAt": "2026-11-27T10:00:00Z",
          "dueAt": "2026-12-27T10:00:00Z",
          "doneAt": "2026-11-27T10:00:09Z",
          "identifiers": [],
          "result": {
            "found": { "customers": 1, "identifiers": 2, "messages": 14 },
            "customers": ["c_019ac8d12f400030000000001"],
            "pass": "j_5f0c6f0e3c5b4e0d9a8b7c6d5e4f3a2b",
            "proof": {
              "id": "d_0123456789abcdef0123456789abcdef", "at": "2026-11-27T10:00:09Z", "facts": "p_019a… 2 14 j_5f0c…",
              "seal": "5d41402abc4b2a76b9719d911017c592ae3c1f7d3e0f1b2c3d4e5f60718293a4"
            }
          }
        }
        """;

    private static readonly RouteParameter s_id = RouteParameter.Path(
        "requestId",
        "The request.",
        "p_019ac8d12f407c3aa0b1c2d3e4f50617"
    );

    public static RouteDescription Begin { get; } =
        new("beginPrivacyRequest", Tag, "Takes a person's request about her data.")
        {
            Details =
                "`type` is `access`, `portability`, `rectification`, `restriction`, `objection` or `erasure`. With a `requestId` of "
                + "your own the request may be sent again: it is taken once for each key. A rectification has `traits`, the right "
                + "values (null removes one); an objection may have `purposes`, else it is about those that the consent policy names "
                + "for it. A restriction keeps the data and shows it to nobody but who takes such requests, until `:lift`. An erasure suppresses the identifiers, "
                + "waits until nothing of them is on its way, empties the customer, and has the next pass take the rest out of the "
                + "log and all that was made of it. Where the identifiers lead to several people, or to one that too many share, "
                + "`status` is `needs-decision` and nothing is done before `:decide`.",
            Body = new RouteBody(
                "application/json",
                "What is asked for, and by whom.",
                """{ "type": "erasure", "identifiers": ["email:jane@example.com"], "requestId": "dsr-2026-118" }"""
            ),
            Answer = RouteAnswer.Json("Taken; `Location` names the request.", Running) with
            {
                Status = StatusCodes.Status202Accepted,
            },
            Problems = [400, 409, 413, 503],
        };

    public static RouteDescription List { get; } =
        new("listPrivacyRequests", Tag, "The requests, by id.")
        {
            Parameters =
            [
                RouteParameter.Query("limit", JsonSchemaType.Integer, "1 to 200, default 50.", "50"),
                RouteParameter.Query(
                    "cursor",
                    JsonSchemaType.String,
                    "The `next` of the page before.",
                    "\"p_019ac8d12f407c3aa0b1c2d3e4f50617\""
                ),
            ],
            Answer = RouteAnswer.Json(
                "A page; `next` is null on the last.",
                $$"""{ "requests": [{{Done}}], "next": null }"""
            ),
            Problems = [400, 503],
        };

    public static RouteDescription Get { get; } =
        new("getPrivacyRequest", Tag, "How a request stands, what was found, what was done, and the proof.")
        {
            Details =
                "`status` is `pending`, `needs-decision` (then `candidates` says who may be meant), `running`, `done` or "
                + "`cancelled`. A request that is done names the person no more, apart from a restriction, which must be lifted from the "
                + "same identifiers. Of a rectification `changes` has the values of before and after, as far as you may see them.",
            Parameters = [s_id],
            Answer = RouteAnswer.Json("The request.", Done),
            Problems = [404, 503],
        };

    public static RouteDescription Cancel { get; } =
        new("cancelPrivacyRequest", Tag, "Takes a request back of which nothing is done yet.")
        {
            Parameters = [s_id],
            Answer = RouteAnswer.Json("Cancelled, now or before.", Running),
            Problems = [404, 409, 503],
        };

    public static RouteDescription Decide { get; } =
        new("decidePrivacyRequest", Tag, "Says who is meant, where a request asks for it.")
        {
            Details = "Some of the candidates, or none: then only what was given itself is suppressed.",
            Parameters = [s_id],
            Body = new RouteBody(
                "application/json",
                "Who is meant.",
                """{ "customerIds": ["c_019ac8d12f400030000000001"] }"""
            ),
            Answer = RouteAnswer.Json("The request goes on.", Running),
            Problems = [400, 404, 409, 413, 503],
        };

    public static RouteDescription Link { get; } =
        new("linkPrivacyPackage", Tag, "Makes a link to the package of a finished request to see or to take along.")
        {
            Details =
                "Hand it to the person and to nobody else: it needs no key. It leads to the package once, within seven days; a new one "
                + "ends the one of before.",
            Parameters = [s_id],
            Answer = RouteAnswer.Json(
                "The link, shown this once.",
                """
                {
                  "path": "/v1/privacy/packages/p_019ac8d12f407c3aa0b1c2d3e4f50617/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                  "until": "2026-12-04T10:00:00Z"
                }
                """
            ),
            Problems = [404, 409, 503],
        };

    public static RouteDescription Fetch { get; } =
        new("fetchPrivacyPackage", Tag, "The package that a link leads to, once.")
        {
            Details =
                "A ZIP file, made while it is sent: `index.html` says in plain words what is in `profile.json`, `identifiers.json`, "
                + "`events.ndjson` and (of access) `decisions.json`; `manifest.json` has their hashes.",
            Parameters =
            [
                s_id,
                RouteParameter.Path(
                    "secret",
                    "The link's secret.",
                    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                ),
            ],
            Answer = new RouteAnswer(StatusCodes.Status200OK, "The package.", "application/zip", "PK"),
            Problems = [404, 503],
        };

    public static RouteDescription Lift { get; } =
        new(
            "liftPrivacyRequest",
            Tag,
            "Lifts a restriction, or lets a person come back who was erased and has signed up again."
        )
        {
            Details =
                "Of an erasure, messages with these identifiers are taken in again from now on. Of a restriction the body may be empty; "
                + "`liftedAt` says since when it is lifted. Who lifted it is recorded.",
            Parameters = [s_id],
            Body = new RouteBody(
                "application/json",
                "What she comes back with.",
                """{ "identifiers": ["email:jane@example.com"] }"""
            ),
            Answer = RouteAnswer.Json("Lifted.", Done),
            Problems = [400, 404, 409, 413, 503],
        };
}
