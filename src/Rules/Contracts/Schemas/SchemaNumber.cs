using System.Globalization;
using System.Numerics;
using System.Text;

namespace Customer360.Rules.Contracts.Schemas;

/// <summary>
/// A number of JSON, exactly: <c>digits × 10^exponent</c>. JSON Schema compares by value, and neither a double nor a decimal
/// holds all of them.
/// </summary>
internal readonly struct SchemaNumber
{
    /// <summary>Beyond it a comparison would build integers of thousands of digits.</summary>
    private const int ExponentMax = 1_000;

    // Digits that a decimal holds without rounding.
    private const int ExactCharacters = 27;

    private readonly BigInteger _digits;
    private readonly int _exponent;
    private readonly decimal _small;
    private readonly bool _isSmall;

    private SchemaNumber(BigInteger digits, int exponent) => (_digits, _exponent) = (digits, exponent);

    private SchemaNumber(decimal small) => (_small, _isSmall) = (small, true);

    /// <param name="text">A number of JSON.</param>
    public static SchemaNumber Parse(ReadOnlySpan<byte> text)
    {
        if (
            text.Length <= ExactCharacters
            && text.IndexOfAny((byte)'e', (byte)'E') < 0
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal small)
        )
        {
            return new SchemaNumber(small);
        }

        return ParseExactly(text);
    }

    public bool IsWhole
    {
        get
        {
            if (_isSmall)
            {
                return decimal.IsInteger(_small);
            }

            return _exponent >= 0 || (BigInteger.Remainder(_digits, BigInteger.Pow(10, -_exponent)).IsZero);
        }
    }

    /// <summary>As a decimal holds it without rounding; null: none does.</summary>
    public decimal? Small => _isSmall ? _small : null;

    public bool IsPositive => _isSmall ? _small > 0 : _digits.Sign > 0;

    /// <summary>Below 0 where the first is the smaller one.</summary>
    public static int Compare(in SchemaNumber one, in SchemaNumber other)
    {
        if (one._isSmall && other._isSmall)
        {
            return one._small.CompareTo(other._small);
        }

        (BigInteger left, BigInteger right) = Aligned(one, other);
        return left.CompareTo(right);
    }

    /// <param name="divisor">Positive.</param>
    public bool IsMultipleOf(in SchemaNumber divisor)
    {
        (BigInteger left, BigInteger right) = Aligned(this, divisor);
        return BigInteger.Remainder(left, right).IsZero;
    }

    /// <summary>A whole number of at most nine digits; null: another one.</summary>
    public int? ToCount() =>
        _isSmall && decimal.IsInteger(_small) && _small is >= 0 and <= 999_999_999 ? (int)_small : null;

    private static (BigInteger Left, BigInteger Right) Aligned(in SchemaNumber one, in SchemaNumber other)
    {
        SchemaNumber left = one.Exactly();
        SchemaNumber right = other.Exactly();
        int exponent = Math.Min(left._exponent, right._exponent);
        return (
            left._digits * BigInteger.Pow(10, left._exponent - exponent),
            right._digits * BigInteger.Pow(10, right._exponent - exponent)
        );
    }

    private SchemaNumber Exactly() =>
        _isSmall ? ParseExactly(Encoding.ASCII.GetBytes(_small.ToString(CultureInfo.InvariantCulture))) : this;

    private static SchemaNumber ParseExactly(ReadOnlySpan<byte> text)
    {
        int e = text.IndexOfAny((byte)'e', (byte)'E');
        ReadOnlySpan<byte> mantissa = e < 0 ? text : text[..e];
        long exponent = 0;
        if (
            e >= 0
            && !long.TryParse(
                text[(e + 1)..],
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out exponent
            )
        )
        {
            throw new SchemaTooCostlyException();
        }

        int point = mantissa.IndexOf((byte)'.');
        string digits = Encoding.ASCII.GetString(mantissa);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            digits = digits.Remove(point, 1);
        }

        var whole = BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (whole.IsZero)
        {
            return new SchemaNumber(0m);
        }

        return Math.Abs(exponent) <= ExponentMax
            ? new SchemaNumber(whole, (int)exponent)
            : throw new SchemaTooCostlyException();
    }
}
