using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Customer360.Silo.Policies;

/// <summary>
/// Keeps a node's copies of all policies up to date. Its start ends when the node knows what is in force: no partition is opened
/// and no request taken before, since what is decided by other rules could not be taken back. Afterwards it asks for the numbers
/// of all kinds each second; the node that took a change knows at once.
/// </summary>
internal sealed partial class PolicySync(
    IGrainFactory grains,
    PolicyNode node,
    PolicyKinds kinds,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<PolicySync> logger
) : NodeLoop
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly ImmutableArray<Followed> _followed = [.. node.Copies.Select(copy => new Followed(copy))];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<FoundPolicy> files = PolicyFiles.Read(configuration, kinds);
        foreach (Followed one in _followed)
        {
            await Begin(one, files.FirstOrDefault(file => file.Kind == one.Copy.Kind), cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.WhenAll(_followed.Select(Refresh));
        }
    }

    private IPolicyGrain OwnerOf(Followed one) => grains.GetGrain<IPolicyGrain>(one.Copy.Kind.Name);

    /// <summary>Offers the node's file, and takes what is in force. Repeated while storage is away.</summary>
    /// <exception cref="StartRefusedException">What is in force can't be read here.</exception>
    private async Task Begin(Followed one, FoundPolicy? file, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await TellRelease(one);
                if (file is not null)
                {
                    await Offer(one, file);
                }

                ImmutableArray<ConfigFault> faults = await TakeCurrent(one);
                if (!faults.IsEmpty)
                {
                    throw new StartRefusedException(
                        $"The stored {one.Copy.Kind.Name} policy can't be read by this release; start the release that wrote "
                            + $"it, and put a policy in force that both read:{Environment.NewLine}"
                            + string.Join(Environment.NewLine, faults.Select(fault => $"  {fault}"))
                    );
                }

                return;
            }
            catch (PolicyKindUnknownException)
            {
                // Its history begins when the cluster has gone over to this release: until then the built-in policy counts.
                NotKnownThere(logger, one.Copy.Kind.Name);
                return;
            }
            catch (Exception error) when (IsOutage(error))
            {
                NotKnown(logger, one.Copy.Kind.Name, error.GetType().Name);
                // Storage is away: there is nothing to wait on but time.
                await Task.Delay(s_interval, time, cancellationToken);
            }
        }
    }

    private async Task TellRelease(Followed one)
    {
        if (!one.IsReleaseTold && one.Copy.Kind.Release.Length > 0)
        {
            await OwnerOf(one).FollowRelease(one.Copy.Kind.Release);
        }

        one.IsReleaseTold = true;
    }

    private async Task Offer(Followed one, FoundPolicy file)
    {
        PolicyReply reply = await OwnerOf(one).Put(new PolicyPut(file.Text, By: "file", PolicyAction.File, []));
        string version = file.Reading.Version!;
        if (reply.Proposed is not null)
        {
            FileProposed(logger, file.Path, version);
        }
        else if (reply.Current?.Version != version)
        {
            FileNotTaken(logger, file.Path, version, reply.Current?.Version ?? "built in");
        }
    }

    private async Task Refresh(Followed one)
    {
        try
        {
            await TellRelease(one);
            long number = await OwnerOf(one).GetNumber();
            if (number != one.Copy.Number && number != one.Refused && !(await TakeCurrent(one)).IsEmpty)
            {
                // Of a newer release, or damaged. What is known goes on to count; said once.
                one.Refused = number;
                NotTaken(logger, one.Copy.Kind.Name, number);
            }

            one.IsAway = false;
        }
        catch (Exception error)
        {
            // Asked again in a second, and what is known goes on to count; said once an outage.
            if (!one.IsAway)
            {
                NotAsked(logger, one.Copy.Kind.Name, error.GetType().Name);
            }

            one.IsAway = true;
        }
    }

    /// <summary>Takes the version in force; answers why it can't be read where it can't.</summary>
    private async Task<ImmutableArray<ConfigFault>> TakeCurrent(Followed one)
    {
        if (await OwnerOf(one).GetCurrent() is not { } current)
        {
            return [];
        }

        long before = one.Copy.Number;
        ImmutableArray<ConfigFault> faults = node.TryFollow(current);
        if (one.Copy.Number != before)
        {
            Taken(logger, current.Kind, current.Version, current.Number);
        }

        return faults;
    }

    /// <summary>True where another try may succeed.</summary>
    private static bool IsOutage(Exception error) =>
        error switch
        {
            StorageUnavailableException or TimeoutException or InconsistentStateException => true,
            OrleansMessageRejectionException => true,
            OrleansException { InnerException: { } inner } => IsOutage(inner),
            _ => false,
        };

    [LoggerMessage(
        310,
        LogLevel.Information,
        "The {Kind} policy {Version} (number {Number}) is in force on this node."
    )]
    private static partial void Taken(ILogger logger, string kind, string version, long number);

    [LoggerMessage(311, LogLevel.Warning, "The {Kind} policy in force is not known yet ({Error}); asking again.")]
    private static partial void NotKnown(ILogger logger, string kind, string error);

    [LoggerMessage(312, LogLevel.Error, "The {Kind} policy number {Number} can't be read here; the one before stays.")]
    private static partial void NotTaken(ILogger logger, string kind, long number);

    [LoggerMessage(313, LogLevel.Warning, "The {Kind} policy could not be asked for ({Error}); asking again.")]
    private static partial void NotAsked(ILogger logger, string kind, string error);

    [LoggerMessage(
        314,
        LogLevel.Warning,
        "The node that keeps the {Kind} policy does not know it: it is of an older release. The built-in policy counts until "
            + "then."
    )]
    private static partial void NotKnownThere(ILogger logger, string kind);

    [LoggerMessage(
        315,
        LogLevel.Warning,
        "The file {Path} (version {Version}) is proposed: it comes into force when another key approves it."
    )]
    private static partial void FileProposed(ILogger logger, string path, string version);

    [LoggerMessage(
        316,
        LogLevel.Warning,
        "The file {Path} has version {Version}, which was in force before; {InForce} stays. Roll back to it to have it again."
    )]
    private static partial void FileNotTaken(ILogger logger, string path, string version, string inForce);

    /// <summary>A copy, and what its following knows.</summary>
    private sealed class Followed(LivePolicy copy)
    {
        public LivePolicy Copy { get; } = copy;

        /// <summary>The number of a version that can't be read here.</summary>
        public long Refused { get; set; }

        public bool IsReleaseTold { get; set; }

        public bool IsAway { get; set; }
    }
}
