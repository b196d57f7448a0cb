using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Audiences;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Leads;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Rules.Privacy;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Grains.Tests.Intake.Parts;

/// <summary>What becomes of a handover that fails: an outage and a lost race are run again, a fault is set aside.</summary>
public sealed class LaneRunnerTests
{
    /// <summary>Nobody is suppressed.</summary>
    private static readonly Suppressions s_nobody = new(Fake<ISuppressionList>.Of(Nothing), SuppressionKey.Missing);
    private static readonly LeadWatch s_noLeads = new(
        BuiltIn<LifecyclePolicy>(),
        BuiltIn<ScoringPolicy>(),
        BuiltIn<AudiencePolicy>()
    );

    private const int TriesMax = 3;

    private readonly List<string> _setAside = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _handovers;

    [Fact]
    public async Task Handover_WhenAnOutageEnds_IsDoneAndNothingIsSetAside()
    {
        await Run(handover => handover < 20 ? throw new StorageUnavailableException("away") : ApplyReply.Done);

        Assert.Equal((20, 0), (_handovers, _setAside.Count));
    }

    [Fact]
    public async Task Handover_WhenRacesAreLost_IsTriedAgainAndNothingIsSetAside()
    {
        await Run(handover => handover < 9 ? throw new RaceLostException("lost") : ApplyReply.Done);

        Assert.Equal((9, 0), (_handovers, _setAside.Count));
    }

    [Fact]
    public async Task Handover_WhenRacesAreLostWithoutEnd_IsSetAsideInTheEnd()
    {
        await Run(_ => throw new RaceLostException("lost"));

        Assert.Equal([nameof(RaceLostException)], _setAside);
        Assert.Equal(TriesMax * 10, _handovers);
    }

    [Fact]
    public async Task Handover_WhenItIsAFault_IsSetAsideAfterAFewTries()
    {
        await Run(_ => throw new InvalidOperationException("bug"));

        Assert.Equal([nameof(InvalidOperationException)], _setAside);
        Assert.Equal(TriesMax, _handovers);
    }

    /// <summary>The identity of a message that never comes to rest, since somebody else always is faster.</summary>
    [Fact]
    public async Task Resolve_WhenADecisionDoesNotComeToRest_HasLostARace()
    {
        var resolver = new IdentityResolver(
            0,
            Grains(_ => ApplyReply.Done, rests: false),
            Fake<IDecisionLog>.Of(Nothing),
            Rules(),
            s_nobody
        );
        Delivery delivery = Deliveries.Of("a", 1);

        await Assert.ThrowsAsync<RaceLostException>(() =>
            resolver.Resolve(new Lane(delivery.Message.Envelope.Anchor), delivery.Message)
        );
    }

    private async Task Run(Func<int, ApplyReply> handover)
    {
        var options = new GridOptions
        {
            QuarantineAfterTries = TriesMax,
            RetryPauseMin = TimeSpan.FromMilliseconds(1),
            RetryPauseMax = TimeSpan.FromMilliseconds(1),
        };
        var applied = new AppliedPositions();
        var lanes = new Lanes(options, TimeProvider.System);
        IGrainFactory grains = Grains(handover, rests: true);
        var resolver = new IdentityResolver(0, grains, Fake<IDecisionLog>.Of(Nothing), Rules(), s_nobody);
        var aside = new SetAsideMessages(
            0,
            Fake<IQuarantine>.Of(
                (_, arguments) =>
                {
                    _setAside.Add(((QuarantinedMessage)arguments[0]!).Reason);
                    return Task.CompletedTask;
                }
            ),
            Fake<IEventLog>.Of(Nothing),
            grains,
            resolver,
            TimeProvider.System
        );
        var runner = new LaneRunner(
            0,
            lanes,
            new Handover(grains, resolver, s_nobody, s_noLeads),
            s_noLeads,
            aside,
            applied,
            new WaitingRoom(options, applied),
            static _ => { },
            options,
            TimeProvider.System,
            NullLogger.Instance,
            CancellationToken.None
        );
        Delivery delivery = Deliveries.Of("a", 1);
        applied.Add(delivery);
        applied.Watch(1, _done.SetResult);
        lanes.Enqueue(delivery);

        runner.Start();

        await _done.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static FixedPolicy<T> BuiltIn<T>()
        where T : class => new(Policies.Kinds.Read<T>(Policies.Kinds.Of<T>().BuiltIn).Body!.Base, "built-in");

    /// <summary>One customer, which owns the anchor.</summary>
    /// <param name="rests">False: nobody owns it when it is looked for, and somebody does when it is to be linked.</param>
    private IGrainFactory Grains(Func<int, ApplyReply> handover, bool rests)
    {
        var anchor = Identifier.Parse("user_id:a");
        HeldIdentifier[] held = rests ? [new HeldIdentifier(anchor, DateTimeOffset.UnixEpoch)] : [];
        ICustomerGrain customer = Fake<ICustomerGrain>.Of(
            (method, _) =>
                method.Name switch
                {
                    nameof(ICustomerGrain.Apply) => Apply(handover),
                    nameof(ICustomerGrain.SetAside) => Task.FromResult<string?>(null),
                    nameof(ICustomerGrain.Link) => Task.FromResult(
                        new LinkReply(null, rests ? [] : [new IdentifierOwner(anchor, "c_1")], [])
                    ),
                    _ => Task.FromResult(new CustomerIdentity(null, new CustomerFacts("c_1", [.. held]))),
                }
        );
        IIdentifierGrain identifier = Fake<IIdentifierGrain>.Of(
            (method, _) =>
                method.Name == nameof(IIdentifierGrain.GetOwner)
                    ? Task.FromResult<string?>("c_1")
                    : Task.FromResult(new IdentifierStanding(rests ? "c_1" : null, false, false))
        );
        return Fake<IGrainFactory>.Of(
            (method, _) => method.ReturnType == typeof(ICustomerGrain) ? customer : identifier
        );
    }

    private Task<ApplyReply> Apply(Func<int, ApplyReply> handover)
    {
        try
        {
            return Task.FromResult(handover(++_handovers));
        }
        catch (Exception error)
        {
            return Task.FromException<ApplyReply>(error);
        }
    }

    private static FixedPolicy<IdentityRules> Rules() => new(IdentityRules.Default, IdentityRules.Default.Version);

    private static object? Nothing(System.Reflection.MethodInfo method, object?[] arguments) =>
        method.ReturnType == typeof(Task) ? Task.CompletedTask : null;
}
