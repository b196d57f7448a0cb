using Customer360.Api.OpenApi;

namespace Customer360.Api.Queues;

internal static class QueuesDescriptions
{
    public static RouteDescription List { get; } =
        new(
            "listQueues",
            "Quality",
            "Says how much waits for people, since when, for how long it may, and who looks after it."
        )
        {
            Details =
                "Owners and how long something may wait are `queues` in `quality.yaml`; a queue that it does not name is the file's owner's. "
                + "At most a thousand are counted of each list: `hasMore` says that there are more.",
            Answer = RouteAnswer.Json(
                "All queues.",
                """
                {
                  "queues": [
                    {
                      "name": "heldMessages", "waiting": 412, "hasMore": false, "oldestAt": "2026-11-28T06:01:12Z", "oldestSeconds": 4292,
                      "slaSeconds": 14400, "dueAt": "2026-11-28T10:01:12Z", "isLate": false, "owner": { "team": "shop", "contact": "#shop" },
                      "parts": [{ "name": "contract_violated", "waiting": 412 }], "where": "/v1/quarantine/messages"
                    }
                  ]
                }
                """
            ),
            Problems = [503],
        };
}
