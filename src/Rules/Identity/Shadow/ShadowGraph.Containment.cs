using Customer360.Rules.Events;

namespace Customer360.Rules.Identity;

/// <summary>
/// With how many anchors an identifier comes, and how large a customer may become: as the grid counts it, which counts only
/// what a message brings that one customer does not hold already.
/// </summary>
public sealed partial class ShadowGraph
{
    private readonly HashSet<(int Identifier, int Anchor)> _moreTies = [];
    private readonly List<int> _quarantined = [];
    private readonly Dictionary<int, LogPlace> _quarantineOf = [];
    private readonly HashSet<int> _released = [];
    private readonly List<int> _atTheirDegree = [];

    /// <summary>Identifiers that are quarantined, each with its message, in the order of their quarantine.</summary>
    public IReadOnlyList<int> Quarantined => _quarantined;

    public bool IsQuarantined(int identifier) => _nodes[identifier].IsQuarantined;

    /// <summary>With how many anchors an identifier came, of those that were counted.</summary>
    public int DegreeOf(int identifier) => _nodes[identifier].Ties;

    /// <summary>
    /// Identifiers that came to their degree since this was asked last: with one anchor more they are quarantined. The time to
    /// say which of them a person has released (<see cref="Release"/>).
    /// </summary>
    public IReadOnlyList<Identifier> TakeThoseAtTheirDegree()
    {
        if (_atTheirDegree.Count == 0)
        {
            return [];
        }

        Identifier[] taken = [.. _atTheirDegree.Select(IdentifierOf)];
        _atTheirDegree.Clear();
        return taken;
    }

    /// <summary>True where there is something to take.</summary>
    public bool HasSomeAtTheirDegree => _atTheirDegree.Count > 0;

    /// <summary>A person released it from quarantine: that holds from the beginning, as separations do.</summary>
    public void Release(Identifier identifier) => _released.Add(Find(identifier));

    /// <summary>Counts the message's anchor for what others own, before it is decided.</summary>
    private void Tie(in Message message, ReadOnlySpan<int> identifiers)
    {
        if (_nodes[identifiers[0]].IsQuarantined)
        {
            return;
        }

        foreach (int identifier in identifiers[1..])
        {
            if (_nodes[identifier].Customer != None)
            {
                Tie(message, identifier, identifiers[0]);
            }
        }
    }

    private void Tie(in Message message, int identifier, int anchor)
    {
        if (DegreeMaxOf(identifier) is not { } most || _nodes[identifier].IsQuarantined || IsTied(identifier, anchor))
        {
            return;
        }

        if (_nodes[identifier].Ties < most)
        {
            AddTie(identifier, anchor, most);
        }
        else if (!_released.Contains(identifier))
        {
            _nodes[identifier].Ties++;
            _nodes[identifier].IsQuarantined = true;
            _quarantineOf[identifier] = message.Place;
            _quarantined.Add(identifier);
        }
    }

    /// <summary>What is claimed is tied in the same write, while there is room.</summary>
    private void TieLinked(int identifier, int anchor)
    {
        if (
            identifier != anchor
            && DegreeMaxOf(identifier) is { } most
            && _nodes[identifier].Ties < most
            && !IsTied(identifier, anchor)
        )
        {
            AddTie(identifier, anchor, most);
        }
    }

    /// <summary>What was left out and is nobody's has not been counted by a claim.</summary>
    private void TieLeftOut(in Message message, ReadOnlySpan<int> identifiers)
    {
        if (_kept.Count == identifiers.Length || _nodes[identifiers[0]].IsQuarantined)
        {
            return;
        }

        foreach (int identifier in identifiers[1..])
        {
            if (!_kept.Contains(identifier))
            {
                Tie(message, identifier, identifiers[0]);
            }
        }
    }

    private int? DegreeMaxOf(int identifier) => _rules.Identifiers[_nodes[identifier].Type].QuarantineDegree;

    private bool IsTied(int identifier, int anchor) =>
        _nodes[identifier].FirstTie == anchor + 1
        || (_nodes[identifier].Ties > 1 && _moreTies.Contains((identifier, anchor)));

    private void AddTie(int identifier, int anchor, int most)
    {
        ref Node node = ref _nodes[identifier];
        if (node.Ties++ == 0)
        {
            node.FirstTie = anchor + 1;
        }
        else
        {
            _moreTies.Add((identifier, anchor));
        }

        if (node.Ties == most)
        {
            _atTheirDegree.Add(identifier);
        }
    }

    /// <summary>Begins a decision: see <see cref="Containment.LeaveOut"/>.</summary>
    private void LeaveOutQuarantined(in Message message, ReadOnlySpan<int> identifiers)
    {
        _kept.Clear();
        if (_quarantined.Count == 0)
        {
            _kept.AddRange(identifiers);
            return;
        }

        _kept.Add(identifiers[0]);
        bool isAlone = _nodes[identifiers[0]].IsQuarantined;
        foreach (int identifier in identifiers[1..])
        {
            _kept.Add(identifier);
            if (isAlone || _nodes[identifier].IsQuarantined)
            {
                Refuse(message, _kept.Count - 1, ShadowCause.Quarantine);
            }
        }
    }

    /// <summary>The message that was one too many.</summary>
    public LogPlace QuarantinedBy(int identifier) => _quarantineOf[identifier];
}
