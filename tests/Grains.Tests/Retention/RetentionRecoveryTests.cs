using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Jobs;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Audit;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Retention.RetentionGrid;

namespace Customer360.Grains.Tests.Retention;

/// <summary>A run that fails or crashes between any two of its pieces comes to the same end, and is recorded once.</summary>
public sealed class RetentionRecoveryTests
{
    /// <summary>The list of jobs, the job's begin, a write for each of four partitions, its end.</summary>
    private const int WritesMin = 6;

    [Theory]
    [InlineData(FaultKind.BeforeCommit)]
    [InlineData(FaultKind.AfterCommit)]
    public async Task Run_WhenAnyOneWriteFails_ComesToTheSameEnd(FaultKind kind)
    {
        await using Round round = await Round.Begin();
        bool isReached = true;
        int write = 1;
        for (; isReached; write++)
        {
            int number = write;
            isReached = await round.Run(one => one == number ? kind : null, number, _ => Task.CompletedTask);
        }

        Assert.InRange(write, WritesMin, 60);
    }

    [Fact]
    public async Task Run_WhenTheProcessDiesAtAnyWrite_IsResumedAfterTheStart()
    {
        await using Round round = await Round.Begin();
        bool isReached = true;
        int write = 1;
        for (; isReached; write++)
        {
            int number = write;
            isReached = await round.Run(
                one => one >= number ? FaultKind.BeforeCommit : null,
                number,
                grid => grid.CrashAndRestartAsync()
            );
        }

        Assert.InRange(write, WritesMin, 60);
    }

    /// <summary>A grid that gets new messages and is trimmed, again and again.</summary>
    private sealed class Round(RetentionGrid grid) : IAsyncDisposable
    {
        private int _messages;

        public static async Task<Round> Begin() => new(await RetentionGrid.Start(ThirtyDays));

        /// <summary>Runs a job that is disturbed; false where it had fewer writes than that.</summary>
        public async Task<bool> Run(Func<int, FaultKind?> plan, int write, Func<TestGrid, Task> amidst)
        {
            await grid.Grid.CollectApplied([
                .. Enumerable
                    .Range(_messages, 8)
                    .Select(n => Order($"m{n}", $"u-{n % 5}", n % 2 == 0 ? $"a-{n % 5}" : null)),
            ]);
            _messages += 8;
            string[] picture = await Picture();

            JobRequest request = JobClient.Request(JobKind.Retention, null);
            grid.Grid.Faults.Plan(plan);
            await TryBegin(request);
            bool isReached = await Reached(request.Id, write);
            if (isReached)
            {
                await amidst(grid.Grid);
            }

            // A caller who was told that it failed asks again.
            while (await grid.Client.Job(request.Id).Get() is null)
            {
                await TryBegin(request);
            }

            JsonObject result = await grid.Client.Done(request.Id);
            grid.Grid.Faults.Heal();
            Assert.All(
                (await grid.Log()).Values,
                message => Assert.DoesNotContain("SUMMER", message, StringComparison.Ordinal)
            );
            Assert.Equal(_messages, (await grid.Log()).Count);
            Assert.Equal(picture, await Picture());
            await grid.AssertRebuildIsTheSame();
            // The piece at which it was broken off was counted by nobody, or was counted; none is counted twice.
            Assert.InRange((int)result["trimmed"]!, 0, 8);
            AuditEntry[] records = await grid.Records(2, request.Id);
            Assert.Equal(["retention.begun", "retention.ended"], records.Select(record => record.Action));
            return isReached;
        }

        public ValueTask DisposeAsync() => grid.DisposeAsync();

        private Task<string[]> Picture() =>
            GridPicture.Of(grid.Grid, Enumerable.Range(0, 5).Select(number => $"user_id:u-{number}"));

        private async Task TryBegin(JobRequest request)
        {
            try
            {
                await grid.Client.Jobs.Start(request);
            }
            catch (Exception error) when (error is StorageUnavailableException or OrleansException)
            {
                // Nothing was promised.
            }
        }

        private async Task<bool> Reached(string job, int write)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (grid.Grid.Faults.Writes < write)
            {
                if (await grid.Client.Job(job).Get() is { Status: not JobStatus.Running })
                {
                    return grid.Grid.Faults.Writes >= write;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
            }

            return true;
        }
    }
}
