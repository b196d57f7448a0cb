using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using static Customer360.Grains.Tests.Intake.Parts.Deliveries;

namespace Customer360.Grains.Tests.Intake.Parts;

/// <summary>A message that comes again under another anchor is found where it is stored; another that shares its id is not it.</summary>
public sealed class RepeatsTests
{
    private const int Own = 3;

    private readonly List<LogRow> _stored = [];
    private readonly List<WaitingCall> _refused = [];
    private int _changesCompleted;

    [Fact]
    public async Task Find_WhenAnotherPartitionHasTheMessage_SaysWhere()
    {
        Envelope message = Envelope("u1", "m1");
        Store(partition: 5, position: 7, message);
        WaitingCall call = CallOf(message, Envelope("u1", "m2"));

        await Find(call);

        Assert.Equal(
            (5, 7L, true),
            (call.Receipts[0].OtherPartition!.Value, call.Receipts[0].Position, call.Receipts[0].Duplicate)
        );
        Assert.True(call.IsElsewhere(0));
        Assert.False(call.IsElsewhere(1));
    }

    [Fact]
    public async Task Find_WhatTheOwnPartitionHas_IsLeftToTheAppend()
    {
        Envelope message = Envelope("u1", "m1");
        Store(Own, position: 7, message);
        WaitingCall call = CallOf(message);

        await Find(call);

        Assert.False(call.IsElsewhere(0));
    }

    [Fact]
    public async Task Find_WhenAnotherMessageSharesTheId_LeavesItAlone()
    {
        Store(partition: 5, position: 7, Envelope("somebody-else", "m1"));
        WaitingCall call = CallOf(Envelope("u1", "m1"));

        await Find(call);

        Assert.False(call.IsElsewhere(0));
    }

    [Fact]
    public async Task Find_WhenTheSenderReadByOtherRules_RefusesTheWholeCall()
    {
        // Read by rules for which a device comes first.
        Envelope message = Envelope("u1", "m1", device: "d1");
        var byDevice = new IdentityRules(
            [
                new("anonymous_id", 1, 5, LimitWindow.Ever, Normalisation.Exact),
                new("user_id", 2, 1, LimitWindow.Ever, Normalisation.Exact),
            ],
            "US"
        );
        WaitingCall call = CallOf(Envelope("u2", "m2"), message);
        List<WaitingCall> batch = [call];

        await Repeats(byDevice).FindElsewhere(batch, since: 1, _refused.Add, CancellationToken.None);

        Assert.Empty(batch);
        Assert.Equal([call], _refused);
        Assert.True(call.HasOtherAnchors);
        Assert.True(call.Stored.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Find_HasAllPartitionsGoOver_OnceAChange()
    {
        Repeats repeats = Repeats(IdentityRules.Default);

        await repeats.FindElsewhere([CallOf(Envelope("u1"))], since: 1, _refused.Add, CancellationToken.None);
        await repeats.FindElsewhere([CallOf(Envelope("u1"))], since: 1, _refused.Add, CancellationToken.None);

        Assert.Equal(1, _changesCompleted);
    }

    [Fact]
    public async Task Find_WhenThisNodeCannotReadTheRulesInForce_AppendsNothing()
    {
        Repeats repeats = Repeats(IdentityRules.Default);
        repeats.Learn(9);

        Assert.Equal(9, repeats.AnchorsSince);
        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            repeats.FindElsewhere([CallOf(Envelope("u1"))], since: 9, _refused.Add, CancellationToken.None)
        );
    }

    private Task Find(WaitingCall call) =>
        Repeats(IdentityRules.Default).FindElsewhere([call], since: 1, _refused.Add, CancellationToken.None);

    private void Store(int partition, long position, Envelope envelope) =>
        _stored.Add(
            new LogRow(
                partition,
                position,
                envelope.MessageId,
                envelope.Anchor.ToString(),
                envelope.Timestamp,
                envelope.Json
            )
        );

    private Repeats Repeats(IdentityRules rules)
    {
        IEventLog log = Fake<IEventLog>.Of(
            (_, arguments) =>
                Task.FromResult<ImmutableArray<LogRow>>([
                    .. _stored.Where(row => row.MessageId == (string)arguments[0]!),
                ])
        );
        IAnchorChangeGrain change = Fake<IAnchorChangeGrain>.Of(
            (_, _) =>
            {
                _changesCompleted++;
                return Task.CompletedTask;
            }
        );
        IPolicyGrain owner = Fake<IPolicyGrain>.Of(static (_, _) => Task.FromResult<PolicyVersion?>(null));
        IGrainFactory grains = Fake<IGrainFactory>.Of(
            (method, _) => method.ReturnType == typeof(IAnchorChangeGrain) ? change : owner
        );
        return new Repeats(
            Own,
            log,
            new ChangedRules(rules),
            Fake<IPolicyNode>.Of(static (_, _) => false),
            new LibPhoneNumbers(),
            grains
        );
    }

    /// <summary>Rules since the first change of anchors.</summary>
    private sealed class ChangedRules(IdentityRules rules) : IPolicy<IdentityRules>
    {
        public IdentityRules Current { get; } = rules;

        public long Epoch => 1;

        public PolicyInForce<IdentityRules> InForce =>
            new(1, 1, PolicyBody<IdentityRules>.Of(Current, Current.Version));
    }
}
