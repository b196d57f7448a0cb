using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Payloads;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary><c>/v1/quarantine/identifiers</c>: identifiers that came with too many anchors.</summary>
internal sealed class QuarantineIdentifiers(IGrainFactory grains, ProfilesDirectory directory)
{
    private const string ReleaseSuffix = ":release";
    private const int LimitDefault = 50;
    private const int LimitMax = 200;

    /// <summary>A page. Each identifier is asked itself, so one that has just been released is not shown.</summary>
    public async Task List(HttpContext context)
    {
        Outcome<int> limit = ProfilesQuery.Limit(context.Request.Query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, limit.Refusal);
            return;
        }

        QuarantineCursors.IdentifierPlace? place = new(0, null);
        if (ProfilesQuery.Single(context.Request.Query, "cursor") is { } cursor)
        {
            place = QuarantineCursors.ReadIdentifier(cursor);
        }

        if (place is null)
        {
            await ProblemWriter.WriteAsync(
                context,
                new ParameterInvalid("cursor", "it must be the 'next' of a page before")
            );
            return;
        }

        (List<Identifier> page, string? next) = await ReadPage(place, limit.Value);
        IdentifierQuarantine?[] quarantines = await Task.WhenAll(
            page.Select(one => grains.GetGrain<IIdentifierGrain>(one.ToString()).GetQuarantine())
        );
        await ProfilesJson.Write(context.Response, writer => Write(writer, page, quarantines, next));
    }

    /// <summary>Ends a quarantine. The identifier links again, and its degree starts anew.</summary>
    public async Task Release(HttpContext context)
    {
        string? text = ProfilesPath.InRegion(context, ReleaseSuffix);
        Outcome<Identifier> identifier = directory.Identifier(text);
        if (!identifier.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, identifier.Refusal);
            return;
        }

        IIdentifierGrain grain = grains.GetGrain<IIdentifierGrain>(identifier.Value.ToString());
        IdentifierQuarantine? lifted = await grain.LiftQuarantine(isByJob: false);
        if (lifted is null)
        {
            bool isKnown = await grain.GetOwner() is not null;
            await ProblemWriter.WriteAsync(context, isKnown ? new NotQuarantined() : new NotFound("identifier"));
            return;
        }

        await ProfilesJson.Write(
            context.Response,
            writer =>
            {
                writer.WriteStartObject();
                WriteOne(writer, identifier.Value, lifted);
                writer.WriteBoolean("released"u8, true);
                writer.WriteEndObject();
            }
        );
    }

    /// <summary>Goes from part to part of the list until the page is full; one more than asked for tells of a next page.</summary>
    private async Task<(List<Identifier> Page, string? Next)> ReadPage(
        QuarantineCursors.IdentifierPlace place,
        int limit
    )
    {
        List<Identifier> page = [];
        Identifier? after = place.After;
        for (int part = place.Part; part < QuarantineList.Parts; part++, after = null)
        {
            ImmutableArray<Identifier> found = await grains
                .GetGrain<IQuarantineListGrain>(part)
                .List(after, limit + 1 - page.Count);
            page.AddRange(found);
            if (page.Count > limit)
            {
                page.RemoveAt(limit);
                return (page, QuarantineCursors.Write(page[^1]));
            }
        }

        return (page, null);
    }

    private static void Write(
        Utf8JsonWriter writer,
        List<Identifier> page,
        IdentifierQuarantine?[] quarantines,
        string? next
    )
    {
        writer.WriteStartObject();
        writer.WriteStartArray("identifiers"u8);
        for (int index = 0; index < page.Count; index++)
        {
            if (quarantines[index] is { } quarantine)
            {
                writer.WriteStartObject();
                WriteOne(writer, page[index], quarantine);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteString("next"u8, next);
        writer.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter writer, Identifier identifier, IdentifierQuarantine quarantine)
    {
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
