namespace Customer360.Runtime.Tests;

/// <summary>A running runtime. Implemented once for Orleans and once for the simulation, in <c>Hosts/</c>.</summary>
public abstract class RuntimeHost : IAsyncDisposable
{
    /// <summary>Where calls from outside any grain come from.</summary>
    public abstract IGrainFactory Grains { get; }

    /// <summary>The services of the node that hosts the grains.</summary>
    public abstract IServiceProvider Services { get; }

    /// <summary>Stops the node in an orderly way and starts another on the same world and reminder table.</summary>
    public abstract Task RestartAsync();

    public abstract ValueTask DisposeAsync();
}
