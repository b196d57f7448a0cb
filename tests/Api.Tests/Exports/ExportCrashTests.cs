using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;
using Microsoft.Extensions.DependencyInjection;

namespace Customer360.Api.Tests.Exports;

/// <summary>An export that ends at any of its steps leaves a mirror that can be read, and the next one goes on from it.</summary>
public sealed class ExportCrashTests
{
    private const int StepsMax = 400;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_ThatEndsAtAnyStep_LosesNothingAndWritesNothingTwice(bool afterwards)
    {
        var steps = new Steps();
        await using ExportHost host = await ExportHost.Start(configure: steps.PutBetween);
        int sent = 0;
        for (int step = 1; ; step++)
        {
            await host.Grid.Send("track", $"\"userId\":\"u-{step % 7}\",\"event\":\"E{++sent}\"");
            // Tables that are written as a whole have something new each time, too.
            await host.Grid.Send("group", $"\"userId\":\"u-{step % 7}\",\"groupId\":\"g-{++sent}\"");
            steps.EndAt(step, afterwards);
            (bool isDone, string told) = await Try(host);
            AssertReadable(host);
            if (isDone)
            {
                Assert.True(step > 10, $"{step} steps are too few to have met them all.");
                break;
            }

            Assert.Contains("the test ends it here", told, StringComparison.Ordinal);
            Assert.True(step < StepsMax, "It never came to its end.");
        }

        steps.GoOn();
        await host.Export();

        Assert.Equal(
            [$"{sent}|{sent}"],
            host.Query(
                "select count(*), count(distinct coalesce(name, group_id)) from read_parquet('$mirror/events/**/*.parquet')"
            )
        );
        Assert.Equal(
            [$"{sent / 2}|{sent / 2}"],
            host.Query("select count(*), count(distinct account_id) from read_parquet('$mirror/accounts/*.parquet')")
        );
        Assert.True((await host.Verify()).GetProperty("isSame").GetBoolean());
    }

    private static async Task<(bool IsDone, string Told)> Try(ExportHost host)
    {
        JsonElement job = await host.End("/v1/exports", "{}");
        return job.GetProperty("status").GetString() == "done"
            ? (true, "")
            : (false, job.GetProperty("failure").GetString()!);
    }

    /// <summary>Whatever the manifest names is there, as long as it says, and nothing of it stands twice.</summary>
    private static void AssertReadable(ExportHost host)
    {
        if (!File.Exists(Path.Combine(host.Mirror, "manifest.json")))
        {
            return;
        }

        JsonElement[] files =
        [
            .. host.Manifest()
                .GetProperty("tables")
                .EnumerateArray()
                .SelectMany(table => table.GetProperty("files").EnumerateArray()),
        ];
        foreach (JsonElement file in files)
        {
            var held = new FileInfo(Path.Combine(host.Mirror, file.GetProperty("path").GetString()!));
            Assert.Equal(file.GetProperty("bytes").GetInt64(), held.Length);
        }

        string[] events = host.FilesOf("events");
        if (events.Length > 0)
        {
            string list = string.Join(", ", events.Select(path => $"'{host.Mirror}/{path}'"));
            string[] counts = host.Query(
                $"select count(*) = count(distinct coalesce(name, group_id)) from read_parquet([{list}])"
            );
            Assert.Equal(["True"], counts);
        }
    }

    /// <summary>Ends one of the mirror's steps, before or after it is done.</summary>
    private sealed class Steps : IMirrorFiles
    {
        private IMirrorFiles _inner = null!;
        private int _left = int.MaxValue;
        private bool _afterwards;

        public bool IsSet => _inner.IsSet;

        public void PutBetween(IServiceCollection services)
        {
            ServiceDescriptor usual = services.Single(one => one.ServiceType == typeof(IMirrorFiles));
            services.Remove(usual);
            services.AddSingleton<IMirrorFiles>(provider =>
            {
                _inner = (IMirrorFiles)ActivatorUtilities.CreateInstance(provider, usual.ImplementationType!);
                return this;
            });
        }

        public void EndAt(int step, bool afterwards) => (_left, _afterwards) = (step, afterwards);

        public void GoOn() => _left = int.MaxValue;

        public async Task<(long Bytes, string Sha256)> WriteRowsAsync(
            string path,
            MirrorRows rows,
            CancellationToken stop
        )
        {
            bool ends = Step();
            (long, string) written = await _inner.WriteRowsAsync(path, rows, stop);
            return ends ? throw Ended() : written;
        }

        public void Publish(ImmutableArray<string> paths)
        {
            // One by one: it may end between two of them.
            foreach (string path in paths)
            {
                bool ends = Step();
                _inner.Publish([path]);
                if (ends)
                {
                    throw Ended();
                }
            }
        }

        public async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken stop)
        {
            bool ends = Step();
            await _inner.WriteAsync(path, content, stop);
            if (ends)
            {
                throw Ended();
            }
        }

        public Task<ReadOnlyMemory<byte>?> ReadAsync(string path, CancellationToken stop) =>
            _inner.ReadAsync(path, stop);

        public long? LengthOf(string path) => _inner.LengthOf(path);

        public Task<string?> HashOfAsync(string path, CancellationToken stop) => _inner.HashOfAsync(path, stop);

        public Task<MirrorRows> ReadRowsAsync(string path, MirrorTable table, CancellationToken stop) =>
            _inner.ReadRowsAsync(path, table, stop);

        public ImmutableArray<string> List() => _inner.List();

        public void Delete(IEnumerable<string> paths)
        {
            foreach (string path in paths)
            {
                bool ends = Step();
                _inner.Delete([path]);
                if (ends)
                {
                    throw Ended();
                }
            }
        }

        /// <summary>True where it ends when it is done.</summary>
        private bool Step()
        {
            bool ends = --_left == 0;
            return ends && !_afterwards ? throw Ended() : ends;
        }

        private static MirrorFilesException Ended() => new("the test ends it here");
    }
}
