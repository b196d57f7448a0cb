using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <summary>Requests that came by OpenDSR: the same as others, and besides whoever they name is told when their status changes.</summary>
public sealed partial class PrivacyRequestGrain
{
    /// <summary>As it is stored. Nobody is told of a change before it is: a write may fail, and the change with it.</summary>
    private OpenDsrState? _toldOpenDsr;

    private IOpenDsrCallbackGrain Callbacks => GrainFactory.GetGrain<IOpenDsrCallbackGrain>(Id);

    public async Task<PrivacyRequestView?> BeginOpenDsr(PrivacyRequestAsk ask)
    {
        if (State.Kind is null)
        {
            return await Begin(ask);
        }

        return ask.OpenDsr is { } asked && State.OpenDsr?.BodySeal == SealOf(asked) ? View() : null;
    }

    /// <summary>What is to be kept of it. Whoever tells its receivers is asked to look after it, before it is written down.</summary>
    private async Task<OpenDsrState?> OpenDsrOf(PrivacyRequestAsk ask)
    {
        if (ask.OpenDsr is not { } asked)
        {
            return null;
        }

        var kept = new OpenDsrState(asked.Regulation, SealOf(asked), asked.CallbackUrls);
        if (!kept.CallbackUrls.IsEmpty)
        {
            await Callbacks.Watch();
        }

        return kept;
    }

    private static OpenDsrView? ViewOf(OpenDsrState? openDsr) =>
        openDsr is null ? null : new OpenDsrView(openDsr.Regulation, openDsr.CallbackUrls, openDsr.Changes);

    private string SealOf(OpenDsrAsk asked) => key.Seal($"opendsr {asked.BodyHash}");
}
