using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// The identity graph that the log would have made under other rules: who would be one customer with whom, and by which
/// message. Decides as <see cref="IdentityDecision"/> does, message by message in the order in which they are added, over
/// numbers in flat arrays instead of grains: a million identifiers take some 150 MB and a few seconds.
/// </summary>
/// <remarks>
/// <para>
/// A message whose identifiers are all with one customer changes nothing and costs a look at each: that is nearly every
/// message. What a decision would put into a customer's facts (limits counted by type, the time of each link) is kept per
/// identifier and per customer.
/// </para>
/// <para>
/// Separations hold from the beginning, whenever they were made: who was taken apart by a steward stays apart. So an
/// identifier that one is about is a customer of its own before anything joins it.
/// </para>
/// <para>
/// Quarantine and the limit of a profile's identifiers are modelled as the grid has them (<see cref="Containment"/>,
/// <see cref="ProfileSize"/>). Not modelled: the limit in bytes, which depends on what messages say, and that the grid does
/// not ask again for some minutes about an identifier that it left out.
/// </para>
/// </remarks>
public sealed partial class ShadowGraph
{
    private const int None = -1;

    /// <summary>Refusals that are kept as possible causes of splits; later ones only count.</summary>
    public const int RefusalsMax = 1_000_000;

    private readonly IdentityRules _rules;
    private readonly Dictionary<string, byte> _typeNumbers = new(StringComparer.Ordinal);
    private readonly TextNumbers _texts = new();
    private readonly ShadowSeparations _separations;
    private readonly Dictionary<int, int[]> _separationsOf = [];
    private readonly Dictionary<int, int[]> _countsOf = [];
    private readonly List<ShadowEdge> _edges = [];
    private readonly List<ShadowEdge> _refusals = [];
    private readonly HashSet<(int, int)> _refused = [];
    private readonly List<int> _kept = [];
    private readonly List<int> _owners = [];
    private Node[] _nodes = new Node[1024];
    private Customer[] _customers = new Customer[1024];
    private int _customerNumbers;

    /// <param name="rules">The rules to decide by.</param>
    /// <param name="separations">Their identifiers in the normal form of those rules.</param>
    public ShadowGraph(IdentityRules rules, IEnumerable<Separation> separations)
    {
        _rules = rules;
        for (int number = 0; number < rules.Identifiers.Length; number++)
        {
            _typeNumbers.Add(rules.Identifiers[number].Type, (byte)number);
        }

        _separations = new ShadowSeparations(
            separations.Select(separation => (separation.Id, Numbers(separation.One), Numbers(separation.Other)))
        );
    }

    /// <summary>Identifiers that were numbered.</summary>
    public int IdentifierCount => _texts.Count;

    /// <summary>Customers have numbers below it.</summary>
    public int CustomerNumbers => _customerNumbers;

    /// <summary>Customers that there are.</summary>
    public int CustomerCount { get; private set; }

    /// <summary>What holds the customers together: a tree over each customer's identifiers, in the order of its making.</summary>
    public IReadOnlyList<ShadowEdge> Edges => _edges;

    /// <summary>Who was kept apart, each pair of anchor and identifier once; <see cref="RefusalsMax"/> at most.</summary>
    public IReadOnlyList<ShadowEdge> Refusals => _refusals;

    /// <summary>The number of an identifier, new where it has none yet. Its type has a rule.</summary>
    public int NumberOf(Identifier identifier)
    {
        Span<byte> buffer = stackalloc byte[1024];
        int number = _texts.Add(Utf8Of(identifier, buffer));
        if (number >= _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodes.Length * 2);
        }

        if (!_nodes[number].IsKnown)
        {
            _nodes[number] = new Node
            {
                Customer = None,
                Next = None,
                Type = _typeNumbers[RegionalType.Base(identifier.Type)],
                Region = RegionNumberOf(identifier),
                IsKnown = true,
            };
        }

