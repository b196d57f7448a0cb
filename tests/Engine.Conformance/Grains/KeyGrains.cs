namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.stringKey")]
public interface IStringKeyGrain : IGrainWithStringKey
{
    [Alias("key")]
    Task<string> Key();
}

public sealed class StringKeyGrain : Grain, IStringKeyGrain
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());
}

[Alias("conformance.integerKey")]
public interface IIntegerKeyGrain : IGrainWithIntegerKey
{
    [Alias("key")]
    Task<long> Key();
}

public sealed class IntegerKeyGrain : Grain, IIntegerKeyGrain
{
    public Task<long> Key() => Task.FromResult(this.GetPrimaryKeyLong());
}

[Alias("conformance.guidKey")]
public interface IGuidKeyGrain : IGrainWithGuidKey
{
    [Alias("key")]
    Task<Guid> Key();
}

public sealed class GuidKeyGrain : Grain, IGuidKeyGrain
{
    public Task<Guid> Key() => Task.FromResult(this.GetPrimaryKey());
}

[Alias("conformance.integerCompoundKey")]
public interface IIntegerCompoundKeyGrain : IGrainWithIntegerCompoundKey
{
    [Alias("key")]
    Task<string> Key();
}

public sealed class IntegerCompoundKeyGrain : Grain, IIntegerCompoundKeyGrain
{
    public Task<string> Key() => Task.FromResult($"{this.GetPrimaryKeyLong(out var extension)} and {extension}");
}

[Alias("conformance.guidCompoundKey")]
public interface IGuidCompoundKeyGrain : IGrainWithGuidCompoundKey
{
    [Alias("key")]
    Task<string> Key();
}

public sealed class GuidCompoundKeyGrain : Grain, IGuidCompoundKeyGrain
{
    public Task<string> Key() => Task.FromResult($"{this.GetPrimaryKey(out var extension)} and {extension}");
}
