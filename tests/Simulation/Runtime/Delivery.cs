namespace Customer360.Simulation.Runtime;

/// <summary>The arrival of a call as a step of its own, so that the world's scheduler may let others overtake it.</summary>
internal sealed class Delivery(SimulatedSilo silo, Call call) : ITurn
{
    public GrainId GrainId => call.Target;

    public void Execute() => silo.Arrive(call);
}
