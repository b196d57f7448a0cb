using System.Runtime.InteropServices;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Rules.Identity;

/// <summary>Renders why a customer is one, and where its fields come from: <c>GET …/explain</c>.</summary>
/// <remarks>Times are RFC 3339 UTC; equal inputs give equal bytes.</remarks>
public static class ExplainDocument
{
    /// <summary>
    /// <c>{"customerId","identifiers":[{"type","value","evidence":[{"messageId","source","at","ruleVersion",
    /// "mergeId"?,"confidence"}]}],"history":[…],"fields":{…},"next"?,"truncated"?}</c>, UTF-8. The evidence is the
    /// message that linked the identifier, then each merge of this page that brought it along. A field is as in the verbose
    /// profile (<see cref="ProfileDocument.RenderVerbose(ProfileView, MastershipPolicy)"/>). An entry of the history is
    /// <c>{"kind","id","at","customerId","otherCustomerId"?,"mergeId"?}</c> and every member of the decision's payload
    /// as it is, so a new kind of decision needs no change here; <c>mergeId</c> is what undoes a merge.
    /// </summary>
    /// <param name="customerId">The customer that was asked about.</param>
    /// <param name="view">Null on pages behind the first: they have the history alone.</param>
    /// <param name="history">A page of its decisions, in order.</param>
    /// <param name="next">The next page's cursor, or null on the last.</param>
    /// <param name="isTruncated">Part of the history may be missing.</param>
    public static byte[] Render(
        string customerId,
        ProfileView? view,
        IReadOnlyList<DecisionRecord> history,
        string? next,
        bool isTruncated,
        MastershipPolicy policy
    ) => Render(customerId, view, history, next, isTruncated, policy, VisibleFields.Everything);

