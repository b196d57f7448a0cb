using System.Collections.Immutable;
using System.Net;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Silo.Shelf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Customer360.Grains.Tests.Shelf;

/// <summary>When a silo's shelf counts. The clock of the lease is the test's; the loop beside it runs in real time.</summary>
public sealed class MembershipTenureTests
{
    private readonly Membership _membership = new();
    private readonly LeaseClock _clock = new();

    [Fact]
    public void Term_WhenTheMembershipWasNeverRead_IsNone() => Assert.Equal(IShelfTenure.None, Make().Term);

    [Fact]
    public async Task Term_WhenTheSiloIsActive_IsTheMembershipsVersion()
    {
        using MembershipTenure tenure = await Start();
        Assert.Equal(5, tenure.Term);

        _membership.Set(SiloStatus.Active, version: 6);

        Assert.Equal(6, tenure.Term);
    }

    [Theory]
    [InlineData(SiloStatus.Dead)]
    [InlineData(SiloStatus.ShuttingDown)]
    [InlineData(SiloStatus.Joining)]
    public async Task Term_WhenTheSiloIsNotActive_IsNone(SiloStatus status)
    {
        using MembershipTenure tenure = await Start();

        _membership.Set(status, version: 6);

        Assert.Equal(IShelfTenure.None, tenure.Term);
    }

    [Fact]
    public async Task Term_WhenTheSiloIsCutOff_IsNoneWhenTheLeaseIsOver()
    {
        using MembershipTenure tenure = await Start();
        _membership.IsAway = true;
        // The reading that was under way when it was cut off has failed, too.
        int asked = _membership.Asked;
        await TestGrid.Until(() => _membership.Asked >= asked + 2);

        _clock.Advance(tenure.Lease - TimeSpan.FromTicks(1));
        Assert.Equal(5, tenure.Term);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(IShelfTenure.None, tenure.Term);

        _membership.IsAway = false;
        await TestGrid.Until(() => tenure.Term == 5);
    }

    /// <summary>Nothing of the process runs meanwhile, no loop and no timer. The first read afterwards must know.</summary>
    [Fact]
    public async Task Term_WhenTheProcessWasStoppedForLong_IsNoneAtOnce()
    {
        using MembershipTenure tenure = await Start();
        _membership.Hold();

        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(IShelfTenure.None, tenure.Term);
        _membership.LetGo();
        await TestGrid.Until(() => tenure.Term == 5);
    }

    [Theory]
    [InlineData(5_000, 3)]
    [InlineData(1_000, 2)]
    [InlineData(700, 1)]
    public void Lease_WhenChosen_EndsBeforeOthersCanDeclareTheSiloDead(int probeMilliseconds, int missed)
    {
        var probe = TimeSpan.FromMilliseconds(probeMilliseconds);
        using MembershipTenure tenure = Make(probe, missed);

        // The first probe that it misses may have been sent just before, and each is waited for.
        Assert.InRange(tenure.Lease, TimeSpan.FromTicks(1), missed > 1 ? probe * (missed - 1) : probe / 2);
    }

    private async Task<MembershipTenure> Start()
    {
        MembershipTenure tenure = Make();
        await tenure.StartAsync(CancellationToken.None);
        await TestGrid.Until(() => tenure.Term != IShelfTenure.None);
        return tenure;
    }

    private MembershipTenure Make(TimeSpan? probe = null, int missed = 3) =>
        new(
            _membership,
            new Local(),
            Options.Create(
                new ClusterMembershipOptions
                {
                    ProbeTimeout = probe ?? TimeSpan.FromMilliseconds(40),
                    NumMissedProbesLimit = missed,
                }
            ),
            _clock,
            NullLogger<MembershipTenure>.Instance
        );

    /// <summary>A clock whose time the test moves; its timers run by the real clock.</summary>
    private sealed class LeaseClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
    }

    private sealed class Local : ILocalSiloDetails
    {
        public static readonly SiloAddress Self = SiloAddress.New(IPAddress.Loopback, 1, 1);

        public string Name => "self";

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => Self;

        public SiloAddress GatewayAddress => Self;
    }

    private sealed class Membership : IClusterMembershipService
    {
        private volatile ClusterMembershipSnapshot _snapshot = SnapshotOf(SiloStatus.Active, 5);
        private volatile TaskCompletionSource? _held;
        private int _asked;

        public volatile bool IsAway;

        public int Asked => Volatile.Read(ref _asked);

        public ClusterMembershipSnapshot CurrentSnapshot => _snapshot;

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public void Set(SiloStatus status, long version) => _snapshot = SnapshotOf(status, version);

        public void Hold() => _held = new TaskCompletionSource();

        public void LetGo()
        {
            TaskCompletionSource held = _held!;
            _held = null;
            held.SetResult();
        }

        public async ValueTask Refresh(
            MembershipVersion minimumVersion = default,
            CancellationToken cancellationToken = default
        )
        {
            Interlocked.Increment(ref _asked);
            await (_held?.Task ?? Task.CompletedTask);
            if (IsAway)
            {
                throw new TimeoutException();
            }
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();

        private static ClusterMembershipSnapshot SnapshotOf(SiloStatus status, long version) =>
            new(
                ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(
                    Local.Self,
                    new ClusterMember(Local.Self, status, "self")
                ),
                new MembershipVersion(version)
            );
    }
}
