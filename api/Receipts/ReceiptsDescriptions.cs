using Customer360.Api.Access;
using Customer360.Api.OpenApi;

namespace Customer360.Api.Receipts;

internal static class ReceiptsDescriptions
{
    public static RouteDescription Get { get; } =
        new("getReceipt", "Receipts", "Says what became of a message and where it went.")
        {
            Details =
                "What is stored is `accepted`: a repeat is not stored a second time, and a refused message not at all "
                + "(404; the collect call's own receipt said why). `applied`: the profile shows it. The outcome of an "
                + "identifier is `linked`, `demoted`, `blocked`, `over_limit`, `quarantined`, `declined` or, before its "
                + "decision, `pending`. Customer and outcomes are those of now, so a later merge or split shows. A "
                + "sender who gave one id to messages of several anchors finds the first, and the rest under `others`. "
                + "`leftOut` names the fields that could not be read or kept, with the reason. `trust` says how far the "
                + "message is believed: `trusted` (a server's), `signed` (its user id is proven) or `claimed`.",
            Parameters =
            [
                RouteParameter.Path("messageId", "The message's id, URL-encoded.", "m-1"),
                GateQueries.Parameter,
            ],
            Answer = RouteAnswer.Json(
                "The receipt.",
                """
                {
                  "messageId": "m-2",
                  "status": "accepted",
                  "partition": 3,
                  "position": 17,
                  "receivedAt": "2026-11-22T10:00:01Z",
                  "timestamp": "2026-11-22T10:00:00Z",
                  "source": "web",
                  "trust": "claimed",
                  "type": "identify",
                  "anchor": "user_id:u-2",
                  "customerId": "c_019ac8d12f400030000000002",
                  "applied": true,
                  "identifiers": [
                    { "type": "user_id", "value": "u-2", "outcome": "linked" },
                    {
                      "type": "anonymous_id",
                      "value": "a-1",
                      "outcome": "demoted",
                      "because": "the limit of user_id would have been broken"
                    },
                    { "type": "email", "outcome": "blocked", "because": "invalid_email" }
                  ],
                  "leftOut": [{ "field": "sentAt", "reason": "not_a_time" }]
                }
                """
            ),
            Problems = [404, 503],
        };
}
