using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Events;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;

namespace Customer360.Grains;

/// <summary>
/// One pass over all that is stored, for all requests whose people were emptied before it began. Nothing of those people is on its
/// way any more, and nothing is taken in; so what the pass has looked at stays clean.
/// </summary>
/// <remarks>
/// The log comes first: whoever reads it later folds nothing any more that mentions the erased. Whose messages had a mention is told
/// at once, with the piece of the log that had it; so a fold that was in memory only is put right, too.
/// </remarks>
internal sealed class ErasureWork(
    JobTools tools,
    ExportTools mirror,
    string passId,
    DateTimeOffset before,
    ErasureProgress progress,
    Func<ErasureProgress, Task> keep
) : IJobWork
{
    private const int AwaitedAtOnce = 100;
    private const int PageStates = 500;
    private const int AtOnce = 100;

    /// <summary>By their numbers in <see cref="ErasureProgress.Number"/>.</summary>
    private static readonly string[] s_kinds =
    [
        GrainKeys.CustomerState,
        GrainKeys.IdentifierState,
        GrainKeys.AccountState,
        GrainKeys.QuarantineListState,
        GrainKeys.JobState,
        GrainKeys.JobAffectedState,
        GrainKeys.JobStepsState,
        GrainKeys.WebhookState,
        GrainKeys.PrivacyRequestState,
        GrainKeys.LeadState,
        GrainKeys.ConversionState,
    ];

    private readonly HashSet<string> _customers = new(StringComparer.Ordinal);
    private readonly List<string> _requests = [];
    private ErasureProgress _at = progress;
    private ErasureTargets _targets = new([]);

    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        await FindTargets(stop);
        await EraseLog(pace, progress, stop);
        await EraseStates(pace, progress, stop);
        await ForgetAwaited(pace);
        await EraseDecisions(pace, stop);
        await ForgetPlaces(pace, stop);
        if (await RefreshMirror(pace, stop) is { } refusal)
        {
            return refusal;
        }

        await Tell();
        await progress(95);
        await Seal(stop);
        int requests = await End(stop);

        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteNumber("requests"u8, requests);
        ErasureProgressJson.WriteCounts(writer, _at);
        writer.WriteEndObject();
        await writer.FlushAsync(stop);
        return new JobResult(buffer.WrittenSpan.ToArray(), []);
    }

    /// <summary>The same after a crash: those that came later have a later time, and those of before wait until they are told.</summary>
    private async Task FindTargets(CancellationToken stop)
    {
        List<Identifier> identifiers = [];
        await foreach (PrivacyRequestState request in WaitingRequests.Read(tools.Scan, before, stop))
        {
            _requests.Add(request.Id);
            identifiers.AddRange(request.Erasure.Identifiers);
            _customers.UnionWith(request.Erasure.Customers);
        }

        _targets = new ErasureTargets(identifiers);
    }

    private async Task EraseLog(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        var judge = new ErasureJudge(_targets);
        while (_at.Part == ErasurePart.Log)
        {
            ErasurePiece piece = await pace.Storage(tools.Erasure.EraseLogAsync(_at.Number, _at.After, judge, stop));
            foreach (string anchor in judge.TakeMentioning())
            {
                await ForgetIn(Identifier.Parse(anchor));
            }

            _at = _at with
            {
                Messages = _at.Messages + piece.Read,
                MessagesRemoved = _at.MessagesRemoved + piece.Removed,
                MessagesRedacted = _at.MessagesRedacted + piece.Replaced,
                BlocksRewritten = _at.BlocksRewritten + piece.Rewritten,
                After = piece.Next ?? "",
            };
            if (piece.Next is null)
            {
                bool isLast = _at.Number + 1 >= tools.Grid.Partitions;
                await Move(isLast ? ErasurePart.States : ErasurePart.Log, isLast ? 0 : _at.Number + 1);
                await progress(70.0 * (isLast ? tools.Grid.Partitions : _at.Number) / tools.Grid.Partitions);
            }

            await pace.Rest();
        }
    }

    /// <summary>A mention has been folded into whoever holds its message's anchor.</summary>
    private async Task ForgetIn(Identifier anchor)
    {
        string? owner = await tools.Grains.GetGrain<IIdentifierGrain>(anchor.ToString()).GetOwner();
        if (owner is not null)
        {
            await ForgetIn(owner, [.. _targets.Identifiers]);
        }
    }

    private async Task ForgetIn(string customerId, ImmutableArray<Identifier> identifiers) =>
        await Stubs.Follow(
            customerId,
            id => tools.Grains.GetGrain<ICustomerGrain>(id).Forget(identifiers),
            static movedTo => movedTo
        );

    /// <summary>Deals may wait for somebody who is never known here: what they wait under is a mark of her identifier.</summary>
    private async Task ForgetAwaited(JobPace pace)
    {
        foreach (Identifier[] some in _targets.Identifiers.Chunk(AwaitedAtOnce))
        {
            await Task.WhenAll(
                some.Select(one =>
                    tools.Grains.GetGrain<ICustomerConversionsGrain>(AwaitedConversions.KeyOf(one)).Clear()
                )
            );
            await pace.Rest();
        }
    }

    private async Task EraseStates(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        while (_at.Part == ErasurePart.States)
        {
            string kind = s_kinds[_at.Number];
            ImmutableArray<ScannedState> page = await pace.Storage(
                tools.Scan.ReadPageAsync(kind, _at.After, PageStates, stop)
            );
            foreach (ScannedState state in page)
            {
                if (await EraseState(kind, state, stop))
                {
                    _at = _at with { States = _at.States + 1 };
                }
            }

            if (page.Length == PageStates)
            {
                _at = _at with { After = page[^1].Key };
            }
            else
            {
                bool isLast = _at.Number + 1 == s_kinds.Length;
                await Move(isLast ? ErasurePart.Decisions : ErasurePart.States, isLast ? 0 : _at.Number + 1);
                await progress(70 + (20.0 * (isLast ? s_kinds.Length : _at.Number) / s_kinds.Length));
            }

            await pace.Rest();
        }
    }

    /// <summary>
    /// States belong to their grains, which are told. Only what jobs have left behind is written here: a job that ended writes no
    /// more, and one that reads it again reads what is stored.
    /// </summary>
    private async Task<bool> EraseState(string kind, ScannedState state, CancellationToken stop)
    {
        if (kind == GrainKeys.IdentifierState)
        {
            IIdentifierGrain identifier = tools.Grains.GetGrain<IIdentifierGrain>(state.Key);
            if (_targets.ContainsText(state.Key))
            {
                await identifier.Erase();
                return true;
            }

            // A message that a crash broke off may have claimed it for the customer, who never got to list it.
            if (IdentifierStateCodec.Read(state.Json).Owner is { } owner && _customers.Contains(owner))
            {
                await identifier.Release(owner);
                return true;
            }

            return false;
        }

        if (kind == GrainKeys.WebhookState)
        {
            // What a part holds is a text within a text: only its grain looks into it.
            await tools
                .Grains.GetGrain<IWebhookGrain>(state.Key)
                .Forget([.. _targets.Identifiers.Select(identifier => identifier.Value)]);
            return false;
        }

        if (kind == GrainKeys.PrivacyRequestState)
        {
            return await ForgetInRequest(state);
        }

        if (kind == GrainKeys.ConversionState)
        {
            return await ForgetInConversion(state);
        }

        if (
            kind == GrainKeys.LeadState
            && LeadFileJson.Read(state.Json) is var lead
            && (lead.IsErased ? !lead.Debts.IsEmpty : _targets.ContainsText(lead.Anchor))
        )
        {
            // It goes where the identifier goes under which it began, so it is this person's. One that was broken off has to tell others.
            await tools.Grains.GetGrain<ILeadGrain>(state.Key).Erase();
            return true;
        }

        ImmutableArray<Identifier> mentioned = _targets.MentionedIn(state.Json.Span);
        if (mentioned.IsEmpty)
        {
            return false;
        }

        switch (kind)
        {
            case GrainKeys.CustomerState:
                await ForgetIn(state.Key, mentioned);
                break;
            case GrainKeys.AccountState:
                await tools.Grains.GetGrain<IAccountGrain>(state.Key).Forget(mentioned);
                break;
            case GrainKeys.LeadState:
                await tools.Grains.GetGrain<ILeadGrain>(state.Key).Forget();
                break;
            case GrainKeys.QuarantineListState:
                foreach (Identifier identifier in mentioned)
                {
                    await tools
                        .Grains.GetGrain<IQuarantineListGrain>(QuarantineList.PartOf(identifier))
                        .Remove(identifier);
                }

                break;
            default:
                await RewriteOfJob(kind, state, stop);
                break;
        }

        return true;
    }

    /// <summary>It is told by the outbox, too; here the erasure waits until nothing of a journey is left.</summary>
    private async Task<bool> ForgetInConversion(ScannedState state)
    {
        using var document = JsonDocument.Parse(state.Json);
        string[] gone =
        [
            .. ConversionFileRules
                .CustomersOf(ConversionFileJson.Read(document.RootElement))
                .Where(_customers.Contains),
        ];
        foreach (string customer in gone)
        {
            await tools.Grains.GetGrain<IConversionGrain>(state.Key).Forget(customer, "erasure");
        }

        return gone.Length > 0;
    }

    /// <summary>
    /// Other requests of the person: one that waits for an officer, or that restricts, names her; and a rectification has her values.
    /// </summary>
    private async Task<bool> ForgetInRequest(ScannedState state)
    {
        PrivacyRequestState request = PrivacyRequestStateCodec.Decode(state.Json);
        bool isAbout = request.IsAbout(_customers);
        if (!request.Forget(_targets.Identifiers, isAbout))
        {
            return false;
        }

        await tools
            .Grains.GetGrain<IPrivacyRequestGrain>(state.Key)
            .Forget([.. _targets.MentionedIn(state.Json.Span)], isAbout);
        return true;
    }

    private async Task RewriteOfJob(string kind, ScannedState state, CancellationToken stop)
    {
        string jobId = state.Key.Split(':')[0];
        if (jobId == passId)
        {
            return;
        }

        StoredState? stored = await tools.States.ReadAsync(kind, state.Key, stop);
        if (stored is not null && _targets.Redact(stored.Json.Span) is { } redacted)
        {
            await tools.States.WriteAsync(kind, state.Key, redacted, stored.Version, stop);
            await tools.Grains.GetGrain<IJobGrain>(jobId).Forget();
        }
    }

    private async Task EraseDecisions(JobPace pace, CancellationToken stop)
    {
        var judge = new DecisionErasure(_targets, _customers);
        while (_at.Part == ErasurePart.Decisions)
        {
            ErasurePiece piece = await pace.Storage(tools.Erasure.EraseDecisionsAsync(_at.After, judge, stop));
            _at = _at with
            {
                DecisionsRemoved = _at.DecisionsRemoved + piece.Removed,
                DecisionsRedacted = _at.DecisionsRedacted + piece.Replaced,
                After = piece.Next ?? "",
            };
            if (piece.Next is null)
            {
                await Move(ErasurePart.Quarantine, 0);
            }

            await pace.Rest();
        }
    }

    /// <summary>Places in the quarantine whose messages are gone.</summary>
    private async Task ForgetPlaces(JobPace pace, CancellationToken stop)
    {
        if (_at.Part != ErasurePart.Quarantine)
        {
            return;
        }

        QuarantineCursor? after = null;
        ImmutableArray<QuarantinedMessage> page;
        do
        {
            page = await pace.Storage(tools.Quarantine.ListAsync(after, PageStates, stop));
            foreach (QuarantinedMessage place in page)
            {
                after = new QuarantineCursor(place.Partition, place.Position);
                ImmutableArray<LogRow> rows = await tools.Log.ReadPartitionAsync(
                    place.Partition,
                    place.Position - 1,
                    1,
                    stop
                );
                if (rows.IsEmpty || rows[0].Position != place.Position)
                {
                    await tools.Quarantine.RemoveAsync(place.Partition, place.Position, stop);
                }
            }

            await pace.Rest();
        } while (page.Length == PageStates);

        await Move(ErasurePart.Mirror, 0);
    }

    /// <summary>
    /// What the mirror has is made again, and written anew where it differs. Whoever asked is not told that all is done before the mirror
    /// is clean: one that can't be written fails the pass, which then begins again.
    /// </summary>
    private async Task<Refusal?> RefreshMirror(JobPace pace, CancellationToken stop)
    {
        if (_at.Part != ErasurePart.Mirror)
        {
            return null;
        }

        if (await MirrorRefresh.Run(tools, mirror, passId, pace, stop) is { } refusal)
        {
            return refusal;
        }

        await Move(ErasurePart.Tell, 0);
        return null;
    }

    private async Task Tell()
    {
        if (_at.Part == ErasurePart.Tell)
        {
            foreach (string[] some in _requests.Chunk(AtOnce))
            {
                await Task.WhenAll(some.Select(id => tools.Grains.GetGrain<IPrivacyRequestGrain>(id).Scrubbed(passId)));
            }

            await Move(ErasurePart.Seal, 0);
        }
    }

    /// <remarks>After a crash nobody knows the values any more: then the files are rewritten whatever is in them.</remarks>
    private async Task Seal(CancellationToken stop)
    {
        if (_at.Part == ErasurePart.Seal)
        {
            await tools.Erasure.SealAsync(
                [
                    .. _targets
                        .Identifiers.Select(identifier => identifier.Value)
                        .Where(value => value.Length >= ErasureTargets.TellingLength)
                        .Distinct(StringComparer.Ordinal)
                        .Select(value => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(value)),
                ],
                stop
            );
            await Move(ErasurePart.End, 0);
        }
    }

    private async Task<int> End(CancellationToken stop)
    {
        int count = 0;
        await foreach (PrivacyRequestState request in WaitingRequests.Of(tools.Scan, passId, stop))
        {
            await tools.Grains.GetGrain<IPrivacyRequestGrain>(request.Id).Sealed(passId);
            count++;
        }

        return count;
    }

    private Task Move(ErasurePart part, int number)
    {
        _at = _at with { Part = part, Number = number, After = "" };
        return keep(_at);
    }
}
