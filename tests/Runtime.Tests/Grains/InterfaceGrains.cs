namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.named")]
public interface INamedGrain : IGrainWithStringKey
{
    [Alias("name")]
    Task<string> Name();
}

/// <summary>Extends another grain interface.</summary>
[Alias("runtime.counting")]
public interface ICountingGrain : INamedGrain
{
    [Alias("count")]
    Task<int> Count();
}

/// <summary>A second interface of the same grain, with a method of the same name.</summary>
[Alias("runtime.titled")]
public interface ITitledGrain : IGrainWithStringKey
{
    [Alias("name")]
    Task<string> Name();

    [Alias("title")]
    Task<string> Title();
}

public sealed class ManyFacedGrain : Grain, ICountingGrain, ITitledGrain
{
    private int _count;

    Task<string> INamedGrain.Name() => Counted("name");

    Task<string> ITitledGrain.Name() => Counted("name with title");

    public Task<string> Title() => Counted("title");

    public Task<int> Count() => Task.FromResult(_count);

    private Task<string> Counted(string answer)
    {
        _count++;
        return Task.FromResult(answer);
    }
}
