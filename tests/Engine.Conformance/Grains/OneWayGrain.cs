using Customer360.Engine.Conformance.Support;
using Orleans.Concurrency;

namespace Customer360.Engine.Conformance.Grains;

[Alias("conformance.oneWay")]
public interface IOneWayGrain : IGrainWithStringKey
{
    [OneWay]
    [Alias("hold")]
    Task Hold(string gate);

    [OneWay]
    [Alias("fail")]
    Task Fail();

    [OneWay]
    [Alias("noteByValueTask")]
    ValueTask NoteByValueTask(string entry);

    [Alias("ping")]
    Task<string> Ping();
}

public sealed class OneWayGrain(Gates gates, Journal journal) : Grain, IOneWayGrain
{
    public async Task Hold(string gate)
    {
        journal.Add(this.GetPrimaryKeyString(), "enter");
        await gates.Passed(gate);
        journal.Add(this.GetPrimaryKeyString(), "leave");
    }

    public Task Fail()
    {
        journal.Add(this.GetPrimaryKeyString(), "failing");
        throw new InvalidOperationException("nobody hears this");
    }

    public ValueTask NoteByValueTask(string entry)
    {
        journal.Add(this.GetPrimaryKeyString(), entry);
        return ValueTask.CompletedTask;
    }

    public Task<string> Ping() => Task.FromResult("pong");
}
