namespace Customer360.Simulation.Runtime;

/// <summary>Is told what the runtime does. It must change nothing.</summary>
public interface IRuntimeWatcher
{
    /// <param name="from">The calling grain; null where the call comes from outside.</param>
    void Sent(GrainId? from, GrainId to, string method);

    void Met(Weakness weakness, GrainId grain);
}

/// <summary>Where the runtime has just promised less than one would like.</summary>
public enum Weakness
{
    /// <summary>A call arrived before one that was sent earlier to the same grain.</summary>
    CallOvertaken,

    /// <summary>A call was held back on its way for some time.</summary>
    CallHeldBack,

    /// <summary>A call that changes things began while one that reads had not ended.</summary>
    WriteBesideReader,

    /// <summary>An exception crossed as between silos: written and read again.</summary>
    ExceptionSerialized,

    ReminderLate,

    ReminderTwice,

    /// <summary>A second activation of a grain was made while the first still runs.</summary>
    SecondActivation,

    /// <summary>A grain went on before the write that it had asked for began.</summary>
    WriteBeganLater,
}
