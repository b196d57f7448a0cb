using Customer360.Grains.Contracts;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <inheritdoc cref="IAnchorChangeGrain"/>
/// <remarks>
/// What it remembers stays true when a partition is activated anew, on whatever node: an activation asks the rules' owner for
/// the last change before it opens.
/// </remarks>
[GrainType("anchor-change")]
public sealed class AnchorChangeGrain(IOptions<GridOptions> options) : Grain, IAnchorChangeGrain
{
    private long _completed;

    public async Task Complete(long since)
    {
        if (since > _completed)
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, options.Value.Partitions)
                    .Select(partition => GrainFactory.GetGrain<IIntakeGrain>(partition).FollowAnchors(since))
            );
            _completed = since;
        }
    }
}
