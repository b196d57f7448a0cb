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

/// <summary>What the states of grains know of somebody who was erased.</summary>
public sealed partial class OfflineErasure
{
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
        StateCompanions with = kind == GrainKeys.CustomerState ? ListingsOf(state.Key, json) : StateCompanions.None;
        if (await states.WriteAsync(kind, state.Key, json, stored.Version, with, stop) is null)
        {
            throw new InvalidOperationException("Somebody else writes to the store.");
        }
    }

    /// <summary>Who is erased is in no list any more; another may be called otherwise, since a message of the erased person said so.</summary>
    private StateCompanions ListingsOf(string customerId, ReadOnlyMemory<byte> json)
    {
        ImmutableArray<NameRow> names =
        [
            .. CustomerStateCodec
                .Decode(json)
                .Words.Select(word => new NameRow(word.Word, customerId, (int)word.Fields)),
        ];
        return new StateCompanions
        {
            Listings = _customers.Contains(customerId)
                ? [new AudienceListing([]), new NameListing(names)]
                : [new NameListing(names)],
        };
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
                isErased ? new StateCompanions { Listings = [new LeadListing(null)] } : StateCompanions.None,
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
