using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Jobs;

/// <summary>
/// A cut-over and a roll back that fail or crash at any of their writes come to the same end as those that don't. The job is
/// one with a split, a merge of what was split off, a merge of two, a link and a quarantine.
/// </summary>
public sealed class CutOverRecoveryTests
{
    private const string Before = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 1, window: ever, normalisation: exact }
          email: { priority: 2, limit: 1, window: ever, normalisation: email }
          anonymous_id: { priority: 3, limit: 2, window: ever, normalisation: exact }
        containment:
          quarantineDegree:
            email: none
        """;

    private const string After = """
        defaultRegion: US
        identifiers:
          user_id: { priority: 1, limit: 2, window: ever, normalisation: exact }
          email: { priority: 2, limit: 2, window: ever, normalisation: email }
          anonymous_id: { priority: 3, limit: 1, window: ever, normalisation: exact }
        containment:
          quarantineDegree:
            email: 2
        """;

    private static readonly string[] s_pool =
    [
        "user_id:u-1",
        "user_id:u-2",
        "user_id:u-3",
        "user_id:u-4",
        "user_id:u-5",
        "anonymous_id:a-1",
        "anonymous_id:a-2",
        "anonymous_id:a-3",
        "email:e1@x.example",
        "email:e2@x.example",
        "email:e3@x.example",
    ];

    [Theory]
    [InlineData(FaultKind.BeforeCommit, JobKind.CutOver)]
    [InlineData(FaultKind.AfterCommit, JobKind.CutOver)]
    [InlineData(FaultKind.BeforeCommit, JobKind.RollBack)]
    [InlineData(FaultKind.AfterCommit, JobKind.RollBack)]
    public async Task Job_WhenAnyOneWriteFails_ComesToTheSameEnd(FaultKind kind, JobKind failing)
    {
        await using Round round = await Round.Begin();
        int writes = int.MaxValue;
        for (int write = 1; write <= writes; write++)
        {
            int number = write;
            await round.Run(failing, one => one == number ? kind : null, _ => Task.CompletedTask);
            // The first round shows how many writes there are when one is repeated; each of them gets its turn.
            writes = Math.Min(writes, round.Writes + 1);
        }

        Assert.InRange(writes, 30, 400);
    }

    [Theory]
    [InlineData(JobKind.CutOver)]
    [InlineData(JobKind.RollBack)]
    public async Task Job_WhenTheProcessDiesAtAnyWrite_IsResumedAfterTheStart(JobKind dying)
    {
        await using Round round = await Round.Begin();
        bool isReached = true;
        int write = 1;
        for (; isReached; write++)
        {
            int number = write;
            await round.Run(
                dying,
                one => one >= number ? FaultKind.BeforeCommit : null,
                async grid =>
                {
                    isReached = await round.Reached(number);
                    if (isReached)
                    {
                        await grid.CrashAndRestartAsync();
                    }
                }
            );
        }

        Assert.InRange(write, 30, 400);
    }

    /// <summary>A grid that is cut over and rolled back again and again, and is the same after each.</summary>
    private sealed class Round : IAsyncDisposable
    {
        private readonly TestGrid _grid;
        private readonly JobClient _client;
        private readonly string[] _before;
        private string[] _after = [];
        private string? _job;

        /// <summary>The writes of the disturbed job.</summary>
        public int Writes { get; private set; }

        private Round(TestGrid grid, string[] before)
        {
            _grid = grid;
            _client = new JobClient(grid);
            _before = before;
        }

        public static async Task<Round> Begin()
        {
            TestGrid grid = await CutOverTests.StartAsync();
            await grid.PutRules(Before);
            foreach (
                JsonObject message in new[]
                {
                    Identify("m1", "u-1", "a-1"),
                    Identify("m2", "u-1", "a-2"),
                    Identify("m3", "u-2", "a-3"),
                    Identify("m4", "u-3", "a-3"),
                    Identify("m5", "u-4", null, new JsonObject { ["email"] = "e1@x.example" }),
                    Identify("m6", "u-4", null, new JsonObject { ["email"] = "e2@x.example" }),
                    Identify("m7", "u-1", null, new JsonObject { ["email"] = "e3@x.example" }),
                    Identify("m8", "u-2", null, new JsonObject { ["email"] = "e3@x.example" }),
                    Identify("m9", "u-5", null, new JsonObject { ["email"] = "e3@x.example" }),
                }
            )
            {
                await grid.CollectApplied(message);
            }

            return new Round(grid, await GridPicture.Of(grid, s_pool));
        }

        public async Task Run(JobKind disturbed, Func<int, FaultKind?> plan, Func<TestGrid, Task> amidst)
        {
            (string dryRun, _) = await _client.Run(JobKind.DryRun, After);
            string cutOver = await Job(JobKind.CutOver, dryRun, disturbed, plan, amidst);
            string[] after = await GridPicture.Of(_grid, s_pool);
            Assert.NotEqual(_before, after);
            // Customers that are split off are new each time, but what they hold is the same.
            string[] contents =
            [
                .. after.Select(line => line[line.IndexOf("\"identifiers\"", StringComparison.Ordinal)..]).Order(),
            ];
            _after = _after.Length == 0 ? contents : _after;
            Assert.Equal(_after, contents);
            JsonObject report = await _client.Done(cutOver);
            Assert.Equal("""{"merge":0,"split":0,"mergeAndSplit":0}""", report["left"]!.ToJsonString());

            await Job(JobKind.RollBack, cutOver, disturbed, plan, amidst);
            Assert.Equal(_before, await GridPicture.Of(_grid, s_pool));
            Assert.Equal(Policies.Rules(Before).Version, _grid.Rules.Current.Version);
        }

        /// <summary>Waits for a write since the plan; false where the job was done with fewer.</summary>
        public async Task<bool> Reached(int write)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (_grid.Faults.Writes < write)
            {
                if (_job is null || (await _client.Job(_job).Get())!.Status != JobStatus.Running)
                {
                    return _grid.Faults.Writes >= write;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
            }

            return true;
        }

        public ValueTask DisposeAsync() => _grid.DisposeAsync();

        private async Task<string> Job(
            JobKind kind,
            string of,
            JobKind disturbed,
            Func<int, FaultKind?> plan,
            Func<TestGrid, Task> amidst
        )
        {
            if (kind == disturbed)
            {
                _job = null;
                _grid.Faults.Plan(plan);
                await TryBegin(kind, of);
                await amidst(_grid);
            }

            // A caller who was told that it failed asks again.
            while (_job is null || kind != disturbed)
            {
                await TryBegin(kind, of);
                if (_job is not null)
                {
                    break;
                }
            }

            await _client.Done(_job);
            if (kind == disturbed)
            {
                Writes = _grid.Faults.Writes;
                _grid.Faults.Heal();
            }

            return _job;
        }

        private async Task TryBegin(JobKind kind, string of)
        {
            JobRequest request = JobClient.Request(kind, null, of);
            _job = null;
            try
            {
                JobStartReply reply = await _client.Jobs.Start(request);
                // It may have begun without the caller's knowing. Then it is under way, or done by now.
                _job = reply.Job?.Id ?? reply.Running ?? (await _client.Job(of).Get())!.FollowedBy;
            }
            catch (Exception error) when (error is StorageUnavailableException or OrleansException)
            {
                // Nothing was promised.
            }
        }
    }
}
