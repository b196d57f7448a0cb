using System.Threading.Channels;
using Orleans.Storage;

namespace Customer360.Benchmarks.Engine;

/// <summary>A storage that answers fast and in batches, as the real one does, but without a disk.</summary>
internal sealed class BatchedMemoryStorage : IGrainStorage
{
    private readonly Channel<TaskCompletionSource> _reads = Channel.CreateUnbounded<TaskCompletionSource>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    public BatchedMemoryStorage() => _ = AnswerAsync();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.State = (T)(object)new StoredState { Value = 1 };
        grainState.ETag = "1";
        grainState.RecordExists = true;
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reads.Writer.TryWrite(read);
        return read.Task;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

    private async Task AnswerAsync()
    {
        while (await _reads.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_reads.Reader.TryRead(out var read))
            {
                read.TrySetResult();
            }
        }
    }
}
