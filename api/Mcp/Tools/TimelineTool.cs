using Customer360.Api.Access;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Mcp.Tools;

/// <summary><c>timeline</c>: what a person did, as <c>GET …/timeline</c> answers it.</summary>
internal sealed class TimelineTool(ProfileAccess access) : GridTool(s_description)
{
    private const string FromName = "from";
    private const string ToName = "to";
    private const string OrderName = "order";
    private const string OldestFirst = "asc";

    private static readonly ToolDescription s_description = new(
        "timeline",
        "Read a timeline",
        "Lists what a person did and was told, the newest first: events with names, times, properties and where they came from. "
            + "Narrow it with from and to; it has pages."
    )
    {
        Parameters =
        [
            ToolParts.Identifier,
            new(FromName, ArgumentKind.Time, "Only what happened then or later."),
            new(ToName, ArgumentKind.Time, "Only what happened before."),
            new(OrderName, ArgumentKind.Text, "desc: the newest first, the default. asc: the oldest first.")
            {
                Choices = ["desc", OldestFirst],
            },
            ToolParts.Limit,
            ToolParts.Cursor,
        ],
        Data = ToolParts.Shape(
            ("customerId", "string", "The grid's own id."),
            ("events", "array", "Type, name, timestamp, messageId, source, identifiers, properties, traits.")
        ),
    };

    protected override async Task<Outcome<ToolData>> Ask(ToolCall call)
    {
        Outcome<TimelineRequest> asked = Read(call);
        if (!asked.Succeeded)
        {
            return asked.Refusal;
        }

        Outcome<CustomerAnswer<VisibleTimeline>> found = await access.GetTimeline(
            call.Asker,
            call.Arguments.Text(ToolParts.IdentifierName),
            asked.Value,
            call.Aborted
        );
        if (!found.Succeeded)
        {
            return found.Refusal;
        }

        VisibleTimeline page = found.Value.Reply;
        ReadOnlyMemory<byte> json = ToolParts.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("customerId"u8, found.Value.CustomerId);
            ProfilesTimeline.Write(writer, page);
            writer.WriteEndObject();
        });
        return new ToolData(json)
        {
            Listing = found.Value.Fields.Table?.Listing(),
            HasPages = true,
            Next = page.Next is { } next
                ? CallerCursors.Bind(call.Asker, ProfilesCursor.Write(asked.Value, next))
                : null,
        };
    }

    private static Outcome<TimelineRequest> Read(ToolCall call)
    {
        ToolArguments arguments = call.Arguments;
        int limit = arguments.Whole(ToolParts.LimitName, ToolParts.RowsDefault);
        if (arguments.Text(ToolParts.CursorName) is not { } cursor)
        {
            return new TimelineRequest(
                arguments.Time(FromName) ?? DateTimeOffset.MinValue,
                arguments.Time(ToName) ?? DateTimeOffset.MaxValue,
                arguments.Text(OrderName) != OldestFirst,
                limit,
                Cursor: null
            );
        }

        return CallerCursors.Unbind(call.Asker, cursor) is { } own && ProfilesCursor.Read(own, limit) is { } request
            ? request
            : new ParameterInvalid(ToolParts.CursorName, "it must be the 'next' of a page before");
    }
}
