using System.Diagnostics;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>What only some calls carry. Most calls carry none of it and pay one empty field.</summary>
internal sealed class CallExtras
{
    /// <summary>The caller's request context; never changed once it is here.</summary>
    public Dictionary<string, object>? RequestContext;

    /// <summary>The caller's span.</summary>
    public ActivityContext ParentActivity;

    /// <summary>The calling grain, kept while filters are registered.</summary>
    public GrainId? Source;

    /// <summary>The callee's end of the caller's cancellation token.</summary>
    public CancellationTokenSource? Cancellation;

    /// <summary>Listens to the caller's token until the call is settled.</summary>
    public CancellationTokenRegistration CallerRegistration;
}
