using System.Collections.Immutable;

namespace Customer360.Runtime.Tests.Grains;

[Alias("runtime.message")]
public interface IMessageGrain : IGrainWithStringKey
{
    [Alias("echoTask")]
    Task EchoNothing();

    [Alias("echoValueTask")]
    ValueTask EchoNothingByValue();

    [Alias("echoNumber")]
    ValueTask<int> EchoNumber(int number);

    /// <summary>A value task that completes only after an await.</summary>
    [Alias("echoNumberLater")]
    ValueTask<int> EchoNumberLater(int number);

    [Alias("echoText")]
    Task<string?> EchoText(string? text);

    [Alias("echoOptional")]
    Task<int?> EchoOptional(int? number = null);

    [Alias("echoWithDefault")]
    Task<string> EchoWithDefault(string text, string suffix = "!");

    [Alias("echoBytes")]
    Task<byte[]> EchoBytes(byte[] bytes);

    [Alias("echoLetter")]
    Task<Letter?> EchoLetter(Letter? letter);

    [Alias("echoShape")]
    Task<Shape> EchoShape(Shape shape);

    [Alias("echoMoney")]
    Task<Money> EchoMoney(Money money);

    [Alias("echoInvoice")]
    Task<Invoice> EchoInvoice(Invoice invoice);

    // There are two methods of one name, which differ by their parameters.
    [Alias("describeNumber")]
    Task<string> Describe(int number);

    [Alias("describeText")]
    Task<string> Describe(string text);
}

public sealed class MessageGrain : Grain, IMessageGrain
{
    public Task EchoNothing() => Task.CompletedTask;

    public ValueTask EchoNothingByValue() => ValueTask.CompletedTask;

    public ValueTask<int> EchoNumber(int number) => ValueTask.FromResult(number);

    public async ValueTask<int> EchoNumberLater(int number)
    {
        await Task.Yield();
        return number;
    }

    public Task<string?> EchoText(string? text) => Task.FromResult(text);

    public Task<int?> EchoOptional(int? number = null) => Task.FromResult(number);

    public Task<string> EchoWithDefault(string text, string suffix = "!") => Task.FromResult(text + suffix);

    public Task<byte[]> EchoBytes(byte[] bytes) => Task.FromResult(bytes);

    public Task<Letter?> EchoLetter(Letter? letter) => Task.FromResult(letter);

    public Task<Shape> EchoShape(Shape shape) => Task.FromResult(shape);

    public Task<Money> EchoMoney(Money money) => Task.FromResult(money);

    public Task<Invoice> EchoInvoice(Invoice invoice) => Task.FromResult(invoice);

    public Task<string> Describe(int number) => Task.FromResult($"number {number}");

    public Task<string> Describe(string text) => Task.FromResult($"text {text}");
}

/// <summary>A message with about everything that ours carry.</summary>
[GenerateSerializer]
[Immutable]
[Alias("runtime.letter")]
public sealed record Letter(
    [property: Id(0)] string Subject,
    [property: Id(1)] DateTimeOffset SentAt,
    [property: Id(2)] ImmutableArray<string> Lines,
    [property: Id(3)] ImmutableDictionary<string, decimal> Amounts,
    [property: Id(4)] Priority Priority,
    [property: Id(5)] Letter? ReplyTo,
    [property: Id(6)] TimeSpan? Delay,
    [property: Id(7)] Guid Thread
);

[GenerateSerializer]
[Alias("runtime.priority")]
public enum Priority
{
    Low,
    High,
}

[GenerateSerializer]
[Immutable]
[Alias("runtime.shape")]
public abstract record Shape([property: Id(0)] string Colour);

[GenerateSerializer]
[Immutable]
[Alias("runtime.circle")]
public sealed record Circle(string Colour, [property: Id(0)] double Radius) : Shape(Colour);

[GenerateSerializer]
[Immutable]
[Alias("runtime.square")]
public sealed record Square(string Colour, [property: Id(0)] double Side) : Shape(Colour);

/// <summary>A type of the rules. It knows nothing of Orleans, so a surrogate carries it.</summary>
public sealed record Money(decimal Amount, string Currency);

[GenerateSerializer]
[Immutable]
[Alias("runtime.moneySurrogate")]
public readonly record struct MoneySurrogate([property: Id(0)] decimal Amount, [property: Id(1)] string Currency);

[RegisterConverter]
public sealed class MoneyConverter : IConverter<Money, MoneySurrogate>
{
    public Money ConvertFromSurrogate(in MoneySurrogate surrogate) => new(surrogate.Amount, surrogate.Currency);

    public MoneySurrogate ConvertToSurrogate(in Money value) => new(value.Amount, value.Currency);
}

[GenerateSerializer]
[Immutable]
[Alias("runtime.invoice")]
public sealed record Invoice([property: Id(0)] string Number, [property: Id(1)] ImmutableArray<Money> Lines);
