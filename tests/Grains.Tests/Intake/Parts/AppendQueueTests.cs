using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Intake.Parts.Deliveries;

namespace Customer360.Grains.Tests.Intake.Parts;

/// <summary>Calls that come while an append is under way share the next one; what fails is told to all of them.</summary>
public sealed class AppendQueueTests
{
    private readonly WaitingRoom _room = new(new GridOptions(), new AppliedPositions());
    private readonly List<int[]> _batches = [];
    private readonly Queue<TaskCompletionSource> _appends = new();
    private Exception? _failed;

    [Fact]
    public void Add_WhileAnAppendIsUnderWay_WaitsForTheNext()
    {
        AppendQueue queue = Of(messagesMax: 100);
        queue.Add(Call("a"));
        queue.Add(Call("b", "c"));
        queue.Add(Call("d"));

        Assert.Equal(
            [
                [1],
            ],
            _batches
        );
        Assert.Equal(4, _room.Messages);
        _appends.Dequeue().SetResult();
        Assert.Equal(
            [
                [1],
                [2, 1],
            ],
            _batches
        );
        _appends.Dequeue().SetResult();
        Assert.False(queue.IsAppending);
    }

    [Fact]
    public void Add_NeverDividesACall_AndFillsNoBatchBeyondItsBound()
    {
        AppendQueue queue = Of(messagesMax: 2);
        queue.Add(Call("a"));
        queue.Add(Call("b", "c", "d"));
        queue.Add(Call("e"));
        queue.Add(Call("f"));
        queue.Add(Call("g"));

        while (_appends.TryDequeue(out TaskCompletionSource? append))
        {
            append.SetResult();
        }

        Assert.Equal(
            [
                [1],
                [3],
                [1, 1],
                [1],
            ],
            _batches
        );
    }

    [Fact]
    public async Task Add_WhenTheAppendFails_TellsThoseOfTheBatchAndThoseThatWait()
    {
        AppendQueue queue = Of(messagesMax: 100);
        WaitingCall first = Call("a");
        WaitingCall second = Call("b");
        queue.Add(first);
        queue.Add(second);
        var away = new StorageUnavailableException("away");

        _appends.Dequeue().SetException(away);

        Assert.Same(away, _failed);
        Assert.Same(away, await Assert.ThrowsAsync<StorageUnavailableException>(() => first.Stored));
        Assert.Same(away, await Assert.ThrowsAsync<StorageUnavailableException>(() => second.Stored));
        Assert.Equal((0, 0L), (_room.Messages, _room.Bytes));
        queue.Add(Call("c"));
        Assert.Equal(2, _batches.Count);
    }

    private AppendQueue Of(int messagesMax) =>
        new(
            messagesMax,
            _room,
            batch =>
            {
                _batches.Add([.. batch.Select(call => call.Receipts.Length)]);
                var append = new TaskCompletionSource();
                _appends.Enqueue(append);
                return append.Task;
            },
            error => _failed = error
        );
}
