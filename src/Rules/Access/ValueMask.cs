using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Access;

/// <summary>Writes what stands in the place of a value.</summary>
internal static class ValueMask
{
    /// <summary>A text of which the last four characters are shown has this many at least: they are then half of it at most.</summary>
    private const int Last4LengthMin = 8;

    private const int HostLengthMax = 253;
    private const int MemberLengthMax = 64;

    private static readonly SearchValues<char> s_host = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
    );

    private static readonly SearchValues<char> s_member = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ "
    );

    /// <summary>What stands for a text.</summary>
    /// <param name="field">What it is a value of: two fields have different hashes of one value.</param>
    public static string Of(string field, string value, FieldMask mask, MaskKey key) =>
        mask switch
        {
            FieldMask.Last4 => Last4(value),
            FieldMask.Hash => key.Hash(field, value),
            FieldMask.Domain => Domain(value),
            FieldMask.Year => Year(value),
            _ => VisibleFields.Mask,
        };

    /// <summary>
    /// A value with each text and number inside it masked. Of a full mask, and of a value whose members are named by data, the
    /// mask stands for the whole.
    /// </summary>
    public static void Write(ref Utf8Buffer buffer, string field, JsonElement value, FieldMask mask, MaskKey key)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when mask != FieldMask.Full && value.EnumerateObject().All(IsNamed):
                buffer.Raw("{"u8);
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    buffer.Text(member.Name);
                    buffer.Raw(":"u8);
                    Write(ref buffer, field, member.Value, mask, key);
                    buffer.Raw(","u8);
                }

                buffer.DropComma();
                buffer.Raw("}"u8);
                break;
            case JsonValueKind.Array when mask != FieldMask.Full:
                buffer.Raw("["u8);
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(ref buffer, field, item, mask, key);
                    buffer.Raw(","u8);
                }

                buffer.DropComma();
                buffer.Raw("]"u8);
                break;
            case JsonValueKind.String:
                buffer.Text(Of(field, value.GetString()!, mask, key));
                break;
            case JsonValueKind.Number:
                // A number is no date: it may be anything with four digits.
                buffer.Text(
                    mask is FieldMask.Year or FieldMask.Domain
                        ? VisibleFields.Mask
                        : Of(field, value.GetRawText(), mask, key)
                );
                break;
            default:
                // True, false and null: there are so few of them that any other mask would tell which.
                buffer.Text(VisibleFields.Mask);
                break;
        }
    }

    private static string Last4(string value)
    {
        int from = value.Length - 4;
        if (value.Length < Last4LengthMin)
        {
            return VisibleFields.Mask;
        }

        // Half of a pair of surrogates is no character.
        return VisibleFields.Mask + value[(char.IsLowSurrogate(value[from]) ? from + 1 : from)..];
    }

    private static string Domain(string value)
    {
        int at = value.LastIndexOf('@');
        ReadOnlySpan<char> host = value.AsSpan(at + 1);
        bool isHost =
            at > 0
            && host.Length is > 0 and <= HostLengthMax
            && host.Contains('.')
            && host.IndexOfAnyExcept(s_host) < 0;
        return isHost ? string.Concat(VisibleFields.Mask, "@", host) : VisibleFields.Mask;
    }

    private static string Year(string value)
    {
        bool isDate = DateTime.TryParseExact(
            value.AsSpan(0, Math.Min(value.Length, 10)),
            ["yyyy-MM-dd", "yyyy-MM", "yyyy"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out DateTime date
        );

        // What stands behind a date must be a time of day; else it is a text that begins like one.
        return isDate && (value.Length <= 10 || value[10] is 'T' or 't' or ' ')
            ? date.Year.ToString("0000", CultureInfo.InvariantCulture)
            : VisibleFields.Mask;
    }

    /// <summary>False of a member such as <c>"+4930123":true</c>, whose name is a value.</summary>
    public static bool IsNamed(JsonProperty member) =>
        member.Name.Length is > 0 and <= MemberLengthMax
        && char.IsAsciiLetter(member.Name[0])
        && member.Name.AsSpan().IndexOfAnyExcept(s_member) < 0;
}
