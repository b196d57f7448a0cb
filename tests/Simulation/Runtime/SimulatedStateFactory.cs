namespace Customer360.Simulation.Runtime;

/// <summary>
/// Makes the states of grains as Orleans does; where the settings say so, with writes that begin later than they are asked
/// for. Orleans does not promise that a write has taken the state when <c>WriteStateAsync</c> returns its task.
/// </summary>
internal sealed class SimulatedStateFactory(SimulatedSilo silo, RuntimeSettings settings) : IPersistentStateFactory
{
    private readonly PersistentStateFactory _factory = new();

    public IPersistentState<TState> Create<TState>(IGrainContext context, IPersistentStateConfiguration config)
    {
        IPersistentState<TState> state = _factory.Create<TState>(context, config);
        return settings.WritesBeginLater ? new LaterState<TState>(state, silo.Watcher, context.GrainId) : state;
    }

    /// <summary>A state whose writes let the grain go on before they begin.</summary>
    private sealed class LaterState<TState>(IPersistentState<TState> state, IRuntimeWatcher? watcher, GrainId grain)
        : IPersistentState<TState>
    {
        public TState State
        {
            get => state.State;
            set => state.State = value;
        }

        public string? Etag => state.Etag;

        public bool RecordExists => state.RecordExists;

        public Task ReadStateAsync() => state.ReadStateAsync();

        public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

        public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

        public Task ReadStateAsync(CancellationToken cancellationToken) => state.ReadStateAsync(cancellationToken);

        public async Task WriteStateAsync(CancellationToken cancellationToken)
        {
            watcher?.Met(Weakness.WriteBeganLater, grain);
            await Task.Yield();
            await state.WriteStateAsync(cancellationToken);
        }

        public async Task ClearStateAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            await state.ClearStateAsync(cancellationToken);
        }
    }
}
