using System.Globalization;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>How a partition is put together: what it consists of, and which part knows which.</summary>
public sealed partial class IntakeGrain
{
    /// <summary>The parts, each of which knows those before it.</summary>
    private void Assemble(GridOptions settings)
    {
        _progress = new PartitionProgress(
            Partition,
            WriterOf(),
            eventLog,
            quality,
            GrainFactory,
            settings,
            time,
            logger
        );
        _room = new WaitingRoom(settings, _progress.Applied);
        _lanes = new Lanes(settings, time);
        var resolver = new IdentityResolver(Partition, GrainFactory, decisionLog, source, suppressions);
        _aside = new SetAsideMessages(Partition, quarantine, eventLog, GrainFactory, resolver, time);
        _held = new HeldMessages(
            Partition,
            eventLog,
            quarantine,
            _progress.Applied,
            _room,
            settings,
            time,
            logger,
            _ending.Stop
        );
        _releases = new HeldReleases(
            Partition,
            eventLog,
            reader,
            suppressions,
            _aside,
            GrainFactory,
            settings,
            _ending.Stop
        );
        _runner = new LaneRunner(
            Partition,
            _lanes,
            new Handover(GrainFactory, resolver, suppressions, leads),
            leads,
            _aside,
            _progress.Applied,
            _room,
            _progress.Count,
            settings,
            time,
            logger,
            _ending.Stop
        );
        _repeats = new Repeats(Partition, eventLog, source, policies, phones, GrainFactory);
        _log = new PartitionLog(
            Partition,
            eventLog,
            _repeats,
            suppressions,
            _progress.StartAt,
            HandOutStored,
            _runner.Start,
            logger,
            _ending.Stop
        );
        _queue = new AppendQueue(settings.AppendMessagesMax, _room, Append, AppendFailed);
    }

    /// <summary>Names this activation, and no other.</summary>
    private string WriterOf() =>
        string.Create(CultureInfo.InvariantCulture, $"{GrainContext.ActivationId} {time.GetUtcNow().UtcTicks}");
}
