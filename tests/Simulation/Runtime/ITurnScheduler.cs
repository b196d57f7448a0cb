namespace Customer360.Simulation.Runtime;

/// <summary>Something that a grain has to do. <c>Execute</c> does one piece of it and returns.</summary>
public interface ITurn
{
    GrainId GrainId { get; }

    void Execute();
}

/// <summary>Where turns go that are ready: each at most once until its <c>Execute</c> was called.</summary>
public interface ITurnScheduler
{
    void Schedule(ITurn turn);
}
