using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Decisions;

/// <summary>
/// Ids of decision records, merges and separations: <c>d_</c> (<c>s_</c>) and 32 hexadecimal digits, derived from what they are
/// about. So a step that is repeated after a crash writes the same record again.
/// </summary>
public static class DecisionId
{
    /// <summary>Equal parts give equal ids.</summary>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts!)));
        return "d_" + Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    /// <summary>The id of the merge of two customers that a message brings about.</summary>
    public static string OfMerge(string into, string from, string messageId) =>
        Of(DecisionKinds.Merged, into, from, messageId);

    /// <summary>The id of the separation that a split makes.</summary>
    public static string OfSeparation(string splitId) => "s_" + Of("separation", splitId)[2..];
}
