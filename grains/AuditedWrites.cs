using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;

namespace Customer360.Grains;

/// <summary>
/// The writes of a grain whose work goes on beside its calls, one at a time. Two at once would carry the same version; and what the
/// second tells the audit would be wiped when the first has come to its end, before it is on its way.
/// </summary>
/// <remarks>A write that fails ends the activation: what is stored is not known here any more.</remarks>
internal sealed class AuditedWrites<TState>(IPersistentState<TState> stored, IGrainBase grain)
    where TState : class, IAudited
{
    private Task _under = Task.CompletedTask;

    /// <summary>Waits for its turn, and writes the state as it is then.</summary>
    /// <param name="entries">What the audit is told in the same transaction.</param>
    /// <param name="before">Called when it is its turn, last before the write.</param>
    public async Task Save(ImmutableArray<AuditEntry> entries, Action? before = null)
    {
        while (!_under.IsCompleted)
        {
            await _under;
        }

        before?.Invoke();
        stored.State.Audit = entries;
        Task writing = stored.WriteStateAsync();
        _under = writing;
        try
        {
            await writing;
            stored.State.Audit = [];
        }
        catch
        {
            grain.DeactivateOnIdle();
            throw;
        }
    }
}