        return number;
    }

    /// <summary>The number of an identifier, or -1 where no message had it.</summary>
    public int Find(Identifier identifier)
    {
        Span<byte> buffer = stackalloc byte[1024];
        return _texts.Find(Utf8Of(identifier, buffer));
    }

    public Identifier IdentifierOf(int number) => Identifier.Parse(_texts.TextOf(number));

    /// <summary>The customer that holds an identifier, or -1. A number that later merges may change.</summary>
    public int CustomerOf(int identifier)
    {
        int customer = _nodes[identifier].Customer;
        return customer == None ? None : RootOf(customer);
    }

    /// <summary>How many identifiers a customer holds.</summary>
    public int SizeOf(int customer) => _customers[customer].Count;

    /// <summary>The id that the customer would have, had these rules been in force from the beginning.</summary>
    public string CustomerIdOf(int customer)
    {
        Customer one = _customers[customer];
        return CustomerId.From(DateTimeOffset.FromUnixTimeMilliseconds(one.CreatedMs), one.Partition, one.Position);
    }

    /// <summary>
    /// Why a pair was kept apart: <c>limit:email</c>, <c>separation:s_…</c>, <c>trust</c>, <c>public_source</c>, <c>device</c>, <c>account</c>,
    /// <c>regions_apart</c>, <c>quarantined</c>, <c>profile_too_large</c>.
    /// </summary>
    public string BecauseOf(ShadowEdge refusal) =>
        refusal.Because switch
        {
            { Reason: DemotionReason.Quarantine } => Containment.Quarantined,
            { Reason: DemotionReason.Size } => ProfileSize.TooLarge,
            { Reason: DemotionReason.Limit, Number: var type } => "limit:" + _rules.Identifiers[type].Type,
            { Reason: DemotionReason.Proof, Number: (int)JoinObstacle.Claimed } => "trust",
            { Reason: DemotionReason.Proof, Number: (int)JoinObstacle.PublicSource } => "public_source",
            { Reason: DemotionReason.Proof } => "device",
            { Reason: DemotionReason.Account } => "account",
            { Reason: DemotionReason.Region } => "regions_apart",
            _ => "separation:" + _separations.IdOf(refusal.Because.Number),
        };

    /// <summary>Decides one message.</summary>
    /// <param name="receivedAt">When it was received: with the place, the age of a customer that it creates.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="at">When it happened: limits with a window count by it.</param>
    /// <param name="identifiers">Its identifiers' numbers, each once, by priority.</param>
    /// <param name="isClaimed">Its source is public, and nothing proves what it says.</param>
    public void Add(
        DateTimeOffset receivedAt,
        LogPlace place,
        DateTimeOffset at,
        ReadOnlySpan<int> identifiers,
        bool isClaimed = false
    )
    {
        if (identifiers.IsEmpty)
        {
            return;
        }

        if (AreTogether(identifiers))
        {
            Hear(identifiers[0], isClaimed);
            return;
        }

        var message = new Message(receivedAt.ToUnixTimeMilliseconds(), place, at, isClaimed);
        foreach (int identifier in identifiers)
        {
            if (_nodes[identifier].Customer == None && _separations.About(identifier) is { IsEmpty: false } about)
            {
                _separationsOf[Create(message, identifier)] = about.ToArray();
            }
        }

        Tie(message, identifiers);
        Leave(message, identifiers);
        while (_owners.Count > 1)
        {
            // As in the grid: after a merge it is decided anew.
            Merge(message);
            Leave(message, identifiers);
        }

        Link(message, identifiers);
        Hear(identifiers[0], isClaimed);
    }

    /// <summary>A trusted message makes its anchor one that somebody who is believed has spoken of.</summary>
    private void Hear(int anchor, bool isClaimed)
    {
        ref Node node = ref _nodes[anchor];
        if (node.IsClaimed && !isClaimed)
        {
            node.IsClaimed = false;
            IdentifierRule rule = _rules.Identifiers[node.Type];
            _customers[CustomerOf(anchor)].IsKnown |= MergeSide.IsKnownBy(rule, isClaimed: false);
        }
    }

    private bool AreTogether(ReadOnlySpan<int> identifiers)
    {
        int first = CustomerOf(identifiers[0]);
        if (first == None)
        {
            return false;
        }

        foreach (int identifier in identifiers[1..])
        {
            if (CustomerOf(identifier) != first)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Leaves identifiers out until the rest may come together; <see cref="_kept"/> and <see cref="_owners"/> say who.</summary>
    private void Leave(in Message message, ReadOnlySpan<int> identifiers)
    {
        LeaveOutQuarantined(message, identifiers);
        LeaveAccountsOut(message);
        while (true)
        {
            FindOwners();
            if (
                _kept.Count == 1
                || JoinCheck.Find(new GraphJoining(this, message.IsClaimed), message.At, _rules, asksLimits: true)
                    is not { } found
            )
            {
                return;
            }

            Refuse(message, found.Place, ShadowCause.Of(found));
        }
    }

    private void Refuse(in Message message, int index, ShadowCause because)
    {
        int anchor = _kept[0];
        int identifier = _kept[index];
        _kept.RemoveAt(index);
        if (_refusals.Count < RefusalsMax && _refused.Add((anchor, identifier)))
        {
            _refusals.Add(new ShadowEdge(anchor, identifier, message.Place, because));
        }
    }

    /// <summary>The owners of what is kept, the oldest first.</summary>
    private void FindOwners()
    {
        _owners.Clear();
        foreach (int identifier in _kept)
        {
            int owner = CustomerOf(identifier);
            if (owner != None && !_owners.Contains(owner))
            {
                int index = _owners.Count;
                while (index > 0 && IsOlder(owner, _owners[index - 1]))
                {
                    index--;
                }

                _owners.Insert(index, owner);
            }
        }
    }

    private bool IsOlder(int left, int right)
    {
        ref Customer one = ref _customers[left];
        ref Customer other = ref _customers[right];
        return (one.CreatedMs, one.Partition, one.Position, left).CompareTo(
                (other.CreatedMs, other.Partition, other.Position, right)
            ) < 0;
    }

    private void Merge(in Message message)
    {
        int oldest = _owners[0];
        int anchor = FirstOf(oldest);
        for (int index = _owners.Count - 1; index > 0; index--)
        {
            int younger = _owners[index];
            _edges.Add(new ShadowEdge(anchor, FirstOf(younger), message.Place));
            TakeIn(oldest, younger);
        }
    }

    private int FirstOf(int customer)
    {
        foreach (int identifier in _kept)
        {
            if (CustomerOf(identifier) == customer)
            {
                return identifier;
            }
        }

        throw new InvalidOperationException("An owner holds none of the identifiers.");
    }

    private void Link(in Message message, ReadOnlySpan<int> identifiers)
    {
        int owner = _owners.Count == 0 ? Create(message, _kept[0]) : _owners[0];
        int known = FirstOf(owner);
        foreach (int identifier in _kept)
        {
            if (_nodes[identifier].Customer == None)
            {
                Hold(owner, identifier, message);
                _edges.Add(new ShadowEdge(known, identifier, message.Place));
                TieLinked(identifier, identifiers[0]);
            }
        }

        TieLeftOut(message, identifiers);
    }

    private int[] Numbers(ImmutableArray<Identifier> identifiers) =>
        [.. identifiers.Where(one => _typeNumbers.ContainsKey(RegionalType.Base(one.Type))).Select(NumberOf)];

    private static ReadOnlySpan<byte> Utf8Of(Identifier identifier, Span<byte> buffer)
    {
        int lengthMax = Encoding.UTF8.GetMaxByteCount(identifier.Type.Length + 1 + identifier.Value.Length);
        Span<byte> text = lengthMax <= buffer.Length ? buffer : new byte[lengthMax];
        int length = Encoding.UTF8.GetBytes(identifier.Type, text);
        text[length++] = (byte)':';
        length += Encoding.UTF8.GetBytes(identifier.Value, text[length..]);
        return text[..length];
    }

    private readonly record struct Message(long ReceivedMs, LogPlace Place, DateTimeOffset At, bool IsClaimed);

    /// <summary>An identifier. <see cref="Next"/> is the next one of its customer.</summary>
    private struct Node
    {
        public int Customer;
        public int Next;
        public long LinkedAtTicks;

        /// <summary>The first anchor that it is tied to, plus one; the others stand apart: most have one.</summary>
        public int FirstTie;
        public int Ties;
        public byte Type;

        /// <summary>0: it may link regions; else its region's number.</summary>
        public byte Region;
        public bool IsQuarantined;
        public bool IsKnown;

        /// <summary>See <see cref="HeldIdentifier.IsLinkClaimed"/>.</summary>
        public bool IsLinkClaimed;

        /// <summary>See <see cref="HeldIdentifier.IsClaimed"/>.</summary>
        public bool IsClaimed;
    }
}
