using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using Orleans.Concurrency;

namespace Customer360.Grains;

/// <inheritdoc cref="IAuditGrain"/>
[GrainType("audit")]
[StatelessWorker]
public sealed class AuditGrain(IAuditLog log, IAuditReader reader) : Grain, IAuditGrain
{
    // One call reads this many records at most, whatever it looks for: some tens of milliseconds.
    private const int ReadMax = 20_000;
    private const int PageMax = 1_000;

    // Clocks of nodes differ a little, so records are not strictly in the order of their times.
    private static readonly TimeSpan s_clocksApart = TimeSpan.FromHours(1);

    public Task Append(ImmutableArray<AuditEntry> entries) => log.AppendAsync(entries, CancellationToken.None);

    public async Task<FoundAudit> Find(AuditSearch search)
    {
        AuditQuery query = QueryOf(search);
        var found = ImmutableArray.CreateBuilder<FoundAuditRecord>();
        long before = search.Before;
        for (int read = 0; read < ReadMax; read += PageMax)
        {
            ImmutableArray<AuditRow> page = await reader.ReadBackAsync(
                query.Chain,
                before,
                PageMax,
                CancellationToken.None
            );
            foreach (AuditRow row in page)
            {
                AuditRecord record = AuditRecord.Read(row.Record);
                if (record.WrittenAt + s_clocksApart < query.From)
                {
                    return new FoundAudit(found.ToImmutable(), null);
                }

                before = row.Number;
                if (!query.Matches(record))
                {
                    continue;
                }

                found.Add(
                    new FoundAuditRecord(row.Chain, row.Seq, Convert.ToHexStringLower(row.Hash.AsSpan()), row.Record)
                );
                if (found.Count == search.Limit)
                {
                    return new FoundAudit(found.ToImmutable(), before);
                }
            }

            if (page.Length < PageMax)
            {
                return new FoundAudit(found.ToImmutable(), null);
            }
        }

        return new FoundAudit(found.ToImmutable(), before);
    }

    public async Task<string> GetHead() => (await reader.ReadHeadAsync(CancellationToken.None)).Write();

    private static AuditQuery QueryOf(AuditSearch search) =>
        new()
        {
            Action = search.Action,
            Actor = search.Actor,
            ObjectType = search.ObjectType,
            ObjectId = search.ObjectId,
            Purpose = search.Purpose,
            Result = search.Result,
            From = search.From,
            To = search.To,
        };
}
