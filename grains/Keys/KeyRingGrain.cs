using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Events;
using Customer360.Rules.Keys;
using Customer360.Rules.Ports;
using Microsoft.Extensions.Logging;

namespace Customer360.Grains;

/// <inheritdoc cref="IKeyRingGrain"/>
/// <remarks>
/// A change is one write: the keys, and the entry that tells the audit of it. So no crash parts the two. The entry stays in the
/// row until the audit has taken it; a key that was stolen can be revoked while the audit is away. Whoever is not answered
/// may have changed something: a name that is taken now, or a secret that nobody saw, which a rotation replaces.
/// </remarks>
[GrainType("key-ring")]
public sealed partial class KeyRingGrain(
    [PersistentState(GrainKeys.KeyRingState, GrainKeys.Storage)] IPersistentState<KeyRingState> stored,
    IAuditLog audit,
    TimeProvider time,
    ILogger<KeyRingGrain> logger
) : Grain, IKeyRingGrain
{
    /// <summary>Entries that may wait for the audit; beyond, only revoking goes on.</summary>
    private const int UnrecordedMax = 1_000;

    private static readonly TimeSpan s_offerEvery = TimeSpan.FromSeconds(5);

    // While a change waits for the audit, no node is told what the keys are.
    private static readonly TimeSpan s_auditPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_rowAgeMax = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private long _readAt = time.GetTimestamp();
    private bool _isWriting;
    private bool _isAway;

    private KeyRing Ring => stored.State.Ring;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // What a crash, or an audit that was away, has left behind.
        this.RegisterGrainTimer(
            static (grain, _) => grain.Offer(),
            this,
            new GrainTimerCreationOptions(s_offerEvery, s_offerEvery) { Interleave = true }
        );
        return Task.CompletedTask;
    }

    public async Task<KeyRingCopy?> GetUnless(long number)
    {
        // The command line may have written the row, or another activation, which a cluster that fails can have for a moment.
        // Reading it bounds for how long a revoked key could be told as one that counts.
        if (time.GetElapsedTime(_readAt) >= s_rowAgeMax)
        {
            long readAt = time.GetTimestamp();
            await stored.ReadStateAsync();
            _readAt = readAt;
        }

        return Ring.Number == number ? null : Copy();
    }

    public Task<KeyReply> Create(KeyCreate create)
    {
        DateTimeOffset now = time.GetUtcNow();
        var key = new StoredKey(create.Name, create.Roles, now, create.By.Name)
        {
            Source = create.Source,
            Trust = create.IsPublic switch
            {
                null => null,
                true => SourceTrust.Public,
                false => SourceTrust.Server,
            },
            Purposes = create.Purposes,
            Origins = create.Origins,
            Addresses = create.Addresses,
            ExpiresAt = create.ExpiresAt,
            RequestsPerMinute = create.RequestsPerMinute,
            RequestsPerDay = create.RequestsPerDay,
            Secrets = [new KeySecret(create.Secret.Id, create.Secret.Digest, now)],
        };
        return Carry(RoomForMore().Create(key, ChangeOf(create.By, now)));
    }

    public Task<KeyReply> Rotate(KeyRotate rotate)
    {
        DateTimeOffset now = time.GetUtcNow();
        var next = new KeySecret(rotate.Secret.Id, rotate.Secret.Digest, now);
        return Carry(RoomForMore().Rotate(rotate.Name, next, rotate.Overlap, ChangeOf(rotate.By, now)));
    }

    public Task<KeyReply> Revoke(KeyRevoke revoke) =>
        Carry(Ring.Revoke(revoke.Name, ChangeOf(revoke.By, time.GetUtcNow())));

    public async Task NoteUses(ImmutableArray<KeyUse> uses)
    {
        Dictionary<string, int> dayBySecret = new(StringComparer.Ordinal);
        foreach (KeyUse use in uses)
        {
            dayBySecret[use.SecretId] = Math.Max(use.Day, dayBySecret.GetValueOrDefault(use.SecretId));
        }

        KeyRing noted = Ring.NoteUses(dayBySecret);
        if (!ReferenceEquals(noted, Ring))
        {
            await Save(noted);
        }
    }

    private static KeyChange ChangeOf(KeyActor by, DateTimeOffset at) =>
        new(new AuditActor(by.Kind, by.Name, by.Roles), at, by.RequestId);

    /// <exception cref="StorageUnavailableException">The audit has been away for too long.</exception>
    private KeyRing RoomForMore() =>
        Ring.Unrecorded.Length < UnrecordedMax
            ? Ring
            : throw new StorageUnavailableException("The audit does not take what happens to keys.");

    private async Task<KeyReply> Carry(KeyRingDecision decision)
    {
        if (decision.Objection is null)
        {
            await Save(decision.Ring);
            await Offer();
        }

        return new KeyReply(Copy(), decision.Objection);
    }

    private async Task Save(KeyRing next)
    {
        _isWriting = true;
        try
        {
            await stored.SaveOrTakeBack(new KeyRingState { Ring = next }, this);
            _readAt = time.GetTimestamp();
        }
        finally
        {
            _isWriting = false;
        }
    }

    /// <summary>Offers the audit what it has not taken. What it takes is forgotten with the next write; until then it may come again.</summary>
    private async Task Offer()
    {
        ImmutableArray<AuditEntry> entries = Ring.Unrecorded;
        if (entries.IsEmpty || _isWriting)
        {
            // The audit must not be told of a change before it is durable: its write may fail.
            return;
        }

        try
        {
            await audit.AppendAsync(entries, CancellationToken.None).WaitAsync(s_auditPatience, time);
            stored.State = new KeyRingState { Ring = Ring.Recorded(entries) };
            _isAway = false;
        }
        catch (Exception error) when (Outages.Is(error))
        {
            // The row holds them. Said once an outage.
            if (!_isAway)
            {
                LogNotRecorded(entries.Length, error.GetType().Name);
            }

            _isAway = true;
        }
    }

    private KeyRingCopy Copy() => new(Ring.Number, KeyRingJson.Copy(Ring));
}
