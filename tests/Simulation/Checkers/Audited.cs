using System.Security.Cryptography;
using System.Text.Json;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariant 6, of the audit log: every decision has its record, once, which has the payload's hash; every record of a decision
/// has its decision; a policy is at no moment changed without its record; and the chains are whole.
/// </summary>
internal sealed class Audited
{
    private const string Name = "6 audited";
    private string? _unaudited;

    /// <summary>Looks at each stored state: a change is stored with its record, whatever happens next.</summary>
    public void Watch(string kind, string key, ReadOnlyMemory<byte> json, IReadOnlyList<AuditRow> audit)
    {
        if (kind != "policy" || _unaudited is not null)
        {
            return;
        }

        using var state = JsonDocument.Parse(json);
        long steps = state.RootElement.GetProperty("steps").GetInt64();
        int recorded = audit.Count(row =>
        {
            using var record = JsonDocument.Parse(row.Record);
            return record.RootElement.GetProperty("objectType").GetString() == "policy"
                && record.RootElement.GetProperty("objectId").GetString() == key;
        });
        if (recorded < steps)
        {
            _unaudited = $"the policy {key} was stored with {steps} steps and {recorded} audit records";
        }
    }

    /// <param name="decisions">All that are stored.</param>
    /// <param name="audit">All records.</param>
    /// <param name="isWhole">No decision was taken out: an erasure takes some, and its own records tell of none.</param>
    public void Check(IReadOnlyList<DecisionRecord> decisions, IReadOnlyList<AuditRow> audit, bool isWhole = true)
    {
        ViolationException.ThrowIf(_unaudited is not null, Name, () => _unaudited!);

        // Read here as JSON: a checker shares no code with what it checks.
        Dictionary<string, JsonElement[]> records = audit
            .Select(row => JsonDocument.Parse(row.Record).RootElement)
            .GroupBy(record => record.GetProperty("id").GetString()!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        foreach (DecisionRecord decision in decisions)
        {
            JsonElement[] found = records.GetValueOrDefault(decision.Id) ?? [];
            ViolationException.ThrowIf(
                found.Length != 1,
                Name,
                () => $"the decision {decision.Kind} {decision.Id} has {found.Length} audit records"
            );
            if (!isWhole)
            {
                continue;
            }

            string payload = Convert.ToHexStringLower(SHA256.HashData(decision.Payload.Span));
            ViolationException.ThrowIf(
                found[0].GetProperty("details").GetProperty("payload").GetString() != payload,
                Name,
                () => $"the audit record of the decision {decision.Kind} {decision.Id} tells of another"
            );
        }

        HashSet<string> known = [.. decisions.Select(decision => decision.Id)];
        string? alone = isWhole
            ? records
                .Where(record => record.Value[0].GetProperty("objectType").GetString() != "privacy-request")
                .Select(record => record.Key)
                .FirstOrDefault(id => !known.Contains(id))
            : null;
        ViolationException.ThrowIf(alone is not null, Name, () => $"the audit record {alone} has no decision");

        var verifier = new AuditVerifier();
        foreach (AuditRow row in audit)
        {
            verifier.Add(row);
        }

        AuditReport report = verifier.Finish();
        ViolationException.ThrowIf(
            !report.Breaks.IsEmpty,
            Name,
            () => $"the chain {report.Breaks[0].Chain} is broken at {report.Breaks[0].Seq}"
        );
    }
}
