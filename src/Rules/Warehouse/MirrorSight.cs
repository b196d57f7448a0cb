using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Rules.Warehouse;

/// <summary>
/// How the mirror shows identifiers: as its role may see them, with a key beside each by which tables are joined also where the value is
/// a mask. The key is made with a secret, so it tells nothing to whoever tries values out.
/// </summary>
public sealed class MirrorSight(MaskKey secret)
{
    private const int KeyBytes = 16;

    private readonly Lazy<byte[]> _secret = new(() => secret.Derive("warehouse"));

    /// <summary>The identifier as it is shown; null: not at all.</summary>
    public static Identifier? Show(VisibleFields fields, Identifier identifier) =>
        fields.Table is { } table ? table.Show(identifier)
        : fields.Show(FieldSets.Identifiers) ? identifier
        : fields.Hide(FieldSets.Identifiers) ? Identifier.Create(identifier.Type, VisibleFields.Mask)
        : null;

    /// <summary><c>k_</c> and 32 hexadecimal digits; null where the identifier is not shown.</summary>
    public string? KeyOf(VisibleFields fields, Identifier identifier)
    {
        if (Show(fields, identifier) is null)
        {
            return null;
        }

        byte[] hash = HMACSHA256.HashData(_secret.Value, Encoding.UTF8.GetBytes(identifier.ToString()));
        return "k_" + Convert.ToHexStringLower(hash.AsSpan(0, KeyBytes));
    }
}
