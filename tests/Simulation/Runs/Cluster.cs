using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using Customer360.Simulation.Storage;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Runs;

/// <summary>
/// The processes of a run. One serves, after its death the next one does, and sometimes the old one goes on beside it for a while.
/// </summary>
internal sealed class Cluster(
    WorldLoop world,
    NodeTemplate template,
    Disk disk,
    Receiver receiver,
    StorageFaults faults,
    PlanSettings settings,
    Dice dice,
    Dice runtimeDice,
    Marks marks,
    TaskScheduler client,
    TimeProvider time
)
{
    private static readonly TimeSpan s_startAgain = TimeSpan.FromMilliseconds(200);
    private const int LagStepsMax = 150;
    private const int LongLagStepsMax = 800;
    private const int AmidstSteps = 12;
    private Process? _current;
    private Process? _lagging;
    private TaskCompletionSource<Process> _serving = new();
    private int _number;
    private long _lagEnds;
    private long _amidstUntil;

    /// <summary>True while faults may happen.</summary>
    public bool IsFaulty { get; private set; }

    public void Trouble()
    {
        IsFaulty = true;
        receiver.IsTroubled = true;
        if (_current?.Silo is { } silo)
        {
            silo.IsTroubled = true;
        }
    }

    /// <summary>The process that serves, as soon as there is one.</summary>
    public Task<Process> Serving => _serving.Task;

    /// <summary>A process that was given up and does not know it yet; null where there is none.</summary>
    public Process? Lagging => _lagging is { IsAlive: true } ? _lagging : null;

    /// <summary>Ends the faults: a process that was given up is gone by now.</summary>
    public void Calm()
    {
        IsFaulty = false;
        receiver.IsTroubled = false;
        Lagging?.Die();
        if (_current?.Silo is { } silo)
        {
            silo.IsTroubled = false;
        }
    }

    /// <summary>
    /// True where a reader may be answered by an activation that does not know the grain's last writes: there are two of
    /// them, or the one that is left was made beside another. Nothing is promised to that reader.
    /// </summary>
    public bool MayBeStale(GrainId grain) => _current?.Silo?.Activations.MayBeStale(grain) == true;

    /// <summary>How often a second activation was made in the process that serves.</summary>
    public long SecondActivations => _current?.Silo?.Activations.Losses ?? 0;

    /// <summary>Starts processes until one serves.</summary>
    public async Task BootAsync()
    {
        while (true)
        {
            Process process = _current = new Process(
                world,
                $"p{++_number}",
                receiver,
                weakness => marks.Hit(Marks.Of(weakness))
            );
            world.Tell($"{process.Name} starts");
            try
            {
                await process.Answer(Begin(process), client);
                world.Tell($"{process.Name} serves");
                _serving.SetResult(process);
                return;
            }
            catch (ProcessDiedException)
            {
                // It was killed while it started, and the next one is on its way.
                return;
            }
            catch (Exception error) when (Outage.Is(error))
            {
                // A host whose start fails ends; whoever watches it starts it again.
                world.Tell($"{process.Name} could not start: {error.GetType().Name}");
                process.Die();
            }

            await Task.Delay(s_startAgain, time);
        }
    }

    /// <summary>Called before each step; may end a process.</summary>
    public void BeforeStep()
    {
        if (_lagging is { IsAlive: true } lagging && world.Steps > _lagEnds)
        {
            lagging.Die();
        }

        if (!IsFaulty || _current is not { IsAlive: true })
        {
            return;
        }

        bool isAmidst = world.Steps < _amidstUntil;
        if (dice.Next(100_000) < (isAmidst ? 6_000 : settings.Crashes))
        {
            _amidstUntil = 0;
            Crash();
        }
    }

    private void Crash()
    {
        Process process = _current!;
        bool wasServing = _serving.Task.IsCompleted;
        CrashSites.Note(disk, marks);
        if (!wasServing)
        {
            marks.Hit(Mark.CrashAtStart);
        }

        if (wasServing && dice.Chance(settings.Lags))
        {
            _lagging?.Die();
            _lagging = process;
            _lagEnds = world.Steps + dice.Next(settings.LagsLong ? LongLagStepsMax : LagStepsMax);
            process.Lag();
            marks.Hit(Mark.ProcessLagged);
        }
        else
        {
            bool hadWrites = process.Storage.HasOpenWrites;
            int untold = process.Die();
            if (hadWrites)
            {
                marks.Hit(untold > 0 ? Mark.WriteStoredUntoldAtCrash : Mark.WriteLostAtCrash);
            }
        }

        _current = null;
        if (wasServing)
        {
            _serving = new TaskCompletionSource<Process>();
        }

        world.Add(null, new SendOrPostCallback(_ => _ = BootAgainAsync()));
    }

    private async Task BootAgainAsync()
    {
        await Task.Delay(s_startAgain, time);
        await BootAsync();
    }

    private async Task<bool> Begin(Process process)
    {
        var storage = new ProcessStorage(world, process, disk, faults)
        {
            Committed = Committed,
            Fenced = () =>
            {
                marks.Hit(Mark.WriterFenced);
                if (process.IsLagging)
                {
                    // The process knows now and ends itself; what its host does about that is not simulated.
                    _lagEnds = 0;
                }
            },
            Failed = isBefore => marks.Hit(isBefore ? Mark.WriteFailedBeforeCommit : Mark.WriteFailedAfterCommit),
        };
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(process.Context);
        Task start;
        try
        {
            start = process.StartAsync(template, storage, settings, runtimeDice);
            process.Silo!.IsTroubled = IsFaulty;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        await start;
        return true;
    }

    /// <summary>A death amidst a merge or a split is likelier to find something than one at any other time.</summary>
    private void Committed(string kind, string key)
    {
        if (!settings.CrashesAmidst || !IsFaulty || kind != OperationNames.Customer)
        {
            return;
        }

        ReadOnlySpan<byte> json = disk.Read(kind, key)!.Json.Span;
        if (json.IndexOf("\"sealed\""u8) >= 0 || json.IndexOf("\"split\":"u8) >= 0)
        {
            _amidstUntil = world.Steps + (AmidstSteps * dice.Between(1, 6));
        }
    }
}

/// <summary>True of what a client is told when storage fails or a process dies; nothing is promised then.</summary>
internal static class Outage
{
    public static bool Is(Exception error) =>
        error
            is StorageUnavailableException
                or OrleansException
                or OperationCanceledException
                or TimeoutException
                or ObjectDisposedException
                or RaceLostException
                or ProcessDiedException;
}
