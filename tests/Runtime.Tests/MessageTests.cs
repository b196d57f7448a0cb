using System.Collections.Immutable;
using Customer360.Runtime.Tests.Grains;
using Customer360.Runtime.Tests.Support;

namespace Customer360.Runtime.Tests;

/// <summary>Arguments and results arrive as they were sent.</summary>
public abstract class MessageTests(HostFixture fixture) : RuntimeTests(fixture)
{
    private IMessageGrain Grain => Grains.GetGrain<IMessageGrain>("MessageTests");

    [Fact]
    public async Task TaskAndValueTask_WithoutAResult_Complete()
    {
        await Grain.EchoNothing().WithinLimit();
        await Grain.EchoNothingByValue();
    }

    [Fact]
    public async Task ValueTask_WithAResult_CarriesItAtOnceAndLater()
    {
        Assert.Equal(42, await Grain.EchoNumber(42));
        Assert.Equal(42, await Grain.EchoNumberLater(42));
        Assert.Equal(0, await Grain.EchoNumber(default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text")]
    public async Task Text_NullOrEmptyOrNeither_ComesBackAsItWas(string? text) =>
        Assert.Equal(text, await Grain.EchoText(text).WithinLimit());

    [Fact]
    public async Task OptionalArguments_WhenLeftOut_HaveTheirDefaults()
    {
        Assert.Null(await Grain.EchoOptional().WithinLimit());
        Assert.Equal(5, await Grain.EchoOptional(5).WithinLimit());
        Assert.Equal("hello!", await Grain.EchoWithDefault("hello").WithinLimit());
        Assert.Equal("hello?", await Grain.EchoWithDefault("hello", "?").WithinLimit());
    }

    [Fact]
    public async Task Bytes_OfAMegabyte_ComeBackAsTheyWere()
    {
        var bytes = new byte[1 << 20];
        new Random(7).NextBytes(bytes);

        Assert.Equal(bytes, await Grain.EchoBytes(bytes).WithinLimit());
        Assert.Empty(await Grain.EchoBytes([]).WithinLimit());
    }

    [Fact]
    public async Task Record_WithManyKindsOfFields_ComesBackAsItWas()
    {
        var first = new Letter(
            "first",
            new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.FromHours(2)),
            [],
            ImmutableDictionary<string, decimal>.Empty,
            Priority.Low,
            null,
            null,
            Guid.Empty
        );
        var reply = first with
        {
            Subject = "reply",
            Lines = ["one", "two"],
            Amounts = ImmutableDictionary<string, decimal>.Empty.Add("net", 12.50m),
            Priority = Priority.High,
            ReplyTo = first,
            Delay = TimeSpan.FromMinutes(3),
            Thread = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
        };

        var echo = await Grain.EchoLetter(reply).WithinLimit();

        Assert.NotNull(echo);
        Assert.Equal(reply.Subject, echo.Subject);
        Assert.Equal(reply.SentAt, echo.SentAt);
        Assert.Equal(reply.SentAt.Offset, echo.SentAt.Offset);
        Assert.Equal(reply.Lines.AsEnumerable(), echo.Lines);
        Assert.Equal(reply.Amounts.AsEnumerable(), echo.Amounts);
        Assert.Equal(reply.Priority, echo.Priority);
        Assert.Equal(reply.Delay, echo.Delay);
        Assert.Equal(reply.Thread, echo.Thread);
        Assert.Equal("first", echo.ReplyTo?.Subject);
        Assert.Empty(echo.ReplyTo!.Lines);
        Assert.Null(echo.ReplyTo.ReplyTo);
        Assert.Null(await Grain.EchoLetter(null).WithinLimit());
    }

    [Fact]
    public async Task Record_ByItsBaseType_KeepsItsOwnType()
    {
        Assert.Equal(new Circle("red", 1.5), await Grain.EchoShape(new Circle("red", 1.5)).WithinLimit());
        Assert.Equal(new Square("blue", 2), await Grain.EchoShape(new Square("blue", 2)).WithinLimit());
    }

    [Fact]
    public async Task TypeWithASurrogate_AloneOrInARecord_ComesBackAsItWas()
    {
        var money = new Money(12.50m, "EUR");

        Assert.Equal(money, await Grain.EchoMoney(money).WithinLimit());
        var invoice = await Grain.EchoInvoice(new Invoice("2026-1", [money, money with { Amount = 3 }])).WithinLimit();
        Assert.Equal([money, new Money(3, "EUR")], invoice.Lines.AsEnumerable());
    }

    [Fact]
    public async Task Overloads_OfOneName_AreToldApart()
    {
        Assert.Equal("number 5", await Grain.Describe(5).WithinLimit());
        Assert.Equal("text 5", await Grain.Describe("5").WithinLimit());
    }
}

[Collection(OnOrleans.Name)]
public sealed class MessageTestsOnOrleans(SharedOrleans fixture) : MessageTests(fixture);

[Collection(OnSimulation.Name)]
public sealed class MessageTestsOnSimulation(SharedSimulated fixture) : MessageTests(fixture);
