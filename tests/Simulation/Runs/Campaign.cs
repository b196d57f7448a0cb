using System.Diagnostics;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Runs;

/// <summary>
/// Runs many seeds on some threads. Each thread has worlds of its own, one after the other; they share nothing but the number
/// of the next seed.
/// </summary>
internal sealed class Campaign(ulong from, ulong count, int workers, bool goesOn)
{
    private static readonly TimeSpan s_progress = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly Marks _marks = new();
    private ulong _begun;
    private ulong _done;
    private long _steps;
    private readonly List<RunResult> _failures = [];
    private Action<RunResult> _failed = static _ => { };

    public Marks Marks => _marks;

    public ulong Done => _done;

    public long Steps => _steps;

    /// <summary>Runs until all are done or one has failed; answers the failing runs by seed.</summary>
    /// <param name="report">Told now and then how far it is.</param>
    /// <param name="failed">Told of each failing run when it fails.</param>
    public IReadOnlyList<RunResult> Run(Action<CampaignProgress> report, Action<RunResult> failed)
    {
        _failed = failed;
        long start = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(Work))];
        Array.ForEach(threads, thread => thread.Start());
        foreach (Thread thread in threads)
        {
            while (!thread.Join(s_progress))
            {
                report(Progress(Stopwatch.GetElapsedTime(start)));
            }
        }

        report(Progress(Stopwatch.GetElapsedTime(start)));
        return [.. _failures.OrderBy(failure => failure.Seed)];
    }

    private CampaignProgress Progress(TimeSpan elapsed)
    {
        lock (_gate)
        {
            return new CampaignProgress(_done, count, _steps, elapsed, Environment.CpuUsage.TotalTime);
        }
    }

    private void Work()
    {
        var template = new NodeTemplate();
        var marks = new Marks();
        while (Take() is { } seed)
        {
            RunResult result = Simulation.Run(Plan.Of(seed), template, marks);
            lock (_gate)
            {
                _done++;
                _steps += result.Steps;
                if (result.Violation is not null)
                {
                    _failures.Add(result);
                    _failed(result);
                }
            }
        }

        lock (_gate)
        {
            _marks.Add(marks);
        }
    }

    private ulong? Take()
    {
        lock (_gate)
        {
            return _begun == count || (_failures.Count > 0 && !goesOn) ? null : from + _begun++;
        }
    }
}

/// <summary>How far a campaign is.</summary>
internal sealed record CampaignProgress(ulong Done, ulong Count, long Steps, TimeSpan Elapsed, TimeSpan Processor)
{
    /// <summary>The length, in steps, of the schedules that the speed is stated in.</summary>
    private const int ScheduleSteps = 300;

    public override string ToString()
    {
        double seconds = Math.Max(Elapsed.TotalSeconds, 0.001);
        TimeSpan left = TimeSpan.FromSeconds(Done == 0 ? 0 : (Count - Done) * seconds / Done);
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Done:n0} of {Count:n0} seeds, {Steps:n0} steps, {Done / seconds:n0} seeds/s, "
                + $"{Steps / seconds / ScheduleSteps:n0} schedules of {ScheduleSteps} steps/s "
                + $"({Steps / Math.Max(Processor.TotalSeconds, 0.001) / ScheduleSteps:n0} a processor second), "
                + $"{Elapsed:hh\\:mm\\:ss}, left {left:hh\\:mm\\:ss}"
        );
    }
}
