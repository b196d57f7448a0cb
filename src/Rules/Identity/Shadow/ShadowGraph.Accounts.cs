namespace Customer360.Rules.Identity;

/// <summary>Accounts' identifiers, which join no persons.</summary>
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
                Refuse(message, index, ShadowCause.Account);
            }
        }
    }

    private bool IsAccount(int identifier) =>
        _rules.Identifiers[_nodes[identifier].Type].Kind == IdentifierKind.Account;
}
