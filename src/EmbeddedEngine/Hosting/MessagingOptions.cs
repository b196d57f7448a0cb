namespace Orleans.Configuration;

/// <summary>How calls are timed.</summary>
public abstract class MessagingOptions
{
    /// <summary>After this time an unanswered call ends with <see cref="TimeoutException"/>. Default: 30 seconds.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>How calls are timed and limited where the grains are.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>
    /// The most requests that may wait for one activation; the next one ends with
    /// <see cref="Runtime.LimitExceededException"/>. Zero: no limit. Default: 10,000 (Orleans: no limit).
    /// </summary>
    public int MaxEnqueuedRequestsHardLimit { get; set; } = 10_000;
}

/// <summary>How calls from outside grains are timed. In one process <see cref="SiloMessagingOptions"/> count.</summary>
public class ClientMessagingOptions : MessagingOptions;

/// <summary>When idle activations are collected, and how long starting and stopping may take.</summary>
public class GrainCollectionOptions
{
    /// <summary>Time between two searches for idle activations. Default: one minute.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>An activation that had no call for this long is collected. Default: 15 minutes.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The same per grain class, by the class's full name.</summary>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = new(StringComparer.Ordinal);

    /// <summary>An activation that has not started after this time has failed. Default: 30 seconds.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>An activation that has not stopped after this time is dropped. Default: 30 seconds.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
