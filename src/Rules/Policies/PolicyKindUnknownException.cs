namespace Customer360.Rules.Policies;

/// <summary>
/// The node that keeps the history of a kind of policy is of a release that does not know the kind. It passes when the cluster
/// has gone over to the newer release.
/// </summary>
public sealed class PolicyKindUnknownException : Exception
{
    public PolicyKindUnknownException()
        : base("The node that keeps this kind of policy does not know it: it is of an older release.") { }

    public PolicyKindUnknownException(string message)
        : base(message) { }

    public PolicyKindUnknownException(string message, Exception innerException)
        : base(message, innerException) { }
}