    /// <summary>
    /// The same for a caller who may not see everything: identifiers and fields as the profile shows them, and of a decision what
    /// is known to name nobody, with its identifiers as this caller sees them.
    /// </summary>
    public static byte[] Render(
        string customerId,
        ProfileView? view,
        IReadOnlyList<DecisionRecord> history,
        string? next,
        bool isTruncated,
        MastershipPolicy policy,
        VisibleFields fields
    )
    {
        var buffer = new Utf8Buffer(4096);
        try
        {
            buffer.Raw("{\"customerId\":"u8);
            buffer.Text(customerId);
            if (view is not null)
            {
                WriteIdentifiers(ref buffer, view, history, fields);
            }

            WriteHistory(ref buffer, history, fields.Table);
            if (view is not null)
            {
                ProfileDocument.WriteFields(ref buffer, view, policy, fields);
            }

            if (next is not null)
            {
                buffer.Raw(",\"next\":"u8);
                buffer.Text(next);
            }

            buffer.Raw(isTruncated ? ",\"truncated\":true}"u8 : "}"u8);
            return buffer.ToArray();
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static void WriteIdentifiers(
        ref Utf8Buffer buffer,
        ProfileView view,
        IReadOnlyList<DecisionRecord> history,
        VisibleFields fields
    )
    {
        ILookup<Identifier, (DecisionRecord Record, DecisionPayload Payload)> merges = history
            .Where(decision => decision.Kind == DecisionKinds.Merged)
            .Select(merge => (Record: merge, Payload: DecisionPayload.Read(merge.Payload)))
            .SelectMany(merge => merge.Payload.Identifiers.Select(identifier => (identifier, merge)))
            .ToLookup(pair => pair.identifier, pair => pair.merge);
        buffer.Raw(",\"identifiers\":["u8);
        foreach (ProfileIdentifier entry in view.Identifiers)
        {
            Identifier? shown = fields.Table is { } table ? table.Show(entry.Identifier) : entry.Identifier;
            if (shown is not { } identifier)
            {
                continue;
            }

            buffer.Raw("{\"type\":"u8);
            buffer.Text(identifier.Type);
            buffer.Raw(",\"value\":"u8);
            buffer.Text(identifier.Value);
            buffer.Raw(",\"evidence\":["u8);
            WriteEvidence(ref buffer, entry.MessageId, entry.Source, entry.LinkedAt, entry.RuleVersion, mergeId: null);
            foreach ((DecisionRecord record, DecisionPayload payload) in merges[entry.Identifier])
            {
                buffer.Raw(","u8);
                WriteEvidence(
                    ref buffer,
                    payload.MessageId ?? "",
                    payload.Source ?? "",
                    record.At,
                    payload.RuleVersion ?? "",
                    record.Id
                );
            }

            buffer.Raw("]},"u8);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteEvidence(
        ref Utf8Buffer buffer,
        string messageId,
        string source,
        DateTimeOffset at,
        string ruleVersion,
        string? mergeId
    )
    {
        buffer.Raw("{\"messageId\":"u8);
        buffer.Text(messageId);
        buffer.Raw(",\"source\":"u8);
        buffer.Text(source);
        buffer.Raw(",\"at\":"u8);
        buffer.Time(at);
        buffer.Raw(",\"ruleVersion\":"u8);
        buffer.Text(ruleVersion);
        if (mergeId is not null)
        {
            buffer.Raw(",\"mergeId\":"u8);
            buffer.Text(mergeId);
        }

        // Every link rests on a message that carries both identifiers: none is guessed.
        buffer.Raw(",\"confidence\":\"deterministic\"}"u8);
    }

    private static void WriteHistory(ref Utf8Buffer buffer, IReadOnlyList<DecisionRecord> history, FieldTable? table)
    {
        buffer.Raw(",\"history\":["u8);
        foreach (DecisionRecord decision in history)
        {
            WriteDecision(ref buffer, decision, table);
            buffer.Raw(","u8);
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    private static void WriteDecision(ref Utf8Buffer buffer, DecisionRecord decision, FieldTable? table)
    {
        bool isMerge = decision.Kind == DecisionKinds.Merged;
        buffer.Raw("{\"kind\":"u8);
        buffer.Text(decision.Kind);
        buffer.Raw(",\"id\":"u8);
        buffer.Text(decision.Id);
        buffer.Raw(",\"at\":"u8);
        buffer.Time(decision.At);
        buffer.Raw(",\"customerId\":"u8);
        buffer.Text(decision.CustomerId);
        if (decision.OtherCustomerId is { } other)
        {
            buffer.Raw(",\"otherCustomerId\":"u8);
            buffer.Text(other);
        }

        if (isMerge)
        {
            buffer.Raw(",\"mergeId\":"u8);
            buffer.Text(decision.Id);
        }

        if (table is not null)
        {
            WriteVisible(ref buffer, DecisionPayload.Read(decision.Payload), table);
            buffer.Raw("}"u8);
            return;
        }

        using var payload = JsonDocument.Parse(decision.Payload);
        if (payload.RootElement.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in payload.RootElement.EnumerateObject())
            {
                if (!IsWritten(member.Name, isMerge))
                {
                    buffer.Raw(","u8);
                    buffer.Text(member.Name);
                    buffer.Raw(":"u8);
                    buffer.Raw(JsonMarshal.GetRawUtf8Value(member.Value));
                }
            }
        }

        buffer.Raw("}"u8);
    }

    /// <summary>
    /// What is known to name nobody. A free text may name anybody, and what a newer release writes is not known here: neither
    /// is shown.
    /// </summary>
    private static void WriteVisible(ref Utf8Buffer buffer, DecisionPayload payload, FieldTable table)
    {
        (string Name, string? Value)[] members =
        [
            ("messageId", payload.MessageId),
            ("source", payload.Source),
            ("ruleVersion", payload.RuleVersion),
            ("because", payload.Because),
        ];
        foreach ((string name, string? value) in members)
        {
            if (value is not null)
            {
                buffer.Raw(","u8);
                buffer.Text(name);
                buffer.Raw(":"u8);
                buffer.Text(value);
            }
        }

        buffer.Raw(",\"identifiers\":["u8);
        foreach (Identifier one in payload.Identifiers)
        {
            if (table.Show(one) is { } shown)
            {
                buffer.Text(shown.ToString());
                buffer.Raw(","u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("]"u8);
    }

    /// <summary>Members of the record itself: no object has a name twice.</summary>
    private static bool IsWritten(string member, bool isMerge) =>
        member is "kind" or "id" or "at" or "customerId" or "otherCustomerId" || (isMerge && member == "mergeId");
}
