using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Audit;

/// <summary>What a check of the audit log came to, as commands and jobs tell it.</summary>
public static class AuditReportJson
{
    /// <summary>
    /// <c>{"isWhole","records","root","isComparedWithHead","breaks":[{"chain","record","kind","expected","found"}]}</c>; <c>kind</c> is one of
    /// <see cref="AuditBreakKind"/> in small letters.
    /// </summary>
    /// <param name="isCompared">There was a head that was kept elsewhere.</param>
    public static ReadOnlyMemory<byte> Write(AuditReport report, bool isCompared)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteBoolean("isWhole"u8, report.Breaks.IsEmpty);
        writer.WriteNumber("records"u8, report.Records);
        writer.WriteString("root"u8, Convert.ToBase64String(report.Head.Root()));
        writer.WriteBoolean("isComparedWithHead"u8, isCompared);
        writer.WriteStartArray("breaks"u8);
        foreach (AuditBreak found in report.Breaks)
        {
            writer.WriteStartObject();
            writer.WriteNumber("chain"u8, found.Chain);
            writer.WriteNumber("record"u8, found.Seq);
            writer.WriteString("kind"u8, found.Kind.ToString().ToLowerInvariant());
            writer.WriteString("expected"u8, found.Expected);
            writer.WriteString("found"u8, found.Found);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
