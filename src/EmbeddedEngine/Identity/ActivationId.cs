using System.Globalization;

namespace Orleans.Runtime;

/// <summary>Tells one activation of a grain from the next. Counted per engine, so a repeated run gives the same ids.</summary>
public readonly record struct ActivationId(Guid Key)
{
    internal static ActivationId FromSequence(long sequence) => new(new Guid(0, 0, 0, BitConverter.GetBytes(sequence)));

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"@{Key:N}");
}
