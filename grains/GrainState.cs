namespace Customer360.Grains;

/// <summary>Writes a grain's state.</summary>
internal static class GrainState
{
    /// <summary>
    /// Changes the state and writes it. Where that fails the change is taken back and the activation ends: whether it was stored is
    /// not known, and the next activation reads it anew.
    /// </summary>
    /// <param name="changed">Another object than the state of now.</param>
    public static async Task SaveOrTakeBack<TState>(
        this IPersistentState<TState> stored,
        TState changed,
        IGrainBase grain
    )
        where TState : class
    {
        TState before = stored.State;
        stored.State = changed;
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            stored.State = before;
            grain.DeactivateOnIdle();
            throw;
        }
    }
}
