using System.Text.Json;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;

namespace Customer360.Rules.Attribution;

/// <summary>
/// Writes and reads a conversion's file: <c>{"id","definition","externalId","statements":[…],"people"?:[…],"erased"?,"history":[…],
/// "ledger":[…]}</c>. What is null, false, zero or empty is left out.
/// </summary>
public static class ConversionFileJson
{
    public static void Write(Utf8JsonWriter writer, ConversionFile file)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, file.Id);
        writer.WriteString("definition"u8, file.Definition);
        writer.WriteString("externalId"u8, file.ExternalId);
        writer.WriteStartArray("statements"u8);
        foreach (ConversionStatement statement in file.Statements)
        {
            writer.WriteStartObject();
            WritePlace(writer, statement.Place);
            writer.WriteString("at"u8, statement.At);
            writer.WriteNumber("kind"u8, (int)statement.Kind);
            WriteMoney(writer, statement.Money);
            WriteNumber(writer, "fault", (int)statement.Fault);
            WriteTime(writer, "closedAt", statement.ClosedAt);
            WriteFlag(writer, "claimed", statement.IsClaimed);
            WriteText(writer, "amount", statement.AmountText);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (!file.People.IsEmpty)
        {
            writer.WriteStartArray("people"u8);
            foreach (string person in file.People)
            {
                writer.WriteStringValue(person);
            }

            writer.WriteEndArray();
        }

        WriteFlag(writer, "erased", file.HasErased);
        writer.WriteStartArray("history"u8);
        foreach (Restatement restatement in file.History)
        {
            Write(writer, restatement);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("ledger"u8);
        foreach (CreditRow row in file.Ledger)
        {
            Write(writer, row);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter, ConversionFile)"/> wrote; the reader stands on the object's start.</summary>
    public static ConversionFile Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return Read(document.RootElement);
    }

    public static ConversionFile Read(JsonElement json) =>
        new(
            json.GetProperty("id"u8).GetString()!,
            json.GetProperty("definition"u8).GetString()!,
            json.GetProperty("externalId"u8).GetString()!,
            [
                .. json.GetProperty("statements"u8)
                    .EnumerateArray()
                    .Select(one => new ConversionStatement(
                        PlaceOf(one),
                        one.GetProperty("at"u8).GetDateTimeOffset(),
                        (StatementKind)one.GetProperty("kind"u8).GetInt32(),
                        MoneyOf(one)
                    )
                    {
                        Fault = (CreditResidual)Number(one, "fault"),
                        ClosedAt = Time(one, "closedAt"),
                        IsClaimed = one.TryGetProperty("claimed"u8, out _),
                        AmountText = Text(one, "amount"),
                    }),
            ]
        )
        {
            People = json.TryGetProperty("people"u8, out JsonElement people)
                ? [.. people.EnumerateArray().Select(one => one.GetString()!)]
                : [],
            HasErased = json.TryGetProperty("erased"u8, out _),
            History = [.. json.GetProperty("history"u8).EnumerateArray().Select(ReadRestatement)],
            Ledger =
            [
                .. json.GetProperty("ledger"u8)
                    .EnumerateArray()
                    .Select(row =>
                        ReadRow(
                            json.GetProperty("id"u8).GetString()!,
                            json.GetProperty("definition"u8).GetString()!,
                            row
                        )
                    ),
            ],
        };

    private static void Write(Utf8JsonWriter writer, CreditRow row)
    {
        writer.WriteStartObject();
        writer.WriteNumber("number"u8, row.Number);
        writer.WriteNumber("line"u8, row.Line);
        writer.WriteNumber("model"u8, (int)row.Model);
        WriteText(writer, "channel", row.Channel);
        WriteText(writer, "source", row.Source);
        WriteText(writer, "medium", row.Medium);
        WriteText(writer, "campaign", row.Campaign);
        WriteNumber(writer, "residual", (int)row.Residual);
        writer.WriteNumber("minor"u8, row.Minor);
        writer.WriteString("currency"u8, row.Currency);
        if (row.ReportingMinor is { } reporting)
        {
            writer.WriteNumber("reporting"u8, reporting);
        }

        writer.WriteNumber("reason"u8, (int)row.Reason);
        writer.WriteString("convertedAt"u8, row.ConvertedAt);
        writer.WriteString("bookedAt"u8, row.BookedAt);
        writer.WriteEndObject();
    }

    private static CreditRow ReadRow(string id, string definition, JsonElement json) =>
        new(
            id,
            json.GetProperty("number"u8).GetInt32(),
            json.GetProperty("line"u8).GetInt32(),
            definition,
            (AttributionModel)json.GetProperty("model"u8).GetInt32(),
            Text(json, "channel"),
            (CreditResidual)Number(json, "residual"),
            json.GetProperty("currency"u8).GetString()!,
            json.GetProperty("minor"u8).GetInt64(),
            json.TryGetProperty("reporting"u8, out JsonElement reporting) ? reporting.GetInt64() : null,
            (RestatementReason)json.GetProperty("reason"u8).GetInt32(),
            json.GetProperty("convertedAt"u8).GetDateTimeOffset(),
            json.GetProperty("bookedAt"u8).GetDateTimeOffset()
        )
        {
            Source = Text(json, "source"),
            Medium = Text(json, "medium"),
            Campaign = Text(json, "campaign"),
        };

    private static void Write(Utf8JsonWriter writer, Restatement restatement)
    {
        ConversionCredit credit = restatement.Credit;
        ConversionStanding standing = credit.Standing;
        writer.WriteStartObject();
        writer.WriteNumber("number"u8, restatement.Number);
        writer.WriteString("at"u8, restatement.At);
        writer.WriteString("bookedAt"u8, restatement.BookedAt);
        writer.WriteNumber("reason"u8, (int)restatement.Reason);
        writer.WriteString("cause"u8, restatement.Cause);
        writer.WriteString("policy"u8, restatement.PolicyVersion);
        WriteFlag(writer, "counts", standing.Counts);
        WriteFlag(writer, "lost", standing.IsLost);
        writer.WriteString("convertedAt"u8, standing.ConvertedAt);
        WriteTime(writer, "openedAt", standing.OpenedAt);
        if (standing.RefundedMinor != 0)
        {
            writer.WriteNumber("refunded"u8, standing.RefundedMinor);
        }

        WriteMoney(writer, standing.Money);
        WriteNumber(writer, "fault", (int)standing.Fault);
        if (credit.ReportingMinor is { } reporting)
        {
            writer.WriteNumber("reporting"u8, reporting);
        }

        writer.WriteStartArray("movements"u8);
        foreach (ConversionMovement movement in standing.Movements)
        {
            writer.WriteStartObject();
            writer.WriteString("at"u8, movement.At);
            writer.WriteNumber("reason"u8, (int)movement.Reason);
            writer.WriteNumber("minor"u8, movement.Minor);
            writer.WriteString("currency"u8, movement.Currency);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("touches"u8);
        foreach (CreditedTouch touch in credit.Touches)
        {
            Write(writer, touch);
        }

        writer.WriteEndArray();
        WriteNumber(writer, "leftOut", credit.LeftOut);
        writer.WriteStartArray("models"u8);
        foreach (ModelCredit model in credit.Models)
        {
            writer.WriteStartObject();
            writer.WriteNumber("model"u8, (int)model.Model);
            writer.WriteStartArray("parts"u8);
            foreach (CreditPart part in model.Parts)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(part.Touch ?? -1);
                writer.WriteNumberValue((int)part.Residual);
                writer.WriteNumberValue(part.Minor);
                if (part.ReportingMinor is { } reported)
                {
                    writer.WriteNumberValue(reported);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CreditedTouch credited)
    {
        writer.WriteStartObject();
        WritePlace(writer, credited.Place);
        writer.WriteString("at"u8, credited.At);
        writer.WriteString("customer"u8, credited.CustomerId);
        if (credited.Touch is { } touch)
        {
            writer.WriteString("channel"u8, touch.Channel);
            writer.WriteNumber("evidence"u8, (int)touch.Evidence);
            WriteText(writer, "source", touch.Source.Source);
            WriteText(writer, "medium", touch.Source.Medium);
            WriteText(writer, "campaign", touch.Source.Campaign);
            WriteText(writer, "content", touch.Source.Content);
            WriteText(writer, "term", touch.Source.Term);
            WriteText(writer, "page", touch.Page);
            WriteNumber(writer, "faults", (int)touch.Faults);
        }

        writer.WriteEndObject();
    }

    private static Restatement ReadRestatement(JsonElement json)
    {
        var standing = new ConversionStanding(
            json.TryGetProperty("counts"u8, out _),
            json.GetProperty("convertedAt"u8).GetDateTimeOffset(),
            MoneyOf(json),
            (CreditResidual)Number(json, "fault"),
            [
                .. json.GetProperty("movements"u8)
                    .EnumerateArray()
                    .Select(one => new ConversionMovement(
                        one.GetProperty("at"u8).GetDateTimeOffset(),
                        (RestatementReason)one.GetProperty("reason"u8).GetInt32(),
                        one.GetProperty("minor"u8).GetInt64(),
                        one.GetProperty("currency"u8).GetString()!
                    )),
            ]
        )
        {
            OpenedAt = Time(json, "openedAt"),
            RefundedMinor = json.TryGetProperty("refunded"u8, out JsonElement refunded) ? refunded.GetInt64() : 0,
            IsLost = json.TryGetProperty("lost"u8, out _),
        };
        return new Restatement(
            json.GetProperty("number"u8).GetInt32(),
            json.GetProperty("at"u8).GetDateTimeOffset(),
            json.GetProperty("bookedAt"u8).GetDateTimeOffset(),
            (RestatementReason)json.GetProperty("reason"u8).GetInt32(),
            json.GetProperty("cause"u8).GetString()!,
            json.GetProperty("policy"u8).GetString()!,
            new ConversionCredit(
                standing,
                json.TryGetProperty("reporting"u8, out JsonElement reporting) ? reporting.GetInt64() : null,
                [.. json.GetProperty("touches"u8).EnumerateArray().Select(ReadTouch)],
                Number(json, "leftOut"),
                [
                    .. json.GetProperty("models"u8)
                        .EnumerateArray()
                        .Select(one => new ModelCredit(
                            (AttributionModel)one.GetProperty("model"u8).GetInt32(),
                            [.. one.GetProperty("parts"u8).EnumerateArray().Select(ReadPart)]
                        )),
                ]
            )
        );
    }

    private static CreditPart ReadPart(JsonElement json) =>
        new(
            json[0].GetInt32() is >= 0 and var touch ? touch : null,
            (CreditResidual)json[1].GetInt32(),
            json[2].GetInt64(),
            json.GetArrayLength() > 3 ? json[3].GetInt64() : null
        );

    private static CreditedTouch ReadTouch(JsonElement json)
    {
        DateTimeOffset at = json.GetProperty("at"u8).GetDateTimeOffset();
        LogPlace place = PlaceOf(json);
        return new CreditedTouch(
            at,
            place,
            json.TryGetProperty("channel"u8, out JsonElement channel)
                ? new JourneyTouch(
                    at,
                    place,
                    new TrafficSource(Text(json, "source"), Text(json, "medium"), Text(json, "campaign"))
                    {
                        Content = Text(json, "content"),
                        Term = Text(json, "term"),
                    },
                    channel.GetString()!,
                    (TouchEvidence)json.GetProperty("evidence"u8).GetInt32()
                )
                {
                    Page = Text(json, "page"),
                    Faults = (CampaignFaults)Number(json, "faults"),
                }
                : null,
            json.GetProperty("customer"u8).GetString()!
        );
    }

    private static void WritePlace(Utf8JsonWriter writer, LogPlace place)
    {
        writer.WriteNumber("partition"u8, place.Partition);
        writer.WriteNumber("position"u8, place.Position);
    }

    private static LogPlace PlaceOf(JsonElement json) =>
        new(json.GetProperty("partition"u8).GetInt32(), json.GetProperty("position"u8).GetInt64());

    private static void WriteMoney(Utf8JsonWriter writer, MoneyValue? money)
    {
        if (money is { } known)
        {
            writer.WriteNumber("minor"u8, known.Minor);
            writer.WriteString("currency"u8, known.Currency);
        }
    }

    private static MoneyValue? MoneyOf(JsonElement json) =>
        json.TryGetProperty("minor"u8, out JsonElement minor)
            ? new MoneyValue(minor.GetInt64(), json.GetProperty("currency"u8).GetString()!)
            : null;

    private static void WriteFlag(Utf8JsonWriter writer, string name, bool flag)
    {
        if (flag)
        {
            writer.WriteBoolean(name, true);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int number)
    {
        if (number != 0)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static int Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement number) ? number.GetInt32() : 0;

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            writer.WriteString(name, known);
        }
    }

    private static DateTimeOffset? Time(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement time) ? time.GetDateTimeOffset() : null;

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}
