namespace Customer360.Rules.Identity;

/// <summary>What trust and kind of the identifiers allow.</summary>
public sealed partial class ShadowGraph
{
    /// <summary>See <see cref="AccountIdentifiers"/>.</summary>
    private void LeaveAccountsOut(in Message message)
    {
        if (!_rules.HasAccounts)
        {
            return;
        }

        bool isAlone = IsAccount(_kept[0]);
        for (int index = _kept.Count - 1; index > 0; index--)
        {
            if (isAlone || IsAccount(_kept[index]))
            {
                Refuse(message, index, OfAccount);
            }
        }
    }

    private bool IsAccount(int identifier) =>
        _rules.Identifiers[_nodes[identifier].Type].Kind == IdentifierKind.Account;

    /// <summary>Whose merge trust and kind do not allow; see <see cref="MergeProof"/>.</summary>
    private (int Place, MergeObjection Objection) Unproven()
    {
        if (_owners.Count < 2)
        {
            return (None, MergeObjection.None);
        }

        Span<int> counts = stackalloc int[_rules.Identifiers.Length];
        var sides = new MergeSide[_owners.Count];
        for (int owner = 0; owner < sides.Length; owner++)
        {
            CountsOf(_owners[owner], counts);
            for (int type = 0; type < counts.Length; type++)
            {
                sides[owner] = counts[type] > 0 ? sides[owner].With(_rules.Identifiers[type], type) : sides[owner];
            }
        }

        var ties = new MergeTie[_kept.Count];
        for (int index = 0; index < ties.Length; index++)
        {
            ties[index] = new MergeTie(
                CustomerOf(_kept[index]) is var owner and not None ? _owners.IndexOf(owner) : None,
                _rules.Identifiers[_nodes[_kept[index]].Type],
                IsListed: true
            );
        }

        return MergeProof.Find(ties, sides);
    }
}
