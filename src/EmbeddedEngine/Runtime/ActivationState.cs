namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>The life of an activation, in order; each only goes forward.</summary>
internal enum ActivationState : byte
{
    /// <summary>In the directory, nothing has run yet.</summary>
    Created,

    /// <summary>Being constructed, state being read, OnActivateAsync running.</summary>
    Activating,

    /// <summary>Takes requests.</summary>
    Valid,

    /// <summary>Running requests end, then OnDeactivateAsync runs. New requests wait.</summary>
    Deactivating,

    /// <summary>Out of the directory. Requests go to the next activation.</summary>
    Ended,
}
