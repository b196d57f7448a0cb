using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Events;

/// <summary>
/// A value of a message that stands in an identifier's place and is none. The value stays in the message only.
/// </summary>
/// <param name="Type">The identifier's type, or <c>group_id</c>.</param>
/// <param name="Reason">One of <see cref="BlockedReasons"/>.</param>
public readonly record struct BlockedIdentifier(string Type, string Reason);

/// <summary>
/// Collects a message's identifiers: normalized, each once, by priority, then in the order of reading. A value on the stack:
/// one for each message as an object was an eighth of the garbage of reading it. Pass it by reference.
/// </summary>
internal ref struct IdentifierCollector
{
    /// <summary>
    /// Identifiers that one message may have. A person's device has a handful; a message with more is a mistake that
    /// would touch as many grains.
    /// </summary>
    public const int CountMax = 32;

    private readonly IdentityRules _rules;
    private readonly IPhoneNumbers _phones;
    private readonly string? _region;
    private readonly Span<int> _priorities;

    // Nearly every message has a user id and an anonymous id.
    private Identifier[] _found = new Identifier[2];
    private int _count;

    /// <param name="rules">Say which values are identifiers.</param>
    /// <param name="phones">Reads phone numbers.</param>
    /// <param name="region">The message's region, where the rules have regions.</param>
    /// <param name="priorities">Room for <see cref="CountMax"/>.</param>
    public IdentifierCollector(IdentityRules rules, IPhoneNumbers phones, string? region, Span<int> priorities)
    {
        _rules = rules;
        _phones = phones;
        _region = region;
        _priorities = priorities;
    }

    public ImmutableArray<BlockedIdentifier> Blocked { get; private set; } = [];

    /// <summary>True of a type of which the rules say that companies are known by it.</summary>
    public bool IsOfAccounts(string type) => _rules.IsAccountType(type);

    /// <summary>Takes a value of a type. A type without a rule is no identifier.</summary>
    public void Add(string type, string value)
    {
        if (_rules.Find(type) is not { } rule)
        {
            return;
        }

        if (IdentifierNormalizer.Normalize(value, rule, _rules, _phones, out string reason) is { } normal)
        {
            Insert(rule, normal);
        }
        else
        {
            Block(rule.Type, reason);
        }
    }

    /// <summary>Notes a value that stands in an identifier's place; of a type without a rule nothing is said.</summary>
    public void BlockIfRuled(string type, string reason)
    {
        if (_rules.Find(type) is { } rule)
        {
            Block(rule.Type, reason);
        }
    }

    public void Block(string type, string reason)
    {
        var blocked = new BlockedIdentifier(type, reason);
        if (!Blocked.Contains(blocked))
        {
            Blocked = Blocked.Add(blocked);
        }
    }

    /// <summary>What was found. Nothing is added after that.</summary>
    public ImmutableArray<Identifier> ToIdentifiers()
    {
        Array.Resize(ref _found, _count);
        return ImmutableCollectionsMarshal.AsImmutableArray(_found);
    }

    private void Insert(IdentifierRule rule, string value)
    {
        int place = _count;
        for (int index = 0; index < _count; index++)
        {
            int priority = _priorities[index];
            if (priority == rule.Priority && string.Equals(_found[index].Value, value, StringComparison.Ordinal))
            {
                return;
            }

            place = priority > rule.Priority ? Math.Min(place, index) : place;
        }

        if (_count == CountMax)
        {
            bool isLast = place == _count;
            Block(isLast ? rule.Type : _found[_count - 1].Type, BlockedReasons.TooMany);
            if (isLast)
            {
                return;
            }

            _count--;
        }
        else if (_count == _found.Length)
        {
            Array.Resize(ref _found, _count * 2);
        }

        _found.AsSpan(place, _count - place).CopyTo(_found.AsSpan(place + 1));
        _priorities[place.._count].CopyTo(_priorities[(place + 1)..]);
        _found[place] = Identifier.Create(_region is null ? rule.Type : _rules.TypeIn(rule.Type, _region), value);
        _priorities[place] = rule.Priority;
        _count++;
    }
}
