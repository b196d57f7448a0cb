using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;

namespace Customer360.Grains.Tests.States;

/// <summary>Saves that come while another one is under way.</summary>
public sealed class AuditedWritesTests
{
    [Fact]
    public async Task Save_WhileAnotherIsUnderWay_TellsItsOwnEntries()
    {
        var stored = new Stored();
        var writes = new AuditedWrites<Noted>(stored, new Nobody());

        Task first = writes.Save([Entry("one")]);
        Task second = writes.Save([Entry("two")]);
        Task third = writes.Save([]);
        Assert.Single(stored.Written);
        stored.Release();
        await Task.WhenAll(first, second, third);

        Assert.Equal(["one", "two", ""], stored.Written.Select(entries => string.Join(' ', entries)));
        Assert.Empty(stored.State.Audit);
    }

    [Fact]
    public async Task Save_OfWhatChangesMeanwhile_WritesItAsItIsThen()
    {
        var stored = new Stored();
        var writes = new AuditedWrites<Noted>(stored, new Nobody());
        int begun = 0;

        Task first = writes.Save([], () => begun++);
        Task second = writes.Save([], () => begun += 10);
        Assert.Equal(1, begun);
        stored.Release();
        await Task.WhenAll(first, second);

        Assert.Equal(11, begun);
    }

    private static AuditEntry Entry(string action) =>
        new(action, DateTimeOffset.UnixEpoch, action, new AuditActor("key", "officer", Roles: ""), "object", "o_1");

    private sealed class Noted : IAudited
    {
        public ImmutableArray<AuditEntry> Audit { get; set; } = [];
    }

    private sealed class Nobody : IGrainBase
    {
        public IGrainContext GrainContext => throw new NotSupportedException();
    }

    /// <summary>As the runtime does it: one write after the other, each with the state of when its turn comes.</summary>
    private sealed class Stored : IPersistentState<Noted>
    {
        private readonly TaskCompletionSource _released = new();
        private Task _last = Task.CompletedTask;

        public Noted State { get; set; } = new();

        public string Etag => "";

        public bool RecordExists => true;

        public List<ImmutableArray<string>> Written { get; } = [];

        public void Release() => _released.SetResult();

        public Task WriteStateAsync() => _last = After(_last);

        public Task ReadStateAsync() => throw new NotSupportedException();

        public Task ClearStateAsync() => throw new NotSupportedException();

        private async Task After(Task last)
        {
            await last;
            Written.Add([.. State.Audit.Select(entry => entry.Action)]);
            await _released.Task;
        }
    }
}
