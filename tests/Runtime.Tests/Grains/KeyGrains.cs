namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.stringKey")]
public interface IStringKeyGrain : IGrainWithStringKey
{
    [Alias("key")]
    Task<string> Key();
}

public sealed class StringKeyGrain : Grain, IStringKeyGrain
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());
}

[Alias("runtime.integerKey")]
public interface IIntegerKeyGrain : IGrainWithIntegerKey
{
    [Alias("key")]
    Task<long> Key();
}

public sealed class IntegerKeyGrain : Grain, IIntegerKeyGrain
{
    public Task<long> Key() => Task.FromResult(this.GetPrimaryKeyLong());
}
