using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Silo.Hosting;
using Customer360.Storage.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Customer360.Silo.Start;

/// <summary>
/// Looks beside Orleans at the silos that this one must reach to join. Orleans tries for a minute, whatever is in the way, and
/// then has those evicted that it did not reach; here it is said at once, and what no waiting cures ends the start.
/// </summary>
/// <remarks>
/// Nobody is waited for here: a silo that was killed stands in the table of members until another declares it dead, which is
/// Orleans' business. One is out of reach for good if it says in the table that it lives while it can't be reached.
/// </remarks>
internal sealed class JoinWatch(
    PostgresCluster database,
    ClusterSettings settings,
    IOptions<EndpointOptions> endpoint,
    SiloProbe probe,
    StartProgress progress,
    IHostApplicationLifetime lifetime,
    TimeProvider time
) : IHostedService, IDisposable
{
    // Somebody else may listen where a silo was, or one may stop at this moment: once is not enough.
    private const int MisfitLooksMin = 2;
    private const int AwayLooksMin = 3;

    // So that three looks are over before the others declare a silo dead that they can't reach: then it would be stopped without a word.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<(string Place, int Generation), Sight> _sights = [];
    private Task _watch = Task.CompletedTask;

    /// <summary>
    /// What certificates are in the way of is found out before this silo shows itself: the others would take one that they can't
    /// talk with for dead, and Orleans ends a process that is told so.
    /// </summary>
    /// <exception cref="StartRefusedException">A silo can never be reached as this process is set.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string? away = await Look(cancellationToken);
        while (_sights.Values.Any(sight => sight.Misfits))
        {
            await Task.Delay(s_pause, time, cancellationToken);
            away = await Look(cancellationToken);
        }

        _watch = away is null ? Task.CompletedTask : Watch(_stopping.Token);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Stop();

    /// <summary>The silo has joined, or gives up.</summary>
    public async Task Stop()
    {
        await _stopping.CancelAsync();
        await _watch;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task Watch(CancellationToken stopping)
    {
        try
        {
            while (await Look(stopping) is { } sentence)
            {
                progress.WaitFor("The other silos of the cluster do not answer.", sentence);
                await Task.Delay(s_pause, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Joined, or the process stops.
        }
        catch (Exception error)
        {
            progress.Fail(error);
            lifetime.StopApplication();
        }
    }

    /// <summary>Null once all others are reached; else which are not.</summary>
    /// <exception cref="StartRefusedException">One can never be reached.</exception>
    private async Task<string?> Look(CancellationToken stopping)
    {
        ImmutableArray<MemberRow> members;
        try
        {
            members = await database.ReadMembersAsync(stopping);
        }
        catch (StorageUnavailableException unanswered)
        {
            return unanswered.Message;
        }

        MemberRow[] others =
        [
            .. members.Where(member => member.IsActive && member.Cluster == settings.ClusterId && !IsHere(member)),
        ];
        foreach ((string, int) gone in _sights.Keys.Except(others.Select(other => (other.Place, other.Generation))))
        {
            _sights.Remove(gone);
        }

        SiloAnswer[] answers = await Task.WhenAll(others.Select(member => probe.Ask(member, stopping)));
        List<string> away = [];
        foreach ((MemberRow member, SiloAnswer answer) in others.Zip(answers))
        {
            if (answer.Found == SiloAnswer.Kind.Reached)
            {
                _sights.Remove((member.Place, member.Generation));
            }
            else if (Judge(member, answer) is { } refusal)
            {
                throw new StartRefusedException(refusal);
            }
            else
            {
                away.Add($"{member.Place} ({answer.Cause})");
            }
        }

        return away.Count == 0 ? null : $"Not reached: {string.Join(", ", away)}.";
    }

    /// <summary>Why it can never be reached; null where that is not sure yet.</summary>
    private string? Judge(MemberRow member, SiloAnswer answer)
    {
        (string, int) key = (member.Place, member.Generation);
        bool misfits = answer.Found != SiloAnswer.Kind.Away;
        Sight first = _sights.GetValueOrDefault(key) ?? new Sight(member.AliveAt, Looks: 0, misfits);
        Sight now = first with { Looks = first.Looks + 1, Misfits = misfits };
        _sights[key] = now;
        bool isSure = misfits
            ? now.Looks >= MisfitLooksMin
            : now.Looks >= AwayLooksMin && member.AliveAt > first.AliveAt;
        return isSure ? JoinRefusal.Of(member, answer) : null;
    }

    private bool IsHere(MemberRow member) =>
        member.Port == endpoint.Value.SiloPort && member.Address == endpoint.Value.AdvertisedIPAddress.ToString();

    /// <param name="AliveAt">What it said of itself when it was first not reached.</param>
    /// <param name="Looks">How often it was looked at since.</param>
    /// <param name="Misfits">True: it answers, and certificates are in the way.</param>
    private sealed record Sight(DateTime AliveAt, int Looks, bool Misfits);
}
