using Customer360.Api.Hosting;

namespace Customer360.Api.Tests.Hosting;

/// <summary>What the program says of itself.</summary>
public sealed class CommandHelpTests
{
    private static readonly string[] s_commands = ["audit", "backup", "demo", "keys", "policies", "restore"];

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Help_NamesEachCommand(string word)
    {
        (int? code, string output, string error) = Ask(word);

        Assert.Equal((0, ""), (code, error));
        Assert.All(s_commands, command => Assert.Contains($"\n  {command} ", output, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_OfEachCommand_SaysHowItIsCalled_AndRunsNothing()
    {
        foreach (string command in s_commands)
        {
            string[][] ways =
            [
                [command, "--help"],
                [command, "-h"],
                ["help", command],
                [command, "x", "--help"],
            ];
            foreach (string[] way in ways)
            {
                (int? code, string output, string error) = Ask(way);

                Assert.Equal((0, ""), (code, error));
                Assert.StartsWith($"Usage: customer360 {command}", output, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("polices")]
    [InlineData("help", "polices")]
    public void Word_ThatIsNoCommand_IsRefused_AndDoesNotStartAGrid(params string[] args)
    {
        (int? code, string output, string error) = Ask(args);

        Assert.Equal((CommandHelp.Misunderstood, ""), (code, output));
        Assert.StartsWith("There is no command 'polices'.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--urls", "http://localhost:1")]
    [InlineData("--urls=http://localhost:1")]
    [InlineData("Customer360:Data=./data")]
    [InlineData("policies", "check", "x")]
    [InlineData("audit", "head")]
    public void Call_ThatAsksForNoHelp_GoesOn(params string[] args) => Assert.Null(Ask(args).Code);

    private static (int? Code, string Output, string Error) Ask(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int? code = CommandHelp.Answer(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
