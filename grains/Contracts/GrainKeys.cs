using System.Globalization;
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
/// <item><term><see cref="IAuditGrain"/></term><description>always 0</description></item>
/// <item><term><see cref="IQuarantineListGrain"/></term><description>a part of the list of quarantined identifiers, from 0</description></item>
/// <item><term><see cref="IPolicyGrain"/></term><description>the kind's name: <c>identity</c></description></item>
/// <item><term><see cref="IKeyRingGrain"/></term><description><see cref="Current"/>: there is one</description></item>
/// <item><term><see cref="IAnchorChangeGrain"/></term><description><see cref="Current"/>: there is one</description></item>
/// <item><term><see cref="IJobsGrain"/></term><description><see cref="Jobs"/>, the only one</description></item>
/// <item><term><see cref="ICompanyGrain"/></term><description>a <see cref="Rules.Accounts.CompanyId"/></description></item>
/// <item><term><see cref="IAccountDomainGrain"/></term><description>a domain in its one spelling: <c>acme.com</c></description></item>
/// <item><term><see cref="IMirrorGrain"/></term><description>the folder, as the setting names it: <c>/warehouse</c></description></item>
/// <item><term><see cref="IJobGrain"/></term><description>the job's id: <c>j_</c> and 32 hexadecimal digits</description></item>
/// <item><term><see cref="IPrivacyRequestGrain"/>, <see cref="IOpenDsrCallbackGrain"/></term><description>the request's id: <c>p_</c> and 32 hexadecimal digits</description></item>
/// <item><term><see cref="IWebhookGrain"/></term><description>the source's name: <c>hubspot</c></description></item>
/// <item><term><see cref="ILeadDeskGrain"/>, <see cref="IAccountMatchGrain"/></term><description>a <see cref="CustomerId"/></description></item>
/// <item><term><see cref="ILeadGrain"/></term><description>the lead's id: <c>l_</c> and 32 hexadecimal digits</description></item>
/// <item><term><see cref="IPoolGrain"/>, <see cref="ISalesPersonGrain"/></term><description>the pool's name; the person's id in the directory</description></item>
/// <item><term><see cref="IAudienceListGrain"/>, <see cref="INameListGrain"/></term><description>always 0</description></item>
/// <item><term><see cref="IAudienceSizesGrain"/></term><description><see cref="Current"/>: there is one</description></item>
/// <item><term><see cref="IDestinationGrain"/></term><description>the destination's name: <c>crm-hook</c></description></item>
/// <item><term><see cref="IConversionGrain"/></term><description>the conversion's id: <c>v_</c> and 32 hexadecimal digits</description></item>
/// <item><term><see cref="ICustomerConversionsGrain"/></term><description>a <see cref="CustomerId"/>, or <c>i_</c> and 32 hexadecimal digits, <c>g_</c> and a group id, <c>h_</c> and an hour</description></item>
/// <item><term><see cref="IAttributionGrain"/></term><description><see cref="Current"/>: there is one</description></item>
/// <item><term><see cref="IAttributionPeriodGrain"/></term><description>the period's id: <c>f_</c> and 32 hexadecimal digits</description></item>
/// <item><term><see cref="IAttributionReportGrain"/></term><description>always 0</description></item>
/// <item><term><see cref="IQualityHourGrain"/></term><description>an hour and a source: <c>2026-11-28T07/web</c></description></item>
/// <item><term><see cref="IQualityCheckGrain"/>, <see cref="IQualityMonitorGrain"/></term><description>the check's id; <see cref="Current"/>: there is one</description></item>
/// <item><term><see cref="ISuppressionGrain"/>, <see cref="IPrivacyGrain"/>, <see cref="ISourceActivityGrain"/></term><description><see cref="Current"/>: there is one of each</description></item>
/// <item><term><see cref="ILeadListGrain"/>, <see cref="IAccountListGrain"/></term><description>always 0</description></item>
/// </list>
/// </summary>
public static class GrainKeys
{
    /// <summary>Names of the state tables, one per kind of grain; also the name of each grain's stored state.</summary>
    public const string CustomerState = "customer";
    public const string IdentifierState = "identifier";
    public const string AccountState = "account";
    public const string AccountDomainState = "account-domain";
    public const string CompanyState = "company";
    public const string QuarantineListState = "quarantine_list";
    public const string PolicyState = "policy";

    /// <summary>Files of policies; the key is the kind's name, a colon and the file's hash.</summary>
    public const string PolicyTextState = "policy_text";

    /// <summary>The ring of keys; its only row is <see cref="Current"/>.</summary>
    public const string KeyRingState = "key_ring";

    /// <summary>The key of grains of which the grid has one.</summary>
    public const string Current = "current";

    /// <summary>How large audiences were; its only row is <see cref="Current"/>.</summary>
    public const string AudienceSizesState = "audience-sizes";

    public const string JobsState = "jobs";
    public const string JobState = "job";
    public const string JobAffectedState = "job-affected";

    /// <summary>Pages of what a cut-over did; the key is the job's id, a colon and the page.</summary>
    public const string JobStepsState = "job-steps";

    public const string PrivacyRequestState = "privacy_request";

    /// <summary>How far the callbacks of a request of OpenDSR are; the key is the request's id.</summary>
    public const string OpenDsrCallbackState = "opendsr_callback";

    /// <summary>What sources of webhooks have left to be done; the key is the source's name.</summary>
    public const string WebhookState = "webhook";

    /// <summary>Leads; what pools have dealt; the leads that sales people have.</summary>
    public const string LeadState = "lead";
    public const string PoolState = "pool";

    /// <summary>Conversions and their credit; which conversions a customer takes part in; how far credit is restated.</summary>
    public const string ConversionState = "conversion";
    public const string CustomerConversionsState = "customer_conversions";
    public const string AttributionState = "attribution";

    /// <summary>Frozen periods of attribution.</summary>
    public const string AttributionPeriodState = "attribution_period";

    /// <summary>Whether destinations send; the key is the destination's name.</summary>
    public const string DestinationState = "destination";
    public const string SalesPersonState = "sales_person";

    /// <summary>When sources last sent; its only row is <see cref="Current"/>.</summary>
    public const string SourceActivityState = "source_activity";

    /// <summary>State of what messages of a source do not keep of their contracts.</summary>
    public const string ContractViolationsState = "contract_violations";

    /// <summary>What was counted of sources' hours; how checks stand; what sources have sent.</summary>
    public const string QualityHourState = "quality_hour";
    public const string QualityCheckState = "quality_check";
    public const string QualityMonitorState = "quality_monitor";

    /// <summary>In which folders there is a warehouse mirror.</summary>
    public const string MirrorState = "mirror";

    /// <summary>The key of the one <see cref="IJobsGrain"/>.</summary>
    public const string Jobs = "jobs";

    /// <summary>The name under which hosts register the grain storage.</summary>
    public const string Storage = "customer360";

    private const string HourFormat = "yyyy-MM-dd'T'HH";

    /// <summary>The key of a source's hour.</summary>
    /// <param name="hour">Its begin, UTC.</param>
    public static string QualityHour(string source, DateTimeOffset hour) =>
        $"{hour.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)}/{source}";

    /// <summary>What <see cref="QualityHour"/> wrote.</summary>
    public static (DateTimeOffset Hour, string Source) ReadQualityHour(string key) =>
        (
            DateTimeOffset.ParseExact(
                key.AsSpan(0, key.IndexOf('/', StringComparison.Ordinal)),
                HourFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            ),
            key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]
        );
}
