using System.Collections.Concurrent;
using System.Threading.Channels;
using Customer360.Grains;
using Customer360.Grains.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Customer360.Silo.Changes;

/// <summary>
/// Gathers what the customers of this silo tell its shelf, and tells it on: to whoever listens in this process, and on the cluster's stream.
/// Where nothing changes it does nothing, and a busy customer is named once a moment.
/// </summary>
internal sealed partial class ChangeHintSender(
    ProfileShelf shelf,
    IEnumerable<IChangeListener> listeners,
    IServiceProvider services,
    TimeProvider time,
    ILogger<ChangeHintSender> logger
) : BackgroundService
{
    /// <summary>Customers that a hint names at most.</summary>
    private const int CustomersMax = 5_000;

    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(25);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );

    private ConcurrentDictionary<string, bool> _customers = new(StringComparer.Ordinal);
    private int _named;
    private int _hasAudiences;
    private Task _sending = Task.CompletedTask;
    private bool _hasMissed;
    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        shelf.Watch(Hear);
        while (await Next(stoppingToken))
        {
            ChangeHint hint = Take();
            foreach (IChangeListener listener in listeners)
            {
                listener.Hear(hint);
            }

            SendBeside(hint);
        }
    }

    /// <summary>
    /// A cluster that does not answer holds up nobody here. What could not be told meanwhile is told by the next hint, as of everybody.
    /// </summary>
    private void SendBeside(ChangeHint hint)
    {
        if (!_sending.IsCompleted)
        {
            _hasMissed = true;
            return;
        }

        _sending = Send(_hasMissed ? new ChangeHint([], IsOfEverybody: true, IsOfAudiences: true) : hint);
        _hasMissed = false;
    }

    /// <param name="customerId">Who is not as before; null: an audience is not.</param>
    private void Hear(string? customerId)
    {
        if (customerId is null)
        {
            Volatile.Write(ref _hasAudiences, 1);
        }
        else
        {
            // One that comes while the names are taken may be lost with them: its reader looks by itself, seconds later. Beyond so many
            // names everybody is meant, and none is kept.
            if (Volatile.Read(ref _named) <= CustomersMax && _customers.TryAdd(customerId, true))
            {
                Interlocked.Increment(ref _named);
            }
        }

        _wake.Writer.TryWrite(true);
    }

    private async Task<bool> Next(CancellationToken stop)
    {
        try
        {
            await _wake.Reader.ReadAsync(stop);
            // What comes within a moment is one hint: a busy customer is named once.
            await Task.Delay(s_gathering, time, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private ChangeHint Take()
    {
        bool hasAudiences = Interlocked.Exchange(ref _hasAudiences, 0) == 1;
        Interlocked.Exchange(ref _named, 0);
        ConcurrentDictionary<string, bool> taken = Interlocked.Exchange(
            ref _customers,
            new ConcurrentDictionary<string, bool>(StringComparer.Ordinal)
        );
        return taken.Count > CustomersMax
            ? new ChangeHint([], IsOfEverybody: true, hasAudiences)
            : new ChangeHint([.. taken.Keys], IsOfEverybody: false, hasAudiences);
    }

    private async Task Send(ChangeHint hint)
    {
        try
        {
            if (ChangeStream.Find(services) is { } stream)
            {
                await stream.OnNextAsync(hint);
            }

            _isAway = false;
        }
        catch (Exception error)
        {
            // Readers look by themselves. Said once an outage.
            if (!_isAway)
            {
                LogNotSent(error.GetType().Name);
            }

            _isAway = true;
        }
    }

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Warning,
        Message = "What changed could not be told to the other processes ({Error}): who follows a customer there sees it some seconds later."
    )]
    private partial void LogNotSent(string error);
}
