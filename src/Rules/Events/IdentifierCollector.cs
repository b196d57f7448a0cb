using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Customer360.Rules.Identity;

namespace Customer360.Rules.Events;

/// <summary>
/// A value of a message that stands in an identifier's place and is none. The value stays in the message only.
/// </summary>
/// <param name="Type">The identifier's type, or <c>group_id</c>.</param>
/// <param name="Reason">One of <see cref="BlockedReasons"/>.</param>
public readonly record struct BlockedIdentifier(string Type, string Reason);

/// <summary>
/// Collects a message's identifiers: normalized, each once, by priority, then in the order of reading.
/// </summary>
/// <param name="region">The message's region, where the rules have regions.</param>
internal sealed class IdentifierCollector(IdentityRules rules, string? region = null)
{
    /// <summary>
    /// Identifiers that one message may have. A person's device has a handful; a message with more is a mistake that
    /// would touch as many grains.
    /// </summary>
    public const int CountMax = 32;

    private (int Priority, Identifier Identifier)[] _found = new (int, Identifier)[4];
    private int _count;
    private ImmutableArray<BlockedIdentifier> _blocked = [];

    public ImmutableArray<BlockedIdentifier> Blocked => _blocked;

    /// <summary>Takes a value of a type. A type without a rule is no identifier.</summary>
    public void Add(string type, string value)
    {
        if (rules.Find(type) is not { } rule)
        {
            return;
        }

        if (IdentifierNormalizer.Normalize(value, rule, rules, out string reason) is { } normal)
        {
            Insert(rule, normal);
        }
        else
        {
            Block(rule.Type, reason);
        }
    }

    public void Block(string type, string reason)
    {
        var blocked = new BlockedIdentifier(type, reason);
        if (!_blocked.Contains(blocked))
        {
            _blocked = _blocked.Add(blocked);
        }
    }

    public ImmutableArray<Identifier> ToIdentifiers()
    {
        var identifiers = new Identifier[_count];
        for (int index = 0; index < _count; index++)
        {
            identifiers[index] = _found[index].Identifier;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(identifiers);
    }

    private void Insert(IdentifierRule rule, string value)
    {
        int place = _count;
        for (int index = 0; index < _count; index++)
        {
            (int priority, Identifier known) = _found[index];
            if (priority == rule.Priority && string.Equals(known.Value, value, StringComparison.Ordinal))
            {
                return;
            }

            place = priority > rule.Priority ? Math.Min(place, index) : place;
        }

        if (_count == CountMax)
        {
            bool isLast = place == _count;
            Block(isLast ? rule.Type : _found[_count - 1].Identifier.Type, BlockedReasons.TooMany);
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
        _found[place] = (
            rule.Priority,
            Identifier.Create(region is null ? rule.Type : rules.TypeIn(rule.Type, region), value)
        );
        _count++;
    }
}
