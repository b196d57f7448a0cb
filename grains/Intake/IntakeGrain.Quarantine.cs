using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>A partition's messages that are set aside or held: which there are, and what becomes of them when somebody tries again.</summary>
public sealed partial class IntakeGrain
{
    public Task<ImmutableArray<QuarantinedPlace>> ListQuarantined(MessagePlace? after, int limit) =>
        _aside.List(after, limit, _ending.Stop);

    public async Task<RetryReply> RetryQuarantined(long position)
    {
        await _log.EnsureOpen();
        if (
            await _aside.Read(position, _ending.Stop) is not { } message
            || suppressions.Strip(message.Envelope) is not { } envelope
        )
        {
            // What is erased, or is to be, can be applied no more: nobody shall find it listed.
            await _aside.Remove(position, _ending.Stop);
            return new RetryReply(IsFound: false, null);
        }

        if (envelope.IsHeld)
        {
            return new RetryReply(IsFound: true, await _releases.Release(position, s_releaseTime));
        }

        var delivery = new Delivery(message with { Envelope = envelope }, call: null) { Retried = new() };
        _room.Enter(envelope);
        _lanes.Enqueue(delivery);
        _runner.Start();
        string? reason;
        try
        {
            reason = await delivery.Retried.Task.WaitAsync(_ending.Leave);
        }
        catch (OperationCanceledException error)
        {
            throw new StorageUnavailableException("The partition's writer stops.", error);
        }

        if (reason is null)
        {
            // A crash before this leaves the message listed; the next try finds it applied.
            await _aside.Remove(position, _ending.Stop);
        }

        return new RetryReply(IsFound: true, reason);
    }

    public async Task<RedriveReply> Redrive(RedriveRequest request)
    {
        await _log.EnsureOpen();
        return await _releases.Release(request, TimeSpan.Zero);
    }
}
