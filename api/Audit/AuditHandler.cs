using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Audit;

/// <summary><c>/v1/audit</c>: the records, the newest first, and the head.</summary>
internal sealed class AuditHandler(IGrainFactory grains, ProfileAccess access)
{
    private const int LimitDefault = 50;
    private const int LimitMax = 200;
    private const int TextLengthMax = 256;

    // The first byte of a cursor says what it is of.
    private const byte CursorForm = 0xA1;

    public async Task List(HttpContext context)
    {
        if (await IsRefused(context))
        {
            return;
        }

        Outcome<AuditSearch> search = Read(context.Request.Query);
        if (!search.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, search.Refusal);
            return;
        }

        FoundAudit page = await grains.GetGrain<IAuditGrain>(0).Find(search.Value);
        context.Response.MarkUnstored();
        await JsonAnswer.Write(context.Response, writer => Write(writer, page));
    }

    public async Task GetHead(HttpContext context)
    {
        if (await IsRefused(context))
        {
            return;
        }

        string head = await grains.GetGrain<IAuditGrain>(0).GetHead();
        context.Response.MarkUnstored();
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(head);
    }

    /// <summary>The parameter <c>purpose</c> is a filter here, and not what the caller wants the log for.</summary>
    private async Task<bool> IsRefused(HttpContext context)
    {
        if (access.AuditRefusal(Asker.Of(Caller.Of(context))) is not { } refusal)
        {
            return false;
        }

        await ProblemWriter.WriteAsync(context, refusal);
        return true;
    }

    private static Outcome<AuditSearch> Read(IQueryCollection query)
    {
        Outcome<int> limit = QueryValues.Limit(query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            return limit.Refusal;
        }

        Outcome<TimeRange> range = TimeRange.Read(query, "from", "to");
        if (!range.Succeeded)
        {
            return range.Refusal;
        }

        long before = long.MaxValue;
        if (QueryValues.Single(query, "cursor") is { } text)
        {
            var cursor = new CursorReader(text, CursorForm);
            before = cursor.Number();
            if (!cursor.IsWhole)
            {
                return new ParameterInvalid("cursor", "it must be the 'next' of a page before");
            }
        }

        string[] names = ["action", "actor", "objectType", "object", "purpose", "result"];
        string?[] values = [.. names.Select(name => QueryValues.Single(query, name))];
        int tooLong = Array.FindIndex(values, value => value?.Length > TextLengthMax);
        if (tooLong >= 0)
        {
            return new ParameterInvalid(names[tooLong], $"it may have {TextLengthMax} characters at most");
        }

        // Most objects are customers.
        string? objectType = values[2] ?? (values[3] is null ? null : "customer");
        return new AuditSearch(
            values[0],
            values[1],
            objectType,
            values[3],
            values[4],
            values[5],
            range.Value.From,
            range.Value.To,
            before,
            limit.Value
        );
    }

    private static void Write(Utf8JsonWriter writer, FoundAudit page)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("entries"u8);
        foreach (FoundAuditRecord one in page.Records)
        {
            writer.WriteStartObject();
            writer.WriteNumber("chain"u8, one.Chain);
            writer.WriteNumber("seq"u8, one.Seq);
            writer.WriteString("hash"u8, one.Hash);

            // Byte for byte, so that a reader can compute the hash.
            writer.WritePropertyName("record"u8);
            writer.WriteRawValue(one.Record.Span, skipInputValidation: true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString(
            "next"u8,
            page.Next is { } next ? new CursorWriter(CursorForm).Number(next).ToString() : null
        );
        writer.WriteEndObject();
    }
}
