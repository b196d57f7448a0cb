using System.Text.Json;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Quarantine;

/// <summary><c>/v1/quarantine/identifiers</c>: identifiers that came with too many anchors.</summary>
internal sealed class QuarantineIdentifiers(ProfileAccess access, CallerCursors cursors)
{
    private const string ReleaseSuffix = ":release";
    private const int LimitDefault = 50;
    private const int LimitMax = 200;

    /// <summary>A page.</summary>
    public async Task List(HttpContext context)
    {
        Outcome<int> limit = QueryValues.Limit(context.Request.Query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, limit.Refusal);
            return;
        }

        var asker = Asker.Of(context);
        QuarantineCursors.IdentifierPlace? place = new(0, null);
        if (QueryValues.Single(context.Request.Query, "cursor") is { } cursor)
        {
            place = cursors.Read(asker, cursor) is { } own ? QuarantineCursors.ReadIdentifier(own) : null;
        }

        if (place is null)
        {
            await ProblemWriter.WriteAsync(
                context,
                new ParameterInvalid("cursor", "it must be the 'next' of a page before")
            );
            return;
        }

        Outcome<HeldIdentifiers> page = await access.ListHeldIdentifiers(asker, place, limit.Value);
        if (!page.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, page.Refusal);
            return;
        }

        context.Response.MarkUnstored();
        await JsonAnswer.Write(context.Response, writer => Write(writer, page.Value, asker));
    }

    /// <summary>Ends a quarantine. The identifier links again, and its degree starts anew.</summary>
    public async Task Release(HttpContext context)
    {
        string? text = PathValues.InRegion(context, ReleaseSuffix);
        Outcome<HeldIdentifier> released = await access.ReleaseIdentifier(Asker.Of(context), text);
        if (!released.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, released.Refusal);
            return;
        }

        context.Response.MarkUnstored();
        await JsonAnswer.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                WriteOne(writer, released.Value);
                writer.WriteBoolean("released"u8, true);
                writer.WriteEndObject();
            }
        );
    }

    private void Write(Utf8JsonWriter writer, HeldIdentifiers page, Asker asker)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("identifiers"u8);
        foreach (HeldIdentifier one in page.Identifiers)
        {
            writer.WriteStartObject();
            WriteOne(writer, one);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString(
            "next"u8,
            page.Last is { } last ? cursors.Write(asker, last.ToString(), page.IsSeenWhole) : null
        );
        writer.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter writer, HeldIdentifier held)
    {
        (Identifier identifier, IdentifierQuarantine quarantine) = held;
        writer.WriteString("type"u8, identifier.Type);
        writer.WriteString("value"u8, identifier.Value);
        writer.WriteString("customerId"u8, quarantine.Owner);
        writer.WriteString("reason"u8, "degree"u8);
        writer.WriteNumber("degree"u8, quarantine.Degree);
        writer.WriteTime("quarantinedAt"u8, quarantine.At);
        writer.WriteString("messageId"u8, quarantine.MessageId);
        writer.WriteString("source"u8, quarantine.Source);
        writer.WriteString("ruleVersion"u8, quarantine.RuleVersion);
    }
}
