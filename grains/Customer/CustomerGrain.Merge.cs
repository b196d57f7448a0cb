using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>
/// The merge protocol (blueprint, section 5): seal, absorb, repoint, retire. Driven by the younger customer, calling
/// older ones and identifiers only, so calls can't form a circle.
/// </summary>
public sealed partial class CustomerGrain
{
    private const string MergeReminder = "merge";
    private const int RepointBatch = 256;
    private static readonly TimeSpan s_reminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly CustomerStateCodec s_codec = new();

    public async Task<MergeReply> MergeInto(MergeRequest request)
    {
        if (State.MovedTo is { } movedTo)
        {
            return new MergeReply(movedTo, null, WaitFor: null, State.RetiredBy);
        }

        var merge = new MergeUnderWay(
            request.Into,
            request.MergeId,
            request.MessageId,
            request.Source,
            request.At,
            request.RuleVersion,
            request.Identifiers
        )
        {
            JobId = request.JobId,
        };
        if (!CustomerId.IsOlder(request.Into, Id))
        {
            await RecordRefusal(request.Into, merge, "not_older", merge.RuleVersion);
            return new MergeReply(null, "not_older");
        }

        if (!State.Releases.IsEmpty)
        {
            return new MergeReply(null, "split_under_way", State.Releases[0].To);
        }

        // The reminder first: whoever finds us sealed after a crash may be nobody for a long time.
        await this.RegisterOrUpdateReminder(MergeReminder, s_reminderPeriod, s_reminderPeriod);
        State.Merge = merge;
        State.Status = CustomerStatus.Sealed;
        await SaveNow();
        return await ContinueMerge();
    }

    public async Task<AbsorbReply> Absorb(AbsorbRequest request)
    {
        // Before anything else: whoever has taken a state in says so for ever, also after it was itself merged away, and
        // after that merge was taken back. Else a younger customer that resumes would give its state away twice.
        if (State.Absorbed.Contains(request.MergeId))
        {
            return new AbsorbReply(null, null);
        }

        if (State.MovedTo is { } movedTo)
        {
            return new AbsorbReply(movedTo, null);
        }

        CustomerState younger = Decode(request.StateJson);
        var youngerFacts = new CustomerFacts(
            request.From,
            [.. younger.Map.Entries.Select(entry => new HeldIdentifier(entry.Identifier, entry.Evidence.At))]
        )
        {
            Separations = younger.Separations,
        };
        // A job has decided the whole log by the rules in force: which limits were broken when is in its decision.
        bool asksLimits = younger.Merge!.JobId is null;
        bool isTooLarge = asksLimits
            ? ProfileSize.IsBroken([Facts, youngerFacts with { IsOversized = younger.IsOversized }], [])
            : IsTooLargeWith(youngerFacts, request.StateJson.Length);
        if (Refusal(youngerFacts, younger.Merge, asksLimits, isTooLarge) is { } refused)
        {
            return refused;
        }

        State.Map = ProfileMap.Union(State.Map, younger.Map);
        State.Separations = Separations.Union(State.Separations, younger.Separations);
        State.Absorbed = [.. State.Absorbed, .. younger.Absorbed, request.MergeId];
        // Higher than both versions were, so that no reader sees a version go back.
        State.Revision = Math.Max(State.Revision, younger.Revision);
        IdentityChanged();
        if (!asksLimits)
        {
            WeighAnew();
        }

        await SaveNow();
        return new AbsorbReply(null, null);
    }

    /// <summary>Both may have changed since the merge was decided: what would not be decided now is refused.</summary>
    private AbsorbReply? Refusal(CustomerFacts younger, MergeUnderWay merge, bool asksLimits, bool isTooLarge)
    {
        IdentityRules by = rules;
        ImmutableArray<CustomerFacts> both = [Facts, younger];
        ImmutableArray<OwnedIdentifier> carried =
        [
            .. merge.Identifiers.Select(identifier => new OwnedIdentifier(
                identifier,
                both.FirstOrDefault(one => one.Held.Any(held => held.Identifier == identifier))
            )),
        ];
        string? refused =
            asksLimits && IdentifierLimits.Broken(both, [], merge.At, by) is not null ? "over_limit"
            : Separations.Broken(both, []) is not null ? "separated"
            : RegionScope.Broken(both, [], by) is not null ? "regions_apart"
            : !carried.IsEmpty && MergeProof.Find(carried, both, by).Objection != MergeObjection.None ? "unproven"
            : isTooLarge ? ProfileSize.TooLarge
            : null;
        return refused is null ? null : new AbsorbReply(null, refused, by.Version);
    }

