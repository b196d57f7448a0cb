namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.reference")]
public interface IReferenceGrain : IGrainWithStringKey
{
    [Alias("name")]
    Task<string> Name();

    /// <summary>Asks the grain behind the reference for its name.</summary>
    [Alias("nameOf")]
    Task<string> NameOf(IReferenceGrain other);

    [Alias("nameInside")]
    Task<string> NameInside(Introduction introduction);

    [Alias("self")]
    Task<IReferenceGrain> Self();

    [Alias("selfInside")]
    Task<Introduction> SelfInside(string text);

    /// <summary>Keeps the reference for <see cref="NameOfKept"/>.</summary>
    [Alias("keep")]
    Task Keep(IReferenceGrain other);

    [Alias("nameOfKept")]
    Task<string> NameOfKept();

    /// <summary>Hands its own reference to another grain, to be kept there.</summary>
    [Alias("introduceSelf")]
    Task IntroduceSelf(IReferenceGrain other);
}

[GenerateSerializer]
[Immutable]
[Alias("conformance.introduction")]
public sealed record Introduction([property: Id(0)] string Text, [property: Id(1)] IReferenceGrain? Grain);

public sealed class ReferenceGrain : Grain, IReferenceGrain
{
    private IReferenceGrain? _kept;

    public Task<string> Name() => Task.FromResult($"I am {this.GetPrimaryKeyString()}");

    public Task<string> NameOf(IReferenceGrain other) => other.Name();

    public Task<string> NameInside(Introduction introduction) => introduction.Grain!.Name();

    public Task<IReferenceGrain> Self() => Task.FromResult(this.AsReference<IReferenceGrain>());

    public Task<Introduction> SelfInside(string text) =>
        Task.FromResult(new Introduction(text, this.AsReference<IReferenceGrain>()));

    public Task Keep(IReferenceGrain other)
    {
        _kept = other;
        return Task.CompletedTask;
    }

    public Task<string> NameOfKept() => _kept!.Name();

    public Task IntroduceSelf(IReferenceGrain other) => other.Keep(this.AsReference<IReferenceGrain>());
}
