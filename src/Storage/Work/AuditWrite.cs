using System.Collections.Immutable;
using Customer360.Rules.Audit;

namespace Customer360.Storage.Work;

/// <summary>
/// A record on its way into the audit log. Its bytes are made by the caller's thread; the one that writes only chains them.
/// </summary>
/// <param name="Chain">Where it goes.</param>
/// <param name="Id">Of the entry.</param>
/// <param name="IsOfDecision">True: the decision's own table says whether it is new.</param>
/// <param name="Record">See <see cref="AuditRecord"/>.</param>
internal sealed record AuditWrite(int Chain, string Id, bool IsOfDecision, byte[] Record)
{
    /// <summary>Largest record, in bytes.</summary>
    public const int RecordBytesMax = 64 * 1024;

    public long Bytes => 128L + Record.Length;

    /// <summary>Of each id the first.</summary>
    /// <exception cref="ArgumentException">An entry can't be stored, or takes the place of a decision's.</exception>
    public static ImmutableArray<AuditWrite> Of(
        ImmutableArray<AuditEntry> entries,
        DateTimeOffset writtenAt,
        string parameterName
    )
    {
        if (entries.IsDefaultOrEmpty)
        {
            return [];
        }

        var writes = ImmutableArray.CreateBuilder<AuditWrite>(entries.Length);
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (AuditEntry entry in entries)
        {
            AuditWrite write = Of(entry, writtenAt, parameterName);
            if (write.IsOfDecision)
            {
                throw new ArgumentException("Records of decisions are written with the decisions.", parameterName);
            }

            if (ids.Add(write.Id))
            {
                writes.Add(write);
            }
        }

        return writes.DrainToImmutable();
    }

    /// <exception cref="ArgumentException">The entry can't be stored.</exception>
    public static AuditWrite Of(AuditEntry entry, DateTimeOffset writtenAt, string parameterName)
    {
        Check(entry, parameterName);
        byte[] record = new AuditRecord(entry, writtenAt).Write();
        StorageText.CheckBytes(record, RecordBytesMax, parameterName);
        bool isOfDecision = entry.Action.StartsWith(AuditChain.DecisionPrefix, StringComparison.Ordinal);
        return new AuditWrite(AuditChain.Of(entry), entry.Id, isOfDecision, record);
    }

    private static void Check(AuditEntry entry, string parameterName)
    {
        StorageText.Check(entry.Id, parameterName);
        StorageText.Check(entry.Action, parameterName);
        StorageText.Check(entry.Actor.Kind, parameterName);
        StorageText.Check(entry.ObjectType, parameterName);
        StorageText.Check(entry.ObjectId, parameterName);
        StorageText.Check(entry.Result, parameterName);
        string?[] others = [entry.Actor.Name, entry.Actor.Roles, entry.Purpose, entry.PolicyVersion, entry.RequestId];
        foreach (string? text in others)
        {
            if (!string.IsNullOrEmpty(text))
            {
                StorageText.Check(text, parameterName);
            }
        }

        foreach (string field in entry.Fields.IsDefault ? [] : entry.Fields)
        {
            StorageText.Check(field, parameterName);
        }

        foreach ((string name, string value) in entry.Details)
        {
            StorageText.Check(name, parameterName);
            StorageText.Check(value, parameterName);
        }
    }
}
