using Orleans;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>Ends all activations of an engine, a bounded number at a time, within a time.</summary>
internal static class GracefulEnd
{
    /// <summary>Activations that run OnDeactivateAsync at the same time.</summary>
    private const int MaximumAtOnce = 1024;

    /// <summary>Gives the number of activations that were left when the time was over.</summary>
    public static async Task<int> RunAsync(GrainEngine engine, CancellationToken deadline)
    {
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The engine is stopping.");
        while (!deadline.IsCancellationRequested)
        {
            // An activation may call others while it ends, so look again until there are none.
            var living = new List<Activation>();
            engine.Collect(living, static activation => !activation.Class.IsObserver);
            if (living.Count == 0)
            {
                return 0;
            }

            try
            {
                await Parallel.ForEachAsync(
                    living,
                    new ParallelOptions { MaxDegreeOfParallelism = MaximumAtOnce, CancellationToken = deadline },
                    async (activation, token) =>
                    {
                        activation.Deactivate(reason, token);
                        await activation.Deactivated.WaitAsync(token);
                    }
                );
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return engine.Directory.Count;
    }
}
