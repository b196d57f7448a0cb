namespace Customer360.Api.Tests.Crash;

/// <summary>A message as the model sees it. The first identifier is the one of the highest priority: the anchor.</summary>
public sealed record SentMessage(string MessageId, string Kind, string Name, string[] Identifiers, string Json);

/// <summary>
/// What the profiles must say, computed plainly from all messages: identifiers that some message carries together are one
/// customer (the traffic breaks no limit), and a message counts in its anchor's customer.
/// </summary>
public sealed class StoredModel
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);
    private readonly List<SentMessage> _messages = [];

    public IEnumerable<string> Identifiers => _parents.Keys;

    public void Add(SentMessage message)
    {
        _messages.Add(message);
        string root = RootOf(message.Identifiers[0]);
        foreach (string identifier in message.Identifiers)
        {
            _parents[RootOf(identifier)] = root;
        }
    }

    /// <summary>One entry for each customer, under any one of its identifiers.</summary>
    public Dictionary<string, ExpectedCustomer> Customers()
    {
        ILookup<string, string> identifiers = _parents.Keys.ToArray().ToLookup(RootOf, StringComparer.Ordinal);
        ILookup<string, SentMessage> messages = _messages.ToLookup(
            message => RootOf(message.Identifiers[0]),
            StringComparer.Ordinal
        );
        return identifiers.ToDictionary(
            customer => customer.Key,
            customer => new ExpectedCustomer(
                [.. customer.Order(StringComparer.Ordinal)],
                [.. messages[customer.Key].Select(message => message.MessageId).Order(StringComparer.Ordinal)],
                messages[customer.Key]
                    .GroupBy(message => $"{message.Kind} {message.Name}".TrimEnd(), StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.LongCount(), StringComparer.Ordinal)
            ),
            StringComparer.Ordinal
        );
    }

    private string RootOf(string identifier)
    {
        while (_parents.TryGetValue(identifier, out string? parent) && parent != identifier)
        {
            identifier = parent;
        }

        _parents.TryAdd(identifier, identifier);
        return identifier;
    }
}

/// <summary>A customer of the model.</summary>
public sealed record ExpectedCustomer(string[] Identifiers, string[] MessageIds, Dictionary<string, long> Counters);
