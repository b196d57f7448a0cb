namespace Customer360.Storage.Pipelines;

/// <summary>
/// The writes of a process, by lanes that commit side by side. Requests for the same row always take the same lane, so
/// they keep their order; between rows the storage promises none, and a caller that needs one waits for its answer.
/// </summary>
internal sealed class CommitLanes : IAsyncDisposable
{
    private readonly CommitPipeline[] _lanes;

    /// <param name="count">Transactions that may be under way at once.</param>
    /// <param name="create">Makes the pipeline of a lane.</param>
    public CommitLanes(int count, Func<int, CommitPipeline> create) =>
        _lanes = [.. Enumerable.Range(0, count).Select(create)];

    /// <inheritdoc cref="BatchPipeline.SubmitAsync"/>
    public Task<TResult> SubmitAsync<TResult>(PipelineWork<TResult> work, CancellationToken cancellationToken) =>
        _lanes[(uint)work.Affinity % (uint)_lanes.Length].SubmitAsync(work, cancellationToken);

    /// <summary>Puts the same request into each lane, to ask whether all of them work.</summary>
    public Task<TResult[]> SubmitToAllAsync<TResult>(
        Func<PipelineWork<TResult>> create,
        CancellationToken cancellationToken
    ) => Task.WhenAll(_lanes.Select(lane => lane.SubmitAsync(create(), cancellationToken)));

    /// <summary>Accepts nothing more, carries out what is queued, and ends.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_lanes.Select(lane => lane.DisposeAsync().AsTask()));
}
