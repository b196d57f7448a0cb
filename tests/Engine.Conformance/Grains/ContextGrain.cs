namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.context")]
public interface IContextGrain : IGrainWithStringKey
{
    [Alias("see")]
    Task<string?> See(string name);

    /// <summary>What the turn still sees after an await.</summary>
    [Alias("seeAfterAwait")]
    Task<string?> SeeAfterAwait(string name);

    /// <summary>What another grain sees when this one calls it.</summary>
    [Alias("seeElsewhere")]
    Task<string?> SeeElsewhere(IContextGrain target, string name);

    /// <summary>Sets a value, calls another grain, and answers what that one saw.</summary>
    [Alias("setAndSeeElsewhere")]
    Task<string?> SetAndSeeElsewhere(IContextGrain target, string name, string value);

    [Alias("set")]
    Task Set(string name, string value);

    /// <summary>Lets another grain set a value, and answers what is here afterwards.</summary>
    [Alias("letSet")]
    Task<string?> LetSet(IContextGrain target, string name, string value);
}

public sealed class ContextGrain : Grain, IContextGrain
{
    public Task<string?> See(string name) => Task.FromResult(RequestContext.Get(name) as string);

    public async Task<string?> SeeAfterAwait(string name)
    {
        await Task.Yield();
        return RequestContext.Get(name) as string;
    }

    public Task<string?> SeeElsewhere(IContextGrain target, string name) => target.See(name);

    public Task<string?> SetAndSeeElsewhere(IContextGrain target, string name, string value)
    {
        RequestContext.Set(name, value);
        return target.See(name);
    }

    public Task Set(string name, string value)
    {
        RequestContext.Set(name, value);
        return Task.CompletedTask;
    }

    public async Task<string?> LetSet(IContextGrain target, string name, string value)
    {
        await target.Set(name, value);
        return RequestContext.Get(name) as string;
    }
}
