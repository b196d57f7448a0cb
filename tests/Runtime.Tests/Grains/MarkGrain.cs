using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.mark")]
public interface IMarkGrain : IGrainWithStringKey
{
    /// <summary>Which activation of this key answers: 1 for the first, 2 for the second.</summary>
    [Alias("mark")]
    Task<int> Mark();
}

public sealed class MarkGrain(Journal journal) : Grain, IMarkGrain
{
    private int _mark;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Leaves the thread, so a second activation would have its chance.
        await Task.Yield();
        _mark = journal.Add(this.GetPrimaryKeyString(), "activated");
    }

    public Task<int> Mark() => Task.FromResult(_mark);
}
