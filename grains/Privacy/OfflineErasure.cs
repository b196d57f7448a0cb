using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Crm.Backlog;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Leads;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>What erasing in a store that no grid runs on came to.</summary>
/// <param name="Suppressions">Entries that the list lacked.</param>
/// <param name="Identifiers">Identifiers that the store still had.</param>
/// <param name="Customers">Customers that were emptied.</param>
/// <param name="MessagesRemoved">Messages that were removed.</param>
/// <param name="MessagesRedacted">Other people's messages of which a mention was taken out.</param>
public sealed record OfflineErasureResult(
    int Suppressions,
    int Identifiers,
    int Customers,
    long MessagesRemoved,
    long MessagesRedacted
);

/// <summary>
/// Erases again, in a store from a backup, whom the ledger names. The ledger has hashes only, so every identifier that the store has is
/// hashed and looked up. No grain runs: states are changed where they are stored, by the same rules.
/// </summary>
public sealed class OfflineErasure(
    IGrainStateStore states,
    IStateScan scan,
    IErasureStore erasure,
    IEventLog log,
    IQuarantine quarantine,
    ISuppressionList list,
    SuppressionKey key
)
{
    private const int PageStates = 1_000;
    private const int PageEntries = 5_000;

    private readonly HashSet<SuppressionHash> _suppressed = [];
    private readonly HashSet<string> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<Identifier, bool> _known = [];

    /// <param name="ledger">In its order.</param>
    /// <param name="partitions">Partitions that there may be.</param>
    public async Task<OfflineErasureResult> Run(
        ImmutableArray<SuppressionEntry> ledger,
        int partitions,
        CancellationToken stop
    )
    {
        int added = await Suppress(ledger, stop);
        var targets = new ErasureTargets(await FindIdentifiers(partitions, stop));
        (long removed, long redacted) = await EraseLog(targets, partitions, stop);
        await EraseStates(targets, stop);
        await Pass(after => erasure.EraseDecisionsAsync(after, new DecisionErasure(targets, _customers), stop));
        await ForgetPlaces(stop);
        await erasure.SealAsync([], stop);
        return new OfflineErasureResult(added, targets.Identifiers.Count, _customers.Count, removed, redacted);
    }

    /// <summary>Brings the list to where the ledger is: of an identifier its last word counts.</summary>
    private async Task<int> Suppress(ImmutableArray<SuppressionEntry> ledger, CancellationToken stop)
    {
        var listed = new Dictionary<SuppressionHash, SuppressionChange>();
        long last = 0;
        ImmutableArray<SuppressionEntry> page;
        do
        {
            page = await list.ReadAsync(last, PageEntries, stop);
            foreach (SuppressionEntry entry in page)
            {
                listed[entry.Hash] = entry.Change;
                last = entry.Sequence;
            }
        } while (page.Length == PageEntries);

        if (last > 0 && !listed.ContainsKey(key.Mark))
        {
            throw new StorageUnavailableException("The list of suppressions was made with another key.");
        }

        var said = new Dictionary<SuppressionHash, SuppressionEntry>();
        foreach (SuppressionEntry entry in ledger)
        {
            said[entry.Hash] = entry;
        }

        if (said.Count > 0 && !said.ContainsKey(key.Mark))
        {
            throw new StorageUnavailableException("The ledger of erasures was made with another key.");
        }

        ImmutableArray<SuppressionEntry> lacking =
        [
            .. said
                .Values.Where(entry => !listed.TryGetValue(entry.Hash, out var change) || change != entry.Change)
                .OrderBy(entry => entry.Hash == key.Mark ? 0 : 1)
                .Select((entry, index) => entry with { Sequence = last + 1 + index }),
        ];
        if (!await list.AppendAsync(lacking, stop))
        {
            throw new InvalidOperationException("Somebody else writes to the store.");
        }

        foreach ((SuppressionHash hash, SuppressionChange change) in listed)
        {
            if (change == SuppressionChange.Suppressed)
            {
                _suppressed.Add(hash);
            }
        }

        foreach (SuppressionEntry entry in lacking)
        {
            if (entry.Change == SuppressionChange.Suppressed)
            {
                _suppressed.Add(entry.Hash);
            }
            else
            {
                _suppressed.Remove(entry.Hash);
            }
        }

        return lacking.Length;
    }

    private async Task<List<Identifier>> FindIdentifiers(int partitions, CancellationToken stop)
    {
        await foreach (ScannedState state in Scan(GrainKeys.IdentifierState, stop))
        {
            _ = IsSuppressed(Identifier.Parse(state.Key));
        }

        // A message may carry one that was never anybody's.
        var reader = new Reader(this);
        for (int partition = 0; partition < partitions; partition++)
        {
            await Pass(after => erasure.EraseLogAsync(partition, after, reader, stop));
        }

        return [.. _known.Where(one => one.Value).Select(one => one.Key)];
    }

    private bool IsSuppressed(Identifier identifier)
    {
        if (!_known.TryGetValue(identifier, out bool isSuppressed))
        {
            _known.Add(identifier, isSuppressed = _suppressed.Contains(key.Of(identifier)));
        }

        return isSuppressed;
    }

    private async Task<(long Removed, long Redacted)> EraseLog(
        ErasureTargets targets,
        int partitions,
        CancellationToken stop
    )
    {
        var judge = new ErasureJudge(targets);
        (long removed, long redacted) = (0, 0);
        for (int partition = 0; partition < partitions; partition++)
        {
            (long gone, long changed) = await Pass(after => erasure.EraseLogAsync(partition, after, judge, stop));
            removed += gone;
            redacted += changed;
        }

        return (removed, redacted);
    }

    private static async Task<(long Removed, long Replaced)> Pass(Func<string, Task<ErasurePiece>> piece)
    {
        (long removed, long replaced) = (0, 0);
        string? next = "";
        while (next is not null)
        {
            ErasurePiece done = await piece(next);
            removed += done.Removed;
            replaced += done.Replaced;
            next = done.Next;
        }

        return (removed, replaced);
    }

    private async Task EraseStates(ErasureTargets targets, CancellationToken stop)
    {
        await foreach (ScannedState state in Scan(GrainKeys.CustomerState, stop))
        {
            await Rewrite(GrainKeys.CustomerState, state, targets, json => Customer(state.Key, json, targets), stop);
        }

        await foreach (ScannedState state in Scan(GrainKeys.AccountState, stop))
        {
            await Rewrite(GrainKeys.AccountState, state, targets, json => Account(json, targets), stop);
        }

        await foreach (ScannedState state in Scan(GrainKeys.LeadState, stop))
        {
            await ForgetInLead(state, targets, stop);
        }

        await foreach (ScannedState state in Scan(GrainKeys.ConversionState, stop))
        {
            await ForgetInConversion(state, stop);
        }

        await foreach (ScannedState state in Scan(GrainKeys.QuarantineListState, stop))
        {
            await Rewrite(GrainKeys.QuarantineListState, state, targets, json => List(json, targets), stop);
        }

        await foreach (ScannedState state in Scan(GrainKeys.WebhookState, stop))
        {
            await ForgetInBacklog(state.Key, targets, stop);
        }

        foreach (string kind in (string[])[GrainKeys.JobState, GrainKeys.JobAffectedState, GrainKeys.JobStepsState])
        {
            await foreach (ScannedState state in Scan(kind, stop))
            {
                await Rewrite(kind, state, targets, json => targets.Redact(json.Span)!, stop);
            }
        }

        await foreach (ScannedState state in Scan(GrainKeys.PrivacyRequestState, stop))
        {
            await ForgetInRequest(state, targets, stop);
        }

        foreach (Identifier identifier in targets.Identifiers)
        {
            if (
                await states.ReadAsync(GrainKeys.IdentifierState, identifier.ToString(), stop) is { } stored
                && !await states.ClearAsync(GrainKeys.IdentifierState, identifier.ToString(), stored.Version, stop)
            )
            {
                throw new InvalidOperationException("Somebody else writes to the store.");
            }
        }
    }

    /// <summary>
    /// What a running grid leaves to the requests themselves. An erasure that was under way goes on when the grid starts, and finds
    /// nobody.
    /// </summary>
    private async Task ForgetInRequest(ScannedState state, ErasureTargets targets, CancellationToken stop)
    {
        PrivacyRequestState request = PrivacyRequestStateCodec.Decode(state.Json);
        if (!request.Forget(targets.Identifiers, request.IsAbout(_customers)))
        {
            return;
        }

        StoredState stored = (await states.ReadAsync(GrainKeys.PrivacyRequestState, state.Key, stop))!;
        if (
            await states.WriteAsync(
                GrainKeys.PrivacyRequestState,
                state.Key,
                PrivacyRequestStateCodec.Encode(request),
                stored.Version,
                stop
            )
            is null
        )
        {
            throw new InvalidOperationException("Somebody else writes to the store.");
        }
    }

    private async Task Rewrite(
        string kind,
        ScannedState state,
        ErasureTargets targets,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> rewrite,
        CancellationToken stop
    )
    {
        if (!targets.AreMentioned(state.Json.Span))
        {
            return;
        }

        StoredState stored = (await states.ReadAsync(kind, state.Key, stop))!;
        ReadOnlyMemory<byte> json = rewrite(stored.Json);
        // Who is erased is in no list of members any more.
        StateCompanions with = _customers.Contains(state.Key)
            ? new StateCompanions { Listing = new AudienceListing([]) }
            : StateCompanions.None;
        if (await states.WriteAsync(kind, state.Key, json, stored.Version, with, stop) is null)
        {
            throw new InvalidOperationException("Somebody else writes to the store.");
        }
    }

    /// <summary>The amount stays, as nobody's; what others have of it is worked out when it is next looked at.</summary>
    private async Task ForgetInConversion(ScannedState state, CancellationToken stop)
    {
        using var document = JsonDocument.Parse(state.Json);
        ConversionFile file = ConversionFileJson.Read(document.RootElement);
        string[] gone = [.. ConversionFileRules.CustomersOf(file).Where(_customers.Contains)];
        if (gone.Length == 0)
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            ConversionFileJson.Write(writer, ConversionFileRules.EraseAll(file, gone));
        }

        StoredState stored = (await states.ReadAsync(GrainKeys.ConversionState, state.Key, stop))!;
        if (
            await states.WriteAsync(GrainKeys.ConversionState, state.Key, buffer.WrittenMemory, stored.Version, stop)
            is null
        )
        {
            throw new InvalidOperationException("Somebody else writes to the store.");
        }
    }

    /// <summary>What a part of a webhook holds is a text within a text, so each is looked into.</summary>
    private async Task ForgetInBacklog(string source, ErasureTargets targets, CancellationToken stop)
    {
        StoredState stored = (await states.ReadAsync(GrainKeys.WebhookState, source, stop))!;
        WebhookBacklog before = WebhookBacklogJson.Read(stored.Json);
        WebhookBacklog after = before.Forget([.. targets.Identifiers.Select(identifier => identifier.Value)]);
        if (
            !ReferenceEquals(before, after)
            && await states.WriteAsync(
                GrainKeys.WebhookState,
                source,
                WebhookBacklogJson.Write(after),
                stored.Version,
                stop
            )
                is null
        )
        {
            throw new InvalidOperationException("Somebody else writes to the store.");
        }
    }

    /// <summary>
    /// One of an erased person leaves the list, too. Whom it still has to tell is told by its reminder when the grid runs.
    /// </summary>
    private async Task ForgetInLead(ScannedState state, ErasureTargets targets, CancellationToken stop)
    {
        LeadFile before = LeadFileJson.Read(state.Json);
        bool isErased = targets.ContainsText(before.Anchor);
        LeadFile after =
            isErased ? LeadFileRules.Erase(before)
            : targets.AreMentioned(state.Json.Span) ? LeadFileRules.Forget(before)
            : before;
        if (ReferenceEquals(before, after))
        {
            return;
        }

        StoredState stored = (await states.ReadAsync(GrainKeys.LeadState, state.Key, stop))!;
        if (
            await states.WriteAsync(
                GrainKeys.LeadState,
                state.Key,
                LeadFileJson.Write(after),
                stored.Version,
                isErased ? new StateCompanions { Listing = new LeadListing(null) } : StateCompanions.None,
                stop
            )
            is null
        )
        {
            throw new InvalidOperationException("Somebody else writes to the store.");
        }
    }

    /// <summary>One that held nobody else's identifiers is emptied as a running grid would; of another the mentions go.</summary>
    private byte[] Customer(string customerId, ReadOnlyMemory<byte> json, ErasureTargets targets)
    {
        CustomerState state = CustomerStateCodec.Decode(json);
        if (
            !state.Map.Entries.IsEmpty
            && state.Map.Entries.All(entry => targets.Contains(entry.Identifier))
            && state.Releases.IsEmpty
        )
        {
            state.Become(MergeSteps.Erase(state.OwnershipOf(customerId)) with { Merge = null, Split = null });
            state.Audiences = CustomerAudienceState.Empty;
            _customers.Add(customerId);
            return CustomerStateCodec.Encode(state);
        }

        ProfileMap before = state.Map;
        state.Map = FoldRedaction.Redact(before, targets);
        state.Separations = FoldRedaction.Redact(state.Separations, targets);
        state.Releases = FoldRedaction.Redact(state.Releases, targets);
        state.Audiences = state.Audiences.Forget(targets);
        state.Revision += 1 + before.MessageCount - state.Map.MessageCount;
        return CustomerStateCodec.Encode(state);
    }

    private static byte[] Account(ReadOnlyMemory<byte> json, ErasureTargets targets)
    {
        AccountState state = Read(new AccountStateCodec(), json);
        return Write(
            new AccountStateCodec(),
            state with
            {
                Fold = AccountRedaction.Redact(state.Fold, targets),
                Revision = state.Revision + 1,
            }
        );
    }

    private static byte[] List(ReadOnlyMemory<byte> json, ErasureTargets targets)
    {
        QuarantineListState state = Read(new QuarantineListStateCodec(), json);
        return Write(
            new QuarantineListStateCodec(),
            state with
            {
                Identifiers = [.. state.Identifiers.Where(one => !targets.Contains(one))],
            }
        );
    }

    private async Task ForgetPlaces(CancellationToken stop)
    {
        QuarantineCursor? after = null;
        ImmutableArray<QuarantinedMessage> page;
        do
        {
            page = await quarantine.ListAsync(after, PageStates, stop);
            foreach (QuarantinedMessage place in page)
            {
                after = new QuarantineCursor(place.Partition, place.Position);
                ImmutableArray<LogRow> rows = await log.ReadPartitionAsync(
                    place.Partition,
                    place.Position - 1,
                    1,
                    stop
                );
                if (rows.IsEmpty || rows[0].Position != place.Position)
                {
                    await quarantine.RemoveAsync(place.Partition, place.Position, stop);
                }
            }
        } while (page.Length == PageStates);
    }

    private async IAsyncEnumerable<ScannedState> Scan(
        string kind,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        string after = "";
        ImmutableArray<ScannedState> page;
        do
        {
            page = await scan.ReadPageAsync(kind, after, PageStates, stop);
            foreach (ScannedState state in page)
            {
                after = state.Key;
                yield return state;
            }
        } while (page.Length == PageStates);
    }

    private static T Read<T>(IStateCodec<T> codec, ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return codec.Read(ref reader);
    }

    private static byte[] Write<T>(IStateCodec<T> codec, T state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        codec.Write(writer, state);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the identifiers of every message, and keeps all as it is.</summary>
    private sealed class Reader(OfflineErasure erasure) : ILogJudge
    {
        public LogVerdict Judge(string anchor, DateTimeOffset at, ReadOnlySpan<byte> payload)
        {
            foreach (Identifier identifier in EnvelopeReader.FromJson(payload.ToArray()).Identifiers)
            {
                _ = erasure.IsSuppressed(identifier);
            }

            return LogVerdict.Keep;
        }
    }
}
