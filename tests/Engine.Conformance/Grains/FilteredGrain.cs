using Customer360.Engine.Conformance.Support;

namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.filtered")]
public interface IFilteredGrain : IGrainWithStringKey
{
    [Alias("say")]
    Task<string> Say(string text);

    [Alias("relay")]
    Task<string> Relay(IFilteredGrain target, string text);
}

public sealed class FilteredGrain(Journal journal) : Grain, IFilteredGrain
{
    public Task<string> Say(string text)
    {
        journal.Add(this.GetPrimaryKeyString(), "call");
        return text == "fail" ? throw new InvalidOperationException("as asked") : Task.FromResult(text);
    }

    public Task<string> Relay(IFilteredGrain target, string text) => target.Say(text);
}
