using System.Collections.Immutable;
using System.Globalization;

namespace Customer360.Rules.Crm.Salesforce;

/// <summary>
/// The fields of a kind of change event in the order of its Avro schema. Over the Pub/Sub API the header names fields by bits:
/// <c>0x02400000</c>, whose bit i from the right is the i-th field, and <c>4-0x03</c> for members of the field 4.
/// </summary>
/// <param name="Fields">Each with its members, of which most have none; the header is one of them.</param>
public sealed record ChangeSchema(ImmutableArray<(string Name, ImmutableArray<string> Members)> Fields)
{
    private const int DigitsMax = 1_000;

    /// <summary>True of what stands for fields, instead of being a field's name.</summary>
    public static bool IsBitmap(string text)
    {
        int at = text.IndexOf('-', StringComparison.Ordinal);
        string bits = text[(at + 1)..];
        return text[..Math.Max(at, 0)].All(char.IsAsciiDigit)
            && bits.Length is > 2 and <= DigitsMax
            && bits.StartsWith("0x", StringComparison.Ordinal)
            && bits.AsSpan(2).ContainsAnyExcept(s_hex) is false;
    }

    private static readonly System.Buffers.SearchValues<char> s_hex = System.Buffers.SearchValues.Create(
        "0123456789abcdefABCDEF"
    );

    /// <summary>The names that bitmaps stand for (<c>Name.FirstName</c> for a member); null where one stands for no field.</summary>
    public ImmutableArray<string>? Expand(IEnumerable<string> bitmaps)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (string bitmap in bitmaps)
        {
            int at = bitmap.IndexOf('-', StringComparison.Ordinal);
            if (at < 0)
            {
                foreach (int place in Places(bitmap))
                {
                    if (place >= Fields.Length)
                    {
                        return null;
                    }

                    names.Add(Fields[place].Name);
                }

                continue;
            }

            if (
                !int.TryParse(bitmap.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out int parent)
                || parent >= Fields.Length
            )
            {
                return null;
            }

            foreach (int place in Places(bitmap[(at + 1)..]))
            {
                if (place >= Fields[parent].Members.Length)
                {
                    return null;
                }

                names.Add($"{Fields[parent].Name}.{Fields[parent].Members[place]}");
            }
        }

        return names.ToImmutable();
    }

    private static IEnumerable<int> Places(string bits)
    {
        for (int digit = 0; digit < bits.Length - 2; digit++)
        {
            int value = Convert.ToInt32(bits[bits.Length - 1 - digit].ToString(), 16);
            for (int bit = 0; bit < 4; bit++)
            {
                if ((value >> bit & 1) == 1)
                {
                    yield return digit * 4 + bit;
                }
            }
        }
    }
}
