using System.Collections.Immutable;
using System.Reflection;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Api.Tests.Support;

/// <summary>Keeps all intake partitions in memory: what the API hands over, and what it is answered.</summary>
public sealed class FakeIntake
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, List<Envelope>> _partitions = [];

    /// <summary>Runs before a partition takes a request: throw, wait, or count.</summary>
    public Func<CollectRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>When set, every partition asks to wait so many seconds.</summary>
    public int? OverloadedForSeconds { get; set; }

    /// <summary>Requests that partitions refuse since rules in force give their messages other anchors.</summary>
    public int OtherAnchorsTimes { get; set; }

    /// <summary>Whether profiles show messages in time.</summary>
    public bool AppliesInTime { get; set; } = true;

    /// <summary>Everything stored, partition by partition.</summary>
    public IReadOnlyList<Envelope> Stored
    {
        get
        {
            lock (_lock)
            {
                return [.. _partitions.Values.SelectMany(envelopes => envelopes)];
            }
        }
    }

    /// <summary>The one message stored; fails where there is none or more.</summary>
    public Envelope Only => Assert.Single(Stored);

    /// <summary>A grain factory that knows intake grains only.</summary>
    public IGrainFactory ToGrainFactory()
    {
        IGrainFactory factory = DispatchProxy.Create<IGrainFactory, GrainFactoryProxy>();
        ((GrainFactoryProxy)(object)factory).Intake = this;
        return factory;
    }

    private async Task<CollectReply> Collect(long partition, CollectRequest request)
    {
        await Before(request);
        if (OverloadedForSeconds is { } seconds)
        {
            return new CollectReply(CollectStatus.Overloaded, [], seconds);
        }

        if (OtherAnchorsTimes > 0)
        {
            OtherAnchorsTimes--;
            return new CollectReply(CollectStatus.OtherAnchors, [], 0);
        }

        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out List<Envelope>? stored))
            {
                _partitions[partition] = stored = [];
            }

            ImmutableArray<StoredReceipt> receipts = [.. request.Envelopes.Select(one => Store(stored, one))];
            bool isApplied = request.WaitUntilApplied && AppliesInTime;
            return new CollectReply(isApplied ? CollectStatus.Applied : CollectStatus.Stored, receipts, 0);
        }
    }

    private static StoredReceipt Store(List<Envelope> stored, Envelope envelope)
    {
        int before = stored.FindIndex(other => other.MessageId == envelope.MessageId);
        if (before >= 0)
        {
            return new StoredReceipt(before, Duplicate: true);
        }

        stored.Add(envelope);
        return new StoredReceipt(stored.Count - 1, Duplicate: false);
    }

    private sealed class Partition(FakeIntake intake, long number) : IIntakeGrain
    {
        public Task<CollectReply> Collect(CollectRequest request) => intake.Collect(number, request);

        public Task<IntakeStatus> Start() => GetStatus();

        public Task<IntakeStatus> GetStatus() => Task.FromResult(new IntakeStatus((int)number, 1, 0, 0, 0));

        public Task<ImmutableArray<QuarantinedPlace>> ListQuarantined(MessagePlace? after, int limit) =>
            throw new NotSupportedException("Nothing is set aside here.");

        public Task<RedriveReply> Redrive(RedriveRequest request) => throw new NotSupportedException();

        public Task<RetryReply> RetryQuarantined(long position) =>
            throw new NotSupportedException("Nothing is set aside here.");

        public Task FollowAnchors(long since) => Task.CompletedTask;

        public Task<bool> WhenApplied(long position, TimeSpan waitAtMost) => Task.FromResult(intake.AppliesInTime);

        public Task<long> FollowSuppressions(long sequence) => throw new NotSupportedException();

        public Task<bool> HasSettled(long position) => throw new NotSupportedException();
    }

    // It is a proxy, so it need not follow the many overloads of a grain factory.
    public class GrainFactoryProxy : DispatchProxy
    {
        public FakeIntake Intake { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod is { Name: "GetGrain" } && args is [long number, ..]
                ? new Partition(Intake, number)
                : throw new NotSupportedException(targetMethod?.ToString());
    }
}
