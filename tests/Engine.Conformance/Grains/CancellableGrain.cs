using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.cancellable")]
public interface ICancellableGrain : IGrainWithStringKey
{
    /// <summary>Waits at a gate that stays closed, until cancelled; notes "enter" and "cancelled".</summary>
    [Alias("waitForCancellation")]
    Task WaitForCancellation(CancellationToken cancellationToken);

    /// <summary>Passes its token on.</summary>
    [Alias("relay")]
    Task Relay(ICancellableGrain target, CancellationToken cancellationToken);

    [Alias("isCancelled")]
    Task<bool> IsCancelled(string text, CancellationToken cancellationToken = default);

    /// <summary>Holds the grain until the gate opens, whatever the token says, and answers.</summary>
    [Alias("ignore")]
    Task<string> Ignore(string gate, CancellationToken cancellationToken);
}

public sealed class CancellableGrain(Gates gates, Journal journal) : Grain, ICancellableGrain
{
    public async Task WaitForCancellation(CancellationToken cancellationToken)
    {
        journal.Add(this.GetPrimaryKeyString(), "enter");
        try
        {
            await gates.Passed("closed for ever").WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            journal.Add(this.GetPrimaryKeyString(), "cancelled");
            throw;
        }
    }

    public Task Relay(ICancellableGrain target, CancellationToken cancellationToken) =>
        target.WaitForCancellation(cancellationToken);

    public Task<bool> IsCancelled(string text, CancellationToken cancellationToken = default)
    {
        journal.Add(this.GetPrimaryKeyString(), text);
        return Task.FromResult(cancellationToken.IsCancellationRequested);
    }

    public async Task<string> Ignore(string gate, CancellationToken cancellationToken)
    {
        journal.Add(this.GetPrimaryKeyString(), "enter");
        await gates.Passed(gate);
        journal.Add(this.GetPrimaryKeyString(), $"leave, cancelled: {cancellationToken.IsCancellationRequested}");
        return "done";
    }
}
