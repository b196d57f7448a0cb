using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <inheritdoc cref="ICustomerGrain"/>
/// <remarks>
/// <para>
/// Folded messages are written to the state now and then, changes of identity at once. Nothing is lost in between: a
/// message is in the log before it comes here, and an activation reads what its stored state has not folded yet from
/// the log (<see cref="OnActivateAsync"/>). So a crash at any await costs reading, never a message, and each entry's
/// applied position sees to it that none counts twice.
/// </para>
/// <para>
/// An activation that answers is live or retired. One that finds itself sealed finishes its merge before it answers
/// anyone; one whose write failed is dropped, since only storage knows what became of it.
/// </para>
/// </remarks>
[GrainType("customer")]
public sealed partial class CustomerGrain(
    [PersistentState(GrainKeys.CustomerState, GrainKeys.Storage)] IPersistentState<CustomerState> stored,
    IEventLog eventLog,
    IDecisionLog decisionLog,
    IQuarantine quarantine,
    IIdentityRulesSource source,
    IMastershipSource mastership,
    IOptions<GridOptions> options,
    TimeProvider time,
    ILogger<CustomerGrain> logger
) : Grain, ICustomerGrain, IRemindable
{
    private const int TailPage = 1_000;
    private static readonly Task<ApplyReply> s_done = Task.FromResult(ApplyReply.Done);

    private int _unsaved;

    /// <summary>A message was folded that had been set aside, and is not written yet.</summary>
    private bool _hasTakenBack;
    private DateTimeOffset _unsavedSince;
    private Task? _saving;
    private ProfileFold? _joined;
    private ProfileReply? _profile;

    /// <summary>The policy that <see cref="_profile"/> was rendered under.</summary>
    private MastershipPolicy? _profilePolicy;

    /// <summary>Identifiers that a decision left out, and until when they are not asked about again. In memory only.</summary>
    private Dictionary<Identifier, DateTimeOffset>? _declined;

    /// <summary>The rules by which they were left out: others may decide otherwise.</summary>
    private IdentityRules? _declinedUnder;

    /// <summary>The rules in force now: they may change while the grid runs.</summary>
    private IdentityRules rules => source.Current;

    private CustomerState State => stored.State;

    private string Id => this.GetPrimaryKeyString();

    private long Version => State.Revision + State.Map.MessageCount;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (State.Status == CustomerStatus.Sealed)
        {
            logger.ResumingMerge(Id, State.Merge!.MergeId);
            await ContinueMerge();
        }

        if (State.Split is { } split)
        {
            logger.ResumingSplit(Id, split.SplitId);
            await ContinueSplit();
        }

        if (State.Status == CustomerStatus.Live && State.Map.Entries.Length > 0)
        {
            // Before: whatever is read is folded as it was folded the first time.
            Weigh();
            await ReadTails(cancellationToken);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await WhenSaved();
        if (_unsaved == 0)
        {
            return;
        }

        try
        {
            await stored.WriteStateAsync(cancellationToken);
        }
        catch (Exception error) when (error is StorageUnavailableException or TimeoutException)
        {
            // Not an error of ours to pass on: whatever is not in the state is read from the log at the next activation.
            logger.SaveFailed(Id, error.GetType().Name);
        }
    }

    public Task<ApplyReply> Apply(ApplyRequest request)
    {
        if (State.MovedTo is { } movedTo)
        {
            return Task.FromResult(new ApplyReply(movedTo, [], []));
        }

        List<int>? unowned = null;
        List<int>? unlinked = null;
        for (int index = 0; index < request.Messages.Length; index++)
        {
            StoredEnvelope message = request.Messages[index];
            if (!Fold(message.Position, message.Envelope))
            {
                (unowned ??= []).Add(index);
            }
            else if (!HoldsAll(message.Envelope))
            {
                (unlinked ??= []).Add(index);
            }
        }

        SaveSoon();
        ApplyReply? rest =
            unowned is null && unlinked is null ? null : new ApplyReply(null, [.. unowned ?? []], [.. unlinked ?? []]);
        return _hasTakenBack ? WhenKept(rest ?? ApplyReply.Done)
            : rest is null ? s_done
            : Task.FromResult(rest);
    }

    /// <summary>
    /// Of messages that were set aside before. An activation reads from the log what lies behind the applied positions, and
    /// these lie before them: so the state is written before anybody crosses them off.
    /// </summary>
    private async Task<ApplyReply> WhenKept(ApplyReply reply)
    {
        await SaveNow();
        _hasTakenBack = false;
        return reply;
    }

    /// <summary>Reads what the log has of each anchor behind its applied position: what a crash took from memory.</summary>
    private async Task ReadTails(CancellationToken cancellationToken)
    {
        // In rounds: usually one, with nothing in it. Each entry's rows come in their order, which Fold relies on.
        Dictionary<Identifier, long> open = State.Map.Entries.ToDictionary(
            entry => entry.Identifier,
            entry => entry.AppliedTo
        );
        while (open.Count > 0)
        {
            (Identifier Anchor, Task<System.Collections.Immutable.ImmutableArray<LogRow>> Rows)[] reads =
            [
                .. open.Select(one =>
                    (one.Key, eventLog.ReadAnchorAsync(one.Key.ToString(), one.Value, TailPage, cancellationToken))
                ),
            ];
            await Task.WhenAll(reads.Select(read => read.Rows));
            foreach ((Identifier anchor, var rows) in reads)
            {
                foreach (LogRow row in await rows)
                {
                    await FoldRow(anchor, row);
                    open[anchor] = row.Position;
                }

                if ((await rows).Length < TailPage)
                {
                    open.Remove(anchor);
                }
            }
        }

        SaveSoon();
    }

    /// <summary>False where the anchor is not held. A message that is folded already changes nothing.</summary>
    private bool Fold(long position, Envelope envelope)
    {
        CustomerState state = State;
        ProfileMap before = state.Map;
        ProfileMap? folded = state.IsOversized ? FoldAggregates(position, envelope) : before.Fold(position, envelope);
        if (folded is not { } after)
        {
            return false;
        }

        if (before != after)
        {
            _hasTakenBack |= before.TryGet(envelope.Anchor, out ProfileEntry? entry) && position <= entry.AppliedTo;
            state.Map = after;
            _joined = state.IsOversized ? _joined : _joined?.Apply(envelope);
            _profile = null;
            _unsaved++;
        }

        return true;
    }

    private bool HoldsAll(Envelope envelope)
    {
        ProfileMap map = State.Map;
        // The anchor is held: the message has just been folded under it.
        for (int index = 1; index < envelope.Identifiers.Length; index++)
        {
            Identifier identifier = envelope.Identifiers[index];
            if (!map.Holds(identifier) && !IsDeclined(identifier))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsDeclined(Identifier identifier) =>
        _declined is not null
        && ReferenceEquals(_declinedUnder, rules)
        && _declined.TryGetValue(identifier, out DateTimeOffset until)
        && time.GetUtcNow() < until;

    private void Decline(System.Collections.Immutable.ImmutableArray<Identifier> identifiers)
    {
        if (identifiers.IsEmpty)
        {
            return;
        }

        _declined ??= [];
        bool isOutdated = !ReferenceEquals(_declinedUnder, rules);
        _declinedUnder = rules;
        if (isOutdated || _declined.Count > DeclinedMax)
        {
            _declined.Clear();
        }

        foreach (Identifier identifier in identifiers)
        {
            _declined[identifier] = time.GetUtcNow() + options.Value.DeclinedFor;
        }
    }

    /// <summary>What is remembered of declined identifiers; beyond, all are forgotten and asked about again.</summary>
    private const int DeclinedMax = 100;

    /// <summary>
    /// Begins to write folded messages when there are enough of them or the first of them is old enough, else leaves them to
    /// a later message or the end of the activation. No timer: a million warm customers would have a million of them, and
    /// what is not written is only read from the log again. For the same reason nobody waits for the write.
    /// </summary>
    private void SaveSoon()
    {
        Weigh();
        if (_unsaved == 0 || _saving is not null)
        {
            return;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (_unsavedSince == default)
        {
            _unsavedSince = now;
        }

        if (_unsaved >= SaveAfter() || now - _unsavedSince >= options.Value.SaveInterval)
        {
            Task saving = SaveFolded();
            _saving = saving.IsCompleted ? null : saving;
        }
    }

    /// <summary>Writes beside the calls. What fails is read from the log by the next activation.</summary>
    private async Task SaveFolded()
    {
        int folded = _unsaved;
        try
        {
            await stored.WriteStateAsync();
            _unsaved -= folded;
            _unsavedSince = default;
        }
        catch (Exception error)
        {
            logger.SaveFailed(Id, error.GetType().Name);
            DeactivateOnIdle();
        }
        finally
        {
            _saving = null;
        }
    }

    /// <summary>Writes a change of identity, which counts only when it is written.</summary>
    private async Task SaveNow()
    {
        // One at a time: two writes would carry the same version, and the second would fail.
        await WhenSaved();
        try
        {
            await stored.WriteStateAsync();
            _unsaved = 0;
            _unsavedSince = default;
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private Task WhenSaved() => _saving ?? Task.CompletedTask;

    private void IdentityChanged()
    {
        State.Revision++;
        _joined = null;
        _profile = null;
    }
}
