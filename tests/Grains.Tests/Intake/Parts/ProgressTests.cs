using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Quality;
using Microsoft.Extensions.Logging.Abstractions;
using static Customer360.Grains.Tests.Intake.Parts.Deliveries;

namespace Customer360.Grains.Tests.Intake.Parts;

/// <summary>How far a partition is: applied out of order, written in order, never ahead of what is applied.</summary>
public sealed class ProgressTests
{
    private readonly ManualTime _time = new();
    private readonly List<long> _saved = [];
    private readonly Queue<TaskCompletionSource> _saves = new();

    [Fact]
    public void Position_WhenAppliedOutOfOrder_MovesOverWhatIsDone()
    {
        var applied = new AppliedPositions();
        applied.StartAt(4);
        Delivery[] deliveries = [Of("a", 5), Of("b", 6), Of("c", 7)];
        Array.ForEach(deliveries, applied.Add);
        List<string> told = [];
        applied.Watch(4, () => told.Add("4"));
        applied.Watch(6, () => told.Add("6"));

        applied.MarkApplied(deliveries[1]);
        Assert.Equal((4, 3), (applied.Position, applied.Waiting));
        applied.SetAside(deliveries[0]);

        Assert.Equal((6, 1, 1), (applied.Position, applied.Waiting, applied.Recovering));
        Assert.Equal(["4", "6"], told);
    }

    [Fact]
    public void Checkpoint_IsSavedWhenEnoughIsApplied_OrTheLastIsOld()
    {
        PartitionProgress progress = Progress(new GridOptions { CheckpointMessages = 3 });
        progress.StartAt(0);
        _time.Pass(TimeSpan.FromMilliseconds(-1));
        Apply(progress, from: 1, to: 1);
        Assert.Equal([1], _saved);
        _saves.Dequeue().SetResult();

        Apply(progress, from: 2, to: 3);
        Assert.Equal([1], _saved);
        Apply(progress, from: 4, to: 4);
        Assert.Equal([1, 4], _saved);
        _saves.Dequeue().SetResult();

        _time.Pass(TimeSpan.FromSeconds(1));
        Apply(progress, from: 5, to: 5);
        Assert.Equal([1, 4, 5], _saved);
    }

    [Fact]
    public async Task Checkpoint_IsSavedOneAtATime_AndOnlyWhereThereIsNews()
    {
        PartitionProgress progress = Progress(new GridOptions { CheckpointMessages = 1_000 });
        progress.StartAt(7);
        await progress.Checkpoint.Save();
        Assert.Empty(_saved);

        Apply(progress, from: 8, to: 8);
        Task second = progress.Checkpoint.Save();
        Assert.Equal([8], _saved);
        Assert.True(second.IsCompleted);
        _saves.Dequeue().SetResult();
        await progress.Checkpoint.Save();
        Assert.Equal([8], _saved);
    }

    [Fact]
    public async Task Checkpoint_WhenStorageIsAway_IsSavedLater()
    {
        PartitionProgress progress = Progress(new GridOptions());
        progress.StartAt(0);
        Apply(progress, from: 1, to: 1);
        _saves.Dequeue().SetException(new StorageUnavailableException("away"));

        Task again = progress.Checkpoint.Save();
        _saves.Dequeue().SetResult();
        await again;

        Assert.Equal([1, 1], _saved);
    }

    [Fact]
    public void Rate_SaysHowLongTheWaitingWillTake()
    {
        var rate = new ApplyRate(_time);
        rate.Count(1);
        _time.Pass(TimeSpan.FromSeconds(2));
        rate.Count(200);

        Assert.Equal(5, rate.SecondsFor(500));
        Assert.Equal(1, rate.SecondsFor(1));
        Assert.Equal(30, rate.SecondsFor(1_000_000));
    }

    private static void Apply(PartitionProgress progress, long from, long to)
    {
        for (long position = from; position <= to; position++)
        {
            Delivery delivery = Of("a", position);
            progress.Applied.Add(delivery);
            progress.Applied.MarkApplied(delivery);
        }

        progress.Count((int)(to - from + 1));
    }

    private PartitionProgress Progress(GridOptions options)
    {
        IEventLog log = Fake<IEventLog>.Of(
            (method, arguments) =>
            {
                Assert.Equal(nameof(IEventLog.SaveCheckpointAsync), method.Name);
                _saved.Add((long)arguments[1]!);
                _saves.Enqueue(new TaskCompletionSource());
                return _saves.Last().Task;
            }
        );
        IGrainFactory nobody = Fake<IGrainFactory>.Of(
            (method, _) => throw new InvalidOperationException($"No message is counted: {method.Name}.")
        );
        var quality = new FixedPolicy<QualityPolicy>(
            new QualityPolicy(ImmutableSortedDictionary<string, QualityCheck>.Empty),
            "test"
        );
        return new PartitionProgress(0, "test", log, quality, nobody, options, _time, NullLogger.Instance);
    }
}
