using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Attribution;

internal static class AttributionDescriptions
{
    private const string Tag = "Attribution";

    private const string Report = """
        {
          "from": "2026-10-01T00:00:00Z",
          "to": "2027-01-01T00:00:00Z",
          "model": "linear",
          "view": "restated",
          "policyVersion": "5f0c1d2e3a4b",
          "currencies": [
            {
              "currency": "EUR",
              "conversions": 5,
              "closedWon": "59000.00",
              "refunded": "-650.00",
              "net": "58350.00",
              "channels": [{ "name": "Paid Search", "amount": "33350.01" }],
              "residuals": [
                { "name": "no_people", "amount": "9999.99" },
                { "name": "outside_lookback", "amount": "15000.00" }
              ],
              "movements": [{ "name": "reopened", "amount": "-12000.00" }],
              "difference": "0.00",
              "isReconciled": true
            }
          ],
          "cases": [
            {
              "id": "v_3f1d0f0e5a4b4c8f9a7d6e5c4b3a2f10",
              "externalId": "hubspot:D3",
              "reason": "no_people",
              "amount": "9999.99",
              "currency": "EUR"
            }
          ]
        }
        """;

    private const string Details =
        "For each currency the credits of channels and the residuals add up to what the CRM's records say was won, less what went back; "
        + "`difference` is what does not. What a record says and no message did is `not_synced`. `view=restated` counts by when it converted, as it stands "
        + "now; `view=asReported` by when it was booked, so that a refund of today does not change last quarter. Days are whole, in UTC. Of channels that fewer than five people came by only those see the names who see what "
        + "people did; for others they are one line, `(few)`. It reads all conversions; where that takes longer than a minute and a half the answer "
        + "is 503 `report_too_large`.";

    private static readonly RouteParameter[] s_asked =
    [
        RouteParameter.Query("from", JsonSchemaType.String, "The first day of the period.", "2026-10-01"),
        RouteParameter.Query("to", JsonSchemaType.String, "The end of the period, exclusive.", "2027-01-01"),
        RouteParameter.Query(
            "model",
            JsonSchemaType.String,
            "first, last, lastNonDirect, linear (the default), position, wShaped, fullPath, timeDecay, shapley, markov or markov2.",
            "linear"
        ),
        RouteParameter.Query(
            "definition",
            JsonSchemaType.String,
            "Conversions of this definition; without it all that deals make.",
            "deal"
        ),
        RouteParameter.Query("view", JsonSchemaType.String, "restated (the default) or asReported.", "restated"),
        GateQueries.Parameter,
    ];

    public static RouteDescription Conversion { get; } =
        new("getConversion", Tag, "Shows a conversion's journey, its credit by each model, and why it moved.")
        {
            Details =
                "Of people of whom the caller may not see when they were active, only the time of a touch is shown. Lines of the ledger are "
                + "never changed: what does not hold any more is taken back by another line.",
            Parameters =
            [
                RouteParameter.Path("conversionId", "The conversion's id.", "v_3f1d0f0e5a4b4c8f9a7d6e5c4b3a2f10"),
                GateQueries.Parameter,
            ],
            Answer = RouteAnswer.Json(
                "The conversion.",
                """
                {
                  "id": "v_3f1d0f0e5a4b4c8f9a7d6e5c4b3a2f10",
                  "definition": "order",
                  "externalId": "o1",
                  "counts": true,
                  "convertedAt": "2026-11-28T09:00:00Z",
                  "amount": "100.00",
                  "currency": "EUR",
                  "fault": null,
                  "refundsNotRead": 0,
                  "movements": [
                    { "at": "2026-11-28T09:00:00Z", "reason": "newConversion", "amount": "100.00", "currency": "EUR" }
                  ],
                  "customers": ["c_01a21aa5f6760050000000001"],
                  "touches": [
                    {
                      "at": "2026-11-18T09:00:00Z",
                      "isWithheld": false,
                      "customerId": "c_01a21aa5f6760050000000001",
                      "channel": "Paid Search",
                      "source": "google",
                      "medium": "cpc",
                      "campaign": null,
                      "page": "/",
                      "evidence": "clickId",
                      "faults": []
                    }
                  ],
                  "touchesLeftOut": 0,
                  "models": [
                    { "model": "first", "parts": [{ "touch": 0, "residual": null, "amount": "100.00" }] }
                  ],
                  "restatements": [
                    {
                      "number": 1,
                      "at": "2026-11-28T09:00:01Z",
                      "bookedAt": "2026-11-28T09:00:00Z",
                      "reason": "newConversion",
                      "cause": "log:3:17",
                      "policyVersion": "5f0c1d2e3a4b",
                      "amount": "100.00"
                    }
                  ],
                  "ledger": [
                    {
                      "number": 1,
                      "model": "first",
                      "channel": "Paid Search",
                      "source": "google",
                      "campaign": null,
                      "residual": null,
                      "amount": "100.00",
                      "currency": "EUR",
                      "reason": "newConversion",
                      "bookedAt": "2026-11-28T09:00:00Z"
                    }
                  ]
                }
                """
            ),
            Problems = [404, 503],
        };

    public static RouteDescription Reconciliation { get; } =
        new("getReconciliation", Tag, "Adds credit up, and says whether it is what the CRM says was won.")
        {
            Details = Details,
            Parameters = [.. s_asked],
            Answer = RouteAnswer.Json("The report.", Report),
            Problems = [503],
        };

    public static RouteDescription View { get; } =
        new("getAttributionView", Tag, "Shows one view of credit, with what its numbers mean.")
        {
            Details =
                "paid-media, content, win-rate, pipeline-velocity, speed-to-lead, sales-assist, broken-forms and exceptions answer different questions: their numbers are not added up. Rows of "
                + "fewer than five people are left out, and counted, for those who do not see what people did.",
            Parameters =
            [
                RouteParameter.Path(
                    "view",
                    "paid-media, content, win-rate, pipeline-velocity, speed-to-lead, sales-assist, broken-forms or exceptions.",
                    "paid-media"
                ),
                .. s_asked.Where(one => one.Name != "view"),
            ],
            Answer = RouteAnswer.Json(
                "The view.",
                """
                {
                  "view": "paid-media",
                  "definition": "spend is what attribution.yaml says was paid …",
                  "from": "2026-10-01T00:00:00Z",
                  "to": "2027-01-01T00:00:00Z",
                  "model": "linear",
                  "policyVersion": "5f0c1d2e3a4b",
                  "rows": [
                    {
                      "name": "Paid Search",
                      "currency": "EUR",
                      "values": { "spend": "10000.00", "credit": "33350.01", "conversions": "3", "return": "3.3350", "costPerConversion": "3333.33" }
                    }
                  ],
                  "rowsWithheld": 0,
                  "cases": []
                }
                """
            ),
            Problems = [400, 404, 503],
        };

    public static RouteDescription ReconciliationCsv { get; } =
        new("getReconciliationCsv", Tag, "The same sums as a table.")
        {
            Details = Details,
            Parameters = [.. s_asked],
            Answer = new RouteAnswer(
                StatusCodes.Status200OK,
                "A line an amount.",
                "text/csv",
                "currency,kind,name,amount\r\nEUR,channel,\"Paid Search\",33350.01\r\n"
            ),
            Problems = [503],
        };
}
