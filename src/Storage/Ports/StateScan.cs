using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Ports;

/// <inheritdoc cref="IStateScan"/>
internal sealed class StateScan(IStorageBackend backend) : IStateScan
{
    private const int PageStatesMax = 10_000;

    private static readonly string[] s_kinds =
    [
        "customer",
        "identifier",
        "account",
        "privacy_request",
        "quarantine_list",
        "job",
        "job-affected",
        "job-steps",
        "webhook",
        "lead",
        "conversion",
        "attribution_period",
    ];

    public Task<ImmutableArray<ScannedState>> ReadPageAsync(
        string kind,
        string afterKey,
        int limit,
        CancellationToken cancellationToken
    )
    {
        if (Array.IndexOf(s_kinds, kind) < 0)
        {
            throw new ArgumentException("States of this kind are not scanned.", nameof(kind));
        }

        if (afterKey.Length > 0)
        {
            StorageText.Check(afterKey, nameof(afterKey));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, PageStatesMax);
        return backend.ReadStatesAsync(kind, afterKey, limit, cancellationToken);
    }
}
