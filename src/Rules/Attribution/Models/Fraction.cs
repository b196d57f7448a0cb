using System.Numerics;

namespace Customer360.Rules.Attribution;

/// <summary>A fraction in lowest terms, exact.</summary>
public readonly record struct Fraction
{
    private readonly BigInteger _under;

    /// <exception cref="DivideByZeroException">There is nothing under the line.</exception>
    public Fraction(BigInteger over, BigInteger under)
    {
        if (under.IsZero)
        {
            throw new DivideByZeroException();
        }

        BigInteger common = BigInteger.GreatestCommonDivisor(over, under) * under.Sign;
        (Over, _under) = (over / common, under / common);
    }

    public static Fraction Zero { get; }

    public static Fraction One { get; } = new(1, 1);

    public BigInteger Over { get; }

    /// <summary>Positive. The default's is 1.</summary>
    public BigInteger Under => _under.IsZero ? BigInteger.One : _under;

    public bool IsZero => Over.IsZero;

    public double ToDouble() => (double)Over / (double)Under;

    public static Fraction operator +(Fraction left, Fraction right) =>
        new((left.Over * right.Under) + (right.Over * left.Under), left.Under * right.Under);

    public static Fraction operator -(Fraction left, Fraction right) =>
        new((left.Over * right.Under) - (right.Over * left.Under), left.Under * right.Under);

    public static Fraction operator *(Fraction left, Fraction right) =>
        new(left.Over * right.Over, left.Under * right.Under);

    public static Fraction operator /(Fraction left, Fraction right) =>
        new(left.Over * right.Under, left.Under * right.Over);

    public bool Equals(Fraction other) => Over == other.Over && Under == other.Under;

    public override int GetHashCode() => HashCode.Combine(Over, Under);

    public override string ToString() => Under.IsOne ? Over.ToString() : $"{Over}/{Under}";
}