    public async Task<string?> Forward(ImmutableArray<Identifier> identifiers)
    {
        if (State.MovedTo is { } movedTo)
        {
            await Repoint(identifiers, movedTo);
        }

        return State.MovedTo;
    }

    /// <summary>A merge or a split was resumed by this very activation, if there was one to resume.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => EndReminder(reminderName);

    private async Task<MergeReply> ContinueMerge()
    {
        try
        {
            MergeUnderWay merge = State.Merge!;
            (string into, AbsorbReply reply) = await HandOver(merge);
            if (reply.Refused is { } refused)
            {
                // Before the seal is lifted: after a crash here the merge is asked for, and refused, once more.
                await RecordRefusal(into, merge, refused, reply.RuleVersion!);
                State.Status = CustomerStatus.Live;
                State.Merge = null;
                await SaveNow();
                await EndReminder(MergeReminder);
                logger.MergeRefused(Id, merge.MergeId, refused);
                return new MergeReply(null, refused);
            }

            ImmutableArray<Identifier> identifiers = [.. State.Map.Entries.Select(entry => entry.Identifier)];
            await decisionLog.AppendAsync(
                [CustomerDecisions.Merged(into, Id, merge, identifiers)],
                CancellationToken.None
            );
            // A fence: storage may have kept us waiting so long that another activation has ended this merge, and it was taken
            // back since. Then this write is refused, and nobody's identifiers are moved.
            await SaveNow();
            await RepointAll(identifiers, into);
            // The messages that leave are made up for: taking the merge back gives some of them back, not always all.
            State.Revision += State.Map.MessageCount;
            State.Status = CustomerStatus.Retired;
            State.MovedTo = into;
            State.Merge = null;
            State.Map = ProfileMap.Empty;
            State.Separations = [];
            State.RetiredBy = merge.MergeId;
            IdentityChanged();
            await SaveNow();
            await EndReminder(MergeReminder);
            GridInstruments.Merges.Add(1);
            logger.Merged(Id, into, merge.MergeId);
            return new MergeReply(into, null, WaitFor: null, merge.MergeId);
        }
        catch
        {
            // Half of it is done. The next activation reads where we stand and goes on before it answers anyone.
            DeactivateOnIdle();
            throw;
        }
    }

    private Task RecordRefusal(string into, MergeUnderWay merge, string reason, string ruleVersion) =>
        decisionLog.AppendAsync(
            [
                CustomerDecisions.Refused(
                    into,
                    Id,
                    merge,
                    reason,
                    [.. State.Map.Entries.Select(entry => entry.Identifier)],
                    ruleVersion
                ),
            ],
            CancellationToken.None
        );

    private async Task<(string Into, AbsorbReply Reply)> HandOver(MergeUnderWay merge)
    {
        byte[] state = Encode(State);
        string into = merge.Into;
        while (true)
        {
            AbsorbReply reply = await GrainFactory
                .GetGrain<ICustomerGrain>(into)
                .Absorb(new AbsorbRequest(Id, merge.MergeId, state));
            if (reply.MovedTo is null)
            {
                return (into, reply);
            }

            // Noted down first: the one that we asked may be itself again by the time that we resume (its merge taken back),
            // and would then take in what the other has.
            into = reply.MovedTo;
            State.Merge = State.Merge! with { Into = into };
            await SaveNow();
        }
    }

    /// <summary>
    /// Moves our identifiers to whoever has our state. That customer may merge on while we do it, and then its own
    /// repointing may have come before ours: so each one that has moved sends them on itself.
    /// </summary>
    /// <remarks>
    /// Nobody sends them on in another's name: between looking and repointing, the other's merge might be taken back.
    /// </remarks>
    private async Task RepointAll(ImmutableArray<Identifier> identifiers, string into)
    {
        await Repoint(identifiers, into);
        string? next = into;
        while (next is not null)
        {
            next = await GrainFactory.GetGrain<ICustomerGrain>(next).Forward(identifiers);
        }
    }

    /// <summary>Moves those of the identifiers that are ours.</summary>
    private async Task Repoint(ImmutableArray<Identifier> identifiers, string into)
    {
        foreach (Identifier[] batch in identifiers.Chunk(RepointBatch))
        {
            await Task.WhenAll(
                batch.Select(identifier =>
                    GrainFactory.GetGrain<IIdentifierGrain>(identifier.ToString()).Repoint(Id, into)
                )
            );
        }
    }

    private async Task EndReminder(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private static byte[] Encode(CustomerState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        s_codec.Write(writer, state);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static CustomerState Decode(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return s_codec.Read(ref reader);
    }
}
