using Customer360.Rules.Identity;

namespace Customer360.Grains.Contracts;

/// <summary>
/// The table of grain keys.
/// <list type="table">
/// <item><term><see cref="IIntakeGrain"/></term><description>the partition's number, from 0</description></item>
/// <item><term><see cref="IIdentifierGrain"/></term><description><c>type:value</c>, normalized: <c>email:jane@x.com</c></description></item>
/// <item><term><see cref="ICustomerGrain"/></term><description>a <see cref="CustomerId"/></description></item>
/// <item><term><see cref="IAccountGrain"/></term><description>the group id as sent: <c>acme.com</c></description></item>
/// <item><term><see cref="IDecisionGrain"/></term><description>the decision's id: <c>d_</c> and 32 hexadecimal digits</description></item>
/// <item><term><see cref="IMessageLogGrain"/></term><description>always 0</description></item>
/// <item><term><see cref="IQuarantineListGrain"/></term><description>a part of the list of quarantined identifiers, from 0</description></item>
/// <item><term><see cref="IIdentityRulesGrain"/></term><description><see cref="IdentityRules"/>, the only one</description></item>
/// <item><term><see cref="IAnchorChangeGrain"/></term><description><see cref="Current"/>: there is one</description></item>
/// <item><term><see cref="IMastershipGrain"/></term><description><see cref="Current"/>: there is one</description></item>
/// <item><term><see cref="IJobsGrain"/></term><description><see cref="Jobs"/>, the only one</description></item>
/// <item><term><see cref="IJobGrain"/></term><description>the job's id: <c>j_</c> and 32 hexadecimal digits</description></item>
/// </list>
/// </summary>
public static class GrainKeys
{
    /// <summary>Names of the state tables, one per kind of grain; also the name of each grain's stored state.</summary>
    public const string CustomerState = "customer";
    public const string IdentifierState = "identifier";
    public const string AccountState = "account";
    public const string QuarantineListState = "quarantine_list";
    public const string IdentityRulesState = "identity_rules";

    /// <summary>The key of the grain that owns the identity rules.</summary>
    public const string IdentityRules = "current";
    public const string MastershipState = "mastership";

    /// <summary>The key of grains of which the grid has one.</summary>
    public const string Current = "current";

    public const string JobsState = "jobs";
    public const string JobState = "job";
    public const string JobAffectedState = "job-affected";

    /// <summary>Pages of what a cut-over did; the key is the job's id, a colon and the page.</summary>
    public const string JobStepsState = "job-steps";

    /// <summary>The key of the one <see cref="IJobsGrain"/>.</summary>
    public const string Jobs = "jobs";

    /// <summary>The name under which hosts register the grain storage.</summary>
    public const string Storage = "customer360";
}
