using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Policies;

/// <summary>A step as a decision record: writer and reader of its form.</summary>
public static class PolicyStepRecord
{
    private const string KindPrefix = "policy_";

    /// <summary>What the records of a kind of policy are found by in the decision log: it stands in a customer's place.</summary>
    public static string SubjectOf(string kind) => $"policy:{kind}";

    /// <summary><c>{"kind","number","by","version","text","replaces"}</c>; the record's kind is <c>policy_proposed</c> and so on.</summary>
    public static DecisionRecord Of(string kind, PolicyStep step)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, kind);
            writer.WriteNumber("number"u8, step.Number);
            writer.WriteString("by"u8, step.By);
            writer.WriteString("version"u8, step.Version);
            writer.WriteString("text"u8, step.TextId);
            writer.WriteString("replaces"u8, step.Replaces);
            writer.WriteEndObject();
        }

        byte[] id = SHA256.HashData(Encoding.UTF8.GetBytes($"policy\n{kind}\n{step.Number}"));
        return new DecisionRecord(
            $"d_{Convert.ToHexStringLower(id.AsSpan(0, 16))}",
            KindPrefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(step.Kind.ToString()),
            SubjectOf(kind),
            OtherCustomerId: null,
            step.At,
            buffer.WrittenMemory
        );
    }

    /// <summary>Reads what <see cref="Of"/> wrote.</summary>
    /// <exception cref="JsonException">It is no such record.</exception>
    public static PolicyStep Read(DecisionRecord record)
    {
        using var document = JsonDocument.Parse(record.Payload);
        JsonElement step = document.RootElement;
        PolicyStepKind? kind = Enum.GetValues<PolicyStepKind>()
            .Cast<PolicyStepKind?>()
            .FirstOrDefault(one =>
                record.Kind == KindPrefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()!)
            );
        return new PolicyStep(
            step.GetProperty("number"u8).GetInt64(),
            kind ?? throw new JsonException("It is no step of a policy."),
            record.At,
            step.GetProperty("by"u8).GetString()!,
            step.GetProperty("version"u8).GetString()!,
            step.GetProperty("text"u8).GetString()!,
            step.GetProperty("replaces"u8).GetString()!
        );
    }
}
