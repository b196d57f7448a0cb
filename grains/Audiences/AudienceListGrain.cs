using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Orleans.Concurrency;

namespace Customer360.Grains;

/// <inheritdoc cref="IAudienceListGrain"/>
[GrainType("audience-list")]
[StatelessWorker]
public sealed class AudienceListGrain(IAudienceList list) : Grain, IAudienceListGrain
{
    public async Task<ImmutableArray<AudienceMember>> Read(string audience, string after, int limit)
    {
        ImmutableArray<AudienceRow> rows = await list.ReadAsync(audience, after, limit, CancellationToken.None);
        return [.. rows.Select(row => new AudienceMember(row.CustomerId, row.Since, row.IsHeldOut))];
    }

    public async Task<ImmutableArray<AudienceCount>> ReadSizes()
    {
        ImmutableArray<AudienceSize> sizes = await list.ReadSizesAsync(CancellationToken.None);
        return [.. sizes.Select(size => new AudienceCount(size.Audience, size.Members, size.HeldOut))];
    }

    public Task<long> CountBoth(string one, string other) => list.CountBothAsync(one, other, CancellationToken.None);

    public async Task<ImmutableArray<AudienceMove>> ReadChanges(
        string audience,
        long number,
        string customerId,
        int limit
    )
    {
        ImmutableArray<AudienceChangeRow> rows = await list.ReadChangesAsync(
            audience,
            new AudienceChangePlace(number, customerId),
            limit,
            CancellationToken.None
        );
        return
        [
            .. rows.Select(row => new AudienceMove(
                row.Place.Number,
                row.Place.CustomerId,
                row.IsMember,
                row.At,
                row.IsHeldOut
            )),
        ];
    }

    public Task<long> ReadLastChange() => list.ReadLastChangeAsync(CancellationToken.None);
}
