using Customer360.Api.Access;
using Customer360.Api.OpenApi;

namespace Customer360.Api.Attribution;

internal static class PeriodDescriptions
{
    private const string Tag = "Attribution";

    private const string Frozen = """
        {
          "id": "f_3f1d0f0e5a4b4c8f9a7d6e5c4b3a2f10",
          "from": "2026-10-01T00:00:00Z",
          "to": "2027-01-01T00:00:00Z",
          "definition": null,
          "frozenAt": "2027-01-04T09:00:00Z",
          "frozenBy": "finance",
          "policyVersion": "5f0c1d2e3a4b",
          "isNew": true,
          "models": [
            {
              "model": "linear",
              "currencies": [
                {
                  "currency": "EUR",
                  "conversions": 5,
                  "closedWon": "59000.00",
                  "refunded": "-650.00",
                  "net": "58350.00",
                  "channels": [{ "name": "Paid Search", "amount": "33350.01" }],
                  "residuals": [{ "name": "no_people", "amount": "24999.99" }],
                  "movements": [{ "name": "refunded", "amount": "-650.00" }],
                  "difference": "0.00",
                  "isReconciled": true
                }
              ]
            }
          ]
        }
        """;

    private static readonly RouteParameter s_id = RouteParameter.Path(
        "periodId",
        "The period's id.",
        "f_3f1d0f0e5a4b4c8f9a7d6e5c4b3a2f10"
    );

    public static RouteDescription Freeze { get; } =
        new("freezePeriod", Tag, "Freezes the sums of a period.")
        {
            Details =
                "The sums by all models are kept as they stand now, with who did it and when; nothing changes them. A period is frozen once for each "
                + "definition: whoever asks again gets what was frozen, with `isNew` false. It is audited as `attribution.period_frozen`.",
            Parameters = [GateQueries.Parameter],
            Body = RouteBody.Json<PeriodBody>(
                "The period.",
                """{ "from": "2026-10-01", "to": "2027-01-01", "definition": null }"""
            ),
            Answer = RouteAnswer.Json("What is frozen.", Frozen),
            Problems = [400, 503],
        };

    public static RouteDescription List { get; } =
        new("listPeriods", Tag, "Lists frozen periods, by id.")
        {
            Details = "Without their sums: each period has them.",
            Parameters = [GateQueries.Parameter],
            Answer = RouteAnswer.Json(
                "A page.",
                """
                {
                  "periods": [
                    {
                      "id": "f_3f1d0f0e5a4b4c8f9a7d6e5c4b3a2f10",
                      "from": "2026-10-01T00:00:00Z",
                      "to": "2027-01-01T00:00:00Z",
                      "definition": null,
                      "frozenAt": "2027-01-04T09:00:00Z",
                      "frozenBy": "finance",
                      "policyVersion": "5f0c1d2e3a4b",
                      "isNew": false,
                      "models": []
                    }
                  ],
                  "next": null
                }
                """
            ),
            Problems = [400, 503],
        };

    public static RouteDescription Period { get; } =
        new("getPeriod", Tag, "Shows the sums of a frozen period.")
        {
            Parameters = [s_id, GateQueries.Parameter],
            Answer = RouteAnswer.Json("What is frozen.", Frozen),
            Problems = [404, 503],
        };

    public static RouteDescription Comparison { get; } =
        new("comparePeriod", Tag, "Compares a frozen period with what its credit is by now.")
        {
            Details =
                "Each amount of either, by model, currency, channel and residual. What moved it stands in the conversions' restatements.",
            Parameters = [s_id, GateQueries.Parameter],
            Answer = RouteAnswer.Json(
                "Frozen, now, and what is between.",
                """
                {
                  "id": "f_3f1d0f0e5a4b4c8f9a7d6e5c4b3a2f10",
                  "from": "2026-10-01T00:00:00Z",
                  "to": "2027-01-01T00:00:00Z",
                  "definition": null,
                  "frozenAt": "2027-01-04T09:00:00Z",
                  "frozenByPolicy": "5f0c1d2e3a4b",
                  "policy": "5f0c1d2e3a4b",
                  "isSame": false,
                  "lines": [
                    {
                      "model": "first",
                      "currency": "EUR",
                      "kind": "channel",
                      "name": "Email",
                      "frozen": "1000.00",
                      "now": "0.00",
                      "change": "-1000.00"
                    }
                  ]
                }
                """
            ),
            Problems = [400, 404, 503],
        };
}
