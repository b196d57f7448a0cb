using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Audit;

/// <summary>
/// The audit record of a decision. The store makes it from the decision and writes both in one transaction, so nobody can forget
/// it. It repeats no value of the payload: kind, customers, rules, who asked, and the payload's hash.
/// </summary>
public static class DecisionAudit
{
    private const string PolicySubject = "policy:";
    private const string PolicyKindPrefix = "policy_";
    private const string PolicyPrefix = "policy.";
    private static readonly AuditActor s_grid = new("grid", "identity", "");
    private static readonly AuditActor s_file = new("grid", "file", "");

    // A policy is not hashed, so this one never needs its key.
    private static readonly AuditHash s_noHash = new();

    /// <summary>The entry; its id is the decision's. Null where the payload is no JSON.</summary>
    /// <param name="decision">Identity's, or a step of a policy: those have actions <c>policy.…</c>, the others <c>decision.…</c>.</param>
    /// <param name="hash">Hashes an identifier that stands in the customer's place.</param>
    public static AuditEntry? Of(DecisionRecord decision, AuditHash hash)
    {
        if (!TryReadPayload(decision.Payload.Span, out string? rules, out string? by))
        {
            return null;
        }

        (string objectType, string objectId) = ObjectOf(decision.CustomerId, hash);
        var details = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        details.Add("payload", HashOf(decision.Payload.Span));
        if (decision.OtherCustomerId is { } other)
        {
            details.Add("other", ObjectOf(other, hash).Id);
        }

        return new AuditEntry(decision.Id, decision.At, ActionOf(decision.Kind), ActorOf(by), objectType, objectId)
        {
            PolicyVersion = rules,
            Details = details.ToImmutable(),
        };
    }

    /// <summary>The entry of a step of a policy: the same that its decision has.</summary>
    public static AuditEntry OfStep(string kind, PolicyStep step) => Of(PolicyStepRecord.Of(kind, step), s_noHash)!;

    /// <summary>SHA-256 of a payload, in lower-case hexadecimal digits.</summary>
    public static string HashOf(ReadOnlySpan<byte> payload) => Convert.ToHexStringLower(SHA256.HashData(payload));

    private static string ActionOf(string kind) =>
        kind.StartsWith(PolicyKindPrefix, StringComparison.Ordinal)
            ? PolicyPrefix + kind[PolicyKindPrefix.Length..]
            : AuditChain.DecisionPrefix + kind;

    private static AuditActor ActorOf(string? by) =>
        by switch
        {
            null => s_grid,
            "file" => s_file,
            _ => new AuditActor("key", by, ""),
        };

    /// <summary>An identifier that nobody owns stands in the customer's place; the audit has its hash.</summary>
    private static (string Type, string Id) ObjectOf(string subject, AuditHash hash) =>
        CustomerId.IsValid(subject) ? ("customer", subject)
        : subject.StartsWith(PolicySubject, StringComparison.Ordinal) ? ("policy", subject[PolicySubject.Length..])
        : ("identifier", hash.Of(subject));

    /// <summary>The version of the rules, and the name of the key that asked for it. A payload of another form has neither.</summary>
    private static bool TryReadPayload(ReadOnlySpan<byte> payload, out string? rules, out string? by)
    {
        rules = null;
        by = null;
        var reader = new Utf8JsonReader(payload);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    ReadMember(ref reader, ref rules, ref by);
                }
            }

            return true;
        }
        catch (JsonException)
        {
            // Its text would show a part of the payload.
            return false;
        }
    }

    private static void ReadMember(ref Utf8JsonReader reader, ref string? rules, ref string? by)
    {
        bool isRules = reader.ValueTextEquals("ruleVersion"u8) || reader.ValueTextEquals("version"u8);
        bool isBy = reader.ValueTextEquals("by"u8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
        }
        else if (isRules)
        {
            rules = reader.GetString();
        }
        else if (isBy)
        {
            by = reader.GetString();
        }
    }
}
