using Customer360.Api.Access;
using Customer360.Api.OpenApi;
using Customer360.Api.Profiles;

namespace Customer360.Api.Changes;

internal static class ChangesDescriptions
{
    private static readonly RouteParameter s_identifier = RouteParameter.Path(
        "identifier",
        "`type:value`, or `customer:` and an id.",
        "email:jane@example.com"
    );

    private static readonly RouteParameter s_lastEventId = RouteParameter.Header(
        ChangesFollower.LastEventId,
        "The id of the last event that was read: the stream goes on behind it. Browsers send it by themselves.",
        "9Q0q7bq0"
    );

    public static RouteDescription OfProfile { get; } =
        new("followProfile", "Profiles", "Tells a profile whenever it is another one: server-sent events.")
        {
            Details =
                "The first event is the profile as it is; a reader that comes again with `Last-Event-ID` gets it only where it has changed since. "
                + "`profile` has what `GET /v1/profiles/{identifier}` answers at that moment, so changes that follow each other closely are one "
                + "event, and of fields that the caller may not see no change is told. A merge is followed to the customer that remains. "
                + "`ended` is the last event: `code` is `gone` where nobody is known by this any more, else why the caller is shown nothing more. "
                + "Lines that begin with a colon say that the stream lives.",
            Parameters = [s_identifier, RegionParameter.Of, GateQueries.Parameter, s_lastEventId],
            Answer = new RouteAnswer(
                StatusCodes.Status200OK,
                "Events until the reader goes.",
                EventStream.ContentType,
                "id: 9Q0q7bq0\nevent: profile\ndata: {\"customerId\":\"c_019ac8d12f400030000000001\",\"traits\":{\"plan\":\"pro\"}}\n\n"
            ),
            Problems = [400, 404, 429, 503],
        };

    public static RouteDescription OfAudience { get; } =
        new("followAudience", "Audiences", "Tells who enters an audience and who leaves it: server-sent events.")
        {
            Details =
                "From now on, or with `Last-Event-ID` from there. Events are `entered` and `left`; of each person the last change is told, and of "
                + "whom the caller may see nothing, nothing. An event may come twice with the same id. `lagged` says that more has changed than was "
                + "told at once (`behind`: it follows), or that the id is older than a week or of another store (`expired`: read the members again, "
                + "the stream goes on from now). `ended` is the last event.",
            Parameters =
            [
                RouteParameter.Path("name", "The audience's name.", "repeat-buyers"),
                GateQueries.Parameter,
                s_lastEventId,
            ],
            Answer = new RouteAnswer(
                StatusCodes.Status200OK,
                "Events until the reader goes.",
                EventStream.ContentType,
                "id: uQjeAA\nevent: entered\ndata: {\"audience\":\"repeat-buyers\",\"customerId\":\"c_019ac8d12f400030000000001\","
                    + "\"at\":\"2026-11-28T08:12:00Z\",\"isHeldOut\":false}\n\n"
            ),
            Problems = [400, 404, 429, 503],
        };
}
