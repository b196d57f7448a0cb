using System.Text.Json;
using Customer360.Api.Receipts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Collect;

/// <summary>Writes what a sender is told: always an object with <c>success</c>, which every SDK accepts.</summary>
public static class CollectAnswer
{
    private const string ContentType = "application/json";

    private static readonly ReadOnlyMemory<byte> s_success = """{"success":true}"""u8.ToArray();

    /// <summary>Answers that everything was taken, to a sender who asked no more.</summary>
    public static async Task WriteSuccessAsync(HttpResponse response)
    {
        response.ContentType = ContentType;
        response.ContentLength = s_success.Length;
        await response.BodyWriter.WriteAsync(s_success, response.HttpContext.RequestAborted);
    }

    /// <summary>Answers with as much as the sender asked for, and is never silent about what was not taken.</summary>
    public static async Task WriteAsync(HttpResponse response, CollectResult result, bool withReceipts)
    {
        int rejected = result.RejectedCount;
        if (rejected == 0 && result.Applied is null && !withReceipts)
        {
            await WriteSuccessAsync(response);
            return;
        }

        response.ContentType = ContentType;
        using (Utf8JsonWriter json = new(response.BodyWriter, AnswerJson.Options))
        {
            WriteResult(json, result, rejected, withReceipts);
        }

        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }

    private static void WriteResult(Utf8JsonWriter json, CollectResult result, int rejected, bool withReceipts)
    {
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        if (rejected > 0)
        {
            json.WriteNumber("rejected"u8, rejected);
        }

        if (result.Applied is { } applied)
        {
            json.WriteBoolean("applied"u8, applied);
        }

        if (withReceipts)
        {
            json.WriteStartArray("receipts"u8);
            for (int index = 0; index < result.Receipts.Length; index++)
            {
                WriteReceipt(json, result.Receipts[index], result.Envelopes[index], result.Outcomes?[index]);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteReceipt(
        Utf8JsonWriter json,
        in CollectReceipt receipt,
        Envelope? envelope,
        MessageOutcome? outcome
    )
    {
        json.WriteStartObject();
        json.WriteString("messageId"u8, receipt.MessageId);
        if (receipt.Refusal is { } refusal)
        {
            json.WriteString("status"u8, "rejected"u8);
            json.WriteString("reason"u8, refusal.Code);
            json.WriteString("message"u8, refusal.Message);
            MessageReceipt.WriteContract(json, (refusal as ContractViolated)?.Judgement);
        }
        else
        {
            json.WriteString("status"u8, receipt.Duplicate ? "duplicate" : MessageReceipt.StatusOf(envelope));
            if (!receipt.IsSuppressed)
            {
                json.WriteNumber("partition"u8, receipt.Partition);
                json.WriteNumber("position"u8, receipt.Position);
            }

            if (outcome is not null)
            {
                json.WriteString("customerId"u8, outcome.CustomerId);
                MessageReceipt.WriteIdentifiers(json, outcome.Identifiers);
            }
            else if (envelope is { Blocked.IsEmpty: false })
            {
                MessageReceipt.WriteIdentifiers(json, [.. envelope.Blocked.Select(IdentifierOutcome.Of)]);
            }

            if (envelope is not null)
            {
                MessageReceipt.WriteLeftOut(json, envelope.LeftOut);
                MessageReceipt.WriteConsent(json, envelope.Consent);
                MessageReceipt.WriteContract(json, envelope.Contract);
            }
        }

        json.WriteEndObject();
    }
}
