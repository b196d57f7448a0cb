using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains;

/// <summary>Containment: what a customer counts when it claims, and what it does when it is too large.</summary>
public sealed partial class CustomerGrain
{
    /// <summary>
    /// One message more is folded for so many bytes of state before it is written: so a large state costs a message no
    /// more than a small one does, and its writes leave the disk to others.
    /// </summary>
    private const long BytesPerMessage = 1024;

    /// <summary>Claims an identifier, and counts the message's anchor in its degree.</summary>
    private Task<string> Claim(Identifier identifier, Identifier anchor, IdentityRules by)
    {
        IIdentifierGrain grain = GrainFactory.GetGrain<IIdentifierGrain>(identifier.ToString());
        return Containment.Counts(identifier, anchor, by)
            ? grain.ClaimTied(Id, anchor, by.Find(identifier.Type)!.QuarantineDegree!.Value)
            : grain.Claim(Id);
    }

    public async Task<string?> SetAside(Identifier anchor, long position)
    {
        if (State.MovedTo is { } movedTo)
        {
            return movedTo;
        }

        if (!State.Map.Holds(anchor))
        {
            // Claimed and not listed. Answering "done" would lose the message: nothing here would know that it is lacking.
            throw new InvalidOperationException("The customer does not hold the anchor of the message.");
        }

        ProfileMap after = State.Map.SetAside(position, anchor);
        if (after != State.Map)
        {
            State.Map = after;
            await SaveNow();
        }

        return null;
    }

    /// <summary>
    /// Folds a message of the log. One that can't be folded is set aside: it must not keep the customer from being
    /// activated, which would keep all its other messages away too.
    /// </summary>
    private async Task FoldRow(Identifier anchor, LogRow row)
    {
        try
        {
            Fold(row.Position, EnvelopeReader.FromJson(row.Payload));
        }
        catch (Exception error)
        {
            State.Map = State.Map.SetAside(row.Position, anchor);
            _unsaved++;
            logger.NotFolded(Id, row.Partition, row.Position, error.GetType().Name);
            await quarantine.AddAsync(
                new QuarantinedMessage(row.Partition, row.Position, error.GetType().Name, time.GetUtcNow()),
                CancellationToken.None
            );
        }
    }

    /// <summary>Folds a message into a profile that is too large for more than aggregates.</summary>
    private ProfileMap? FoldAggregates(long position, Envelope envelope)
    {
        if (!State.Map.TryGet(envelope.Anchor, out ProfileEntry? entry))
        {
            return null;
        }

        ProfileFold learned = AggregateFold.Of(entry.Fold, envelope);
        ProfileMap after = State.Map.Learn(position, envelope.Anchor, learned);
        if (after != State.Map)
        {
            _joined = _joined is null ? null : ProfileFold.Join(_joined, learned);
        }

        return after;
    }

    /// <summary>Sees whether the customer is too large (or no longer). Readers see the flag, so it is a new version.</summary>
    private void Weigh()
    {
        CustomerState state = State;
        bool isOversized = ProfileSize.IsOversized(
            state.IsOversized,
            state.Map.Entries.Length,
            rules.ProfileIdentifiersMax,
            state.StoredBytes,
            options.Value.ProfileBytesMax
        );
        if (isOversized != state.IsOversized)
        {
            state.IsOversized = isOversized;
            state.Revision++;
            _profile = null;
            _unsaved++;
            logger.Weighed(Id, isOversized, state.Map.Entries.Length, state.StoredBytes);
        }
    }

    /// <summary>
    /// As if it had never been too large: what a job leaves of it is what it would always have been under these rules, and the
    /// flag of before, which stays until it has half, would keep it from growing to what it may be.
    /// </summary>
    private void WeighAnew()
    {
        State.IsOversized = false;
        Weigh();
    }

    /// <summary>Whether a job's merge would make it too large: by what the two have, not by a flag of other rules.</summary>
    private bool IsTooLargeWith(CustomerFacts younger, long bytes) =>
        ProfileSize.IsBroken([Facts with { IsOversized = false }, younger], [])
        || State.StoredBytes + bytes > options.Value.ProfileBytesMax;

    /// <summary>After how many folded messages the state is written.</summary>
    private long SaveAfter() => options.Value.SaveAfterMessages + (State.StoredBytes / BytesPerMessage);
}
