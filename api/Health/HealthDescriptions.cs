using Customer360.Api.OpenApi;

namespace Customer360.Api.Health;

internal static class HealthDescriptions
{
    private const string Tag = "Operations";

    public static RouteDescription Live { get; } = new("getLiveness", Tag, "Says that the process is up.");

    public static RouteDescription Ready { get; } =
        new("getReadiness", Tag, "Says whether the process may be given traffic.")
        {
            Details =
                "Ready: storage answers, and every intake partition has handed over what was accepted before the start.",
            Problems = [503],
        };

    public static RouteDescription Metrics { get; } =
        new("getMetrics", Tag, "Answers with the process's metrics in Prometheus' text format.")
        {
            Details = "Needs the role `admin`, unless the setting `Customer360:Metrics:Anonymous` opens it to anybody.",
            Answer = new RouteAnswer(
                StatusCodes.Status200OK,
                "The metrics.",
                "text/plain; version=0.0.4; charset=utf-8",
                "# TYPE customer360_profile_reads_total counter\ncustomer360_profile_reads_total{outcome=\"found\"} 42\n"
            ),
        };
}
