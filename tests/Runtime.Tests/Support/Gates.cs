using System.Collections.Concurrent;

namespace Customer360.Runtime.Tests.Support;

/// <summary>Named gates: a grain waits at one in the middle of a turn, the test opens it.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);

    public Task Passed(string gate) => Of(gate).Task;

    public void Open(string gate) => Of(gate).TrySetResult();

    // Continuations run asynchronously, so the thread that opens a gate never runs grain code.
    private TaskCompletionSource Of(string gate) =>
        _gates.GetOrAdd(gate, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
