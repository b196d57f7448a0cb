using Customer360.Grains.Contracts;

namespace Customer360.Architecture.Tests;

/// <summary>The API has one gate to what is known about people and companies.</summary>
public sealed class GateTests
{
    private const string Gate = "ProfileAccess";

    // What answers with somebody's data. What only changes something (a split, a retry) is asked for by whoever does that.
    private static readonly (Type Type, string[] Methods)[] s_reading =
    [
        (
            typeof(ICustomerGrain),
            [
                nameof(ICustomerGrain.GetIdentity),
                nameof(ICustomerGrain.GetProfile),
                nameof(ICustomerGrain.GetView),
                nameof(ICustomerGrain.RehearseMerge),
                nameof(ICustomerGrain.RehearseAbsorb),
                nameof(ICustomerGrain.GetEntries),
                nameof(ICustomerGrain.GetTimeline),
                nameof(ICustomerGrain.GetSessions),
                nameof(ICustomerGrain.GetDecisions),
                nameof(ICustomerGrain.GetStanding),
                nameof(ICustomerGrain.GetConsent),
                nameof(ICustomerGrain.PutConsent),
                nameof(ICustomerGrain.GetLeads),
                nameof(ICustomerGrain.GetAudiences),
                nameof(ICustomerGrain.ExplainAudience),
            ]
        ),
        (
            typeof(IIdentifierGrain),
            [
                nameof(IIdentifierGrain.GetOwner),
                nameof(IIdentifierGrain.FindOwner),
                nameof(IIdentifierGrain.GetStanding),
                nameof(IIdentifierGrain.GetQuarantine),
                nameof(IIdentifierGrain.LiftQuarantine),
            ]
        ),
        (
            typeof(IAccountGrain),
            [nameof(IAccountGrain.GetAccount), nameof(IAccountGrain.GetFold), nameof(IAccountGrain.GetCompany)]
        ),
        (typeof(ICompanyGrain), [nameof(ICompanyGrain.GetAccount), nameof(ICompanyGrain.GetGroups)]),
        (typeof(Companies), [nameof(Companies.FindAccount)]),
        (typeof(IAccountMatchGrain), [nameof(IAccountMatchGrain.Match)]),
        (typeof(IAccountListGrain), [nameof(IAccountListGrain.Read)]),
        (typeof(INameListGrain), [nameof(INameListGrain.Find)]),
        (typeof(ILeadGrain), [nameof(ILeadGrain.Get)]),
        (typeof(IConversionGrain), [nameof(IConversionGrain.Get)]),
        (typeof(IAudienceListGrain), [nameof(IAudienceListGrain.Read), nameof(IAudienceListGrain.ReadChanges)]),
        (typeof(IDecisionGrain), [nameof(IDecisionGrain.FindMerge)]),
        (typeof(IMessageLogGrain), [nameof(IMessageLogGrain.Find)]),
        (typeof(IQuarantineListGrain), [nameof(IQuarantineListGrain.List)]),
        (typeof(IIntakeGrain), [nameof(IIntakeGrain.ListQuarantined)]),
        (typeof(IProfileShelf), [nameof(IProfileShelf.Find)]),
        (typeof(PublishedProfile), ["get_View", nameof(PublishedProfile.Render)]),
    ];

    [Fact]
    public void Api_ForWhatIsKnownAboutPeople_HasOneGate()
    {
        HashSet<(string, string)> reading =
        [
            .. s_reading.SelectMany(one => one.Methods.Select(method => (one.Type.Name, method))),
        ];

        CalledMethods.Call[] reads =
        [
            .. CalledMethods
                .Of(Path.Combine(AppContext.BaseDirectory, "Customer360.Api.dll"))
                .Where(call => reading.Contains((call.Type, call.Method))),
        ];

        Assert.Empty(reads.Where(call => call.In != Gate).Select(call => $"{call.In}: {call.Type}.{call.Method}"));
        // A walk that finds nothing would agree with everything.
        Assert.Contains(new CalledMethods.Call(Gate, nameof(IProfileShelf), nameof(IProfileShelf.Find)), reads);
        Assert.Contains(
            new CalledMethods.Call(Gate, nameof(ICustomerGrain), nameof(ICustomerGrain.GetTimeline)),
            reads
        );
        Assert.Contains(new CalledMethods.Call(Gate, nameof(IMessageLogGrain), nameof(IMessageLogGrain.Find)), reads);
    }

    [Theory]
    [InlineData(typeof(ICustomerGrain))]
    [InlineData(typeof(IIdentifierGrain))]
    [InlineData(typeof(IAccountGrain))]
    [InlineData(typeof(ICompanyGrain))]
    [InlineData(typeof(ILeadGrain))]
    [InlineData(typeof(IDecisionGrain))]
    [InlineData(typeof(IMessageLogGrain))]
    public void Methods_ThatOnlyRead_AreAllBehindTheGate(Type grain) =>
        // Whoever adds one that Orleans may run beside others adds it above, or says here why it tells nothing.
        Assert.Empty(
            grain
                .GetMethods()
                .Where(method =>
                    method.IsDefined(typeof(Orleans.Concurrency.ReadOnlyAttribute), inherit: false)
                    || method.IsDefined(typeof(Orleans.Concurrency.AlwaysInterleaveAttribute), inherit: false)
                )
                .Select(method => method.Name)
                .Except(s_reading.Single(one => one.Type == grain).Methods)
        );
}
