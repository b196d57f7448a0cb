namespace Customer360.Simulation.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--seeds")]
    [InlineData("--seeds", "0")]
    [InlineData("--seeds", "-5")]
    [InlineData("--seeds", "many")]
    [InlineData("--workers", "0")]
    [InlineData("--trace")]
    [InlineData("--speed", "3")]
    [InlineData("17")]
    public void Read_WhenAskedWrongly_IsNull(params string[] arguments) => Assert.Null(CommandLine.Read(arguments));

    [Fact]
    public void Read_WhenAsked_HasAllThatWasSaid()
    {
        CommandLine read = CommandLine.Read(["--seeds", "100000", "--from", "7", "--workers", "3", "--keep-going"])!;

        Assert.Equal((100_000UL, 7UL, 3, true, true), (read.Seeds, read.From, read.Workers, read.GoesOn, read.Shrinks));
        Assert.Equal(17UL, CommandLine.Read(["--seed", "17", "--trace"])!.Seed);
    }
}
