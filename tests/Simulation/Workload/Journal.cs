using Customer360.Grains.Contracts;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Workload;

/// <summary>What the clients were told: what the grid has promised so far.</summary>
internal sealed class Journal
{
    private readonly Dictionary<string, Message> _acknowledged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Message> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Message> Acknowledged => _acknowledged.Values;

    /// <summary>Messages that were sent and not acknowledged; whether they are stored is not known.</summary>
    public IEnumerable<Message> Open => _sent.Values.Where(message => !_acknowledged.ContainsKey(message.Id));

    /// <summary>Splits that were asked for, with the customers that they make.</summary>
    public List<(string NewCustomer, SplitRequest Request)> Splits { get; } = [];

    /// <summary>Requests for erasure that were sent.</summary>
    public SortedSet<string> Erasures { get; } = new(StringComparer.Ordinal);

    /// <summary>All that anybody was called by.</summary>
    public IEnumerable<string> Names => _sent.Values.SelectMany(message => message.Identifiers).Distinct();

    public void Send(Message message) => _sent.TryAdd(message.Id, message);

    public void Acknowledge(Message message) => _acknowledged.TryAdd(message.Id, message);

    public bool WasSent(string messageId) => _sent.ContainsKey(messageId);

    /// <summary>A message that was sent; null where nobody sent it.</summary>
    public Message? Find(string messageId) => _sent.GetValueOrDefault(messageId);

    /// <summary>The version that a read which begins now must show at least.</summary>
    public long VersionOf(string customer) => _versions.GetValueOrDefault(customer);

    /// <summary>Notes that a profile was read.</summary>
    /// <param name="atLeast"><see cref="VersionOf"/> when the read began.</param>
    public void WasRead(string customer, long version, long atLeast)
    {
        ViolationException.ThrowIf(
            version < atLeast,
            "version",
            () => $"{customer} was read with version {atLeast} before, and now with {version}"
        );
        _versions[customer] = Math.Max(version, VersionOf(customer));
    }
}
