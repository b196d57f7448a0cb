using System.Text.Json;
using Customer360.Api.Commands;
using Customer360.Rules.Outcomes;
using Spectre.Console;

namespace Customer360.Api.Demo;

/// <summary>
/// <c>customer360 demo</c>: fills a grid with a believable small company, through the public API only. The same seed gives the same
/// people, and a second run changes nothing.
/// </summary>
internal static class DemoCommand
{
    public const string Name = "demo";

    public const string Usage = """
        Usage: customer360 demo --key KEY [--url http://localhost:8360] [--seed 360] [--people 2000] [--webhook-secret SECRET]
                                [--into-existing] [--json]
        The key needs the role admin; it may stand in the variable CUSTOMER360_DEMO_KEY instead.
        Exit codes: 0 done, 1 failed, 2 not reachable, 3 key unknown or its role too low, 4 the grid has other data.
        """;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Encoder = AnswerJson.Encoder,
    };

    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        Interruptible.RunAsync(interrupted =>
            RunAsync(args, Environment.GetEnvironmentVariable, TimeProvider.System, output, error, interrupted)
        );

    internal static async Task<int> RunAsync(
        string[] args,
        Func<string, string?> environment,
        TimeProvider time,
        TextWriter output,
        TextWriter error,
        CancellationToken cancelled
    )
    {
        (DemoArguments? asked, string? problem) = DemoArguments.Read(args, environment);
        if (asked is null)
        {
            await error.WriteLineAsync(problem);
            await error.WriteLineAsync(Usage);
            return (int)CommandExit.Failed;
        }

        using var client = new GridClient(new SocketsHttpHandler(), asked.Url, asked.Key, time);
        try
        {
            DemoResult result = asked.IsJson
                ? await new DemoRun(client, asked, time, new SilentProgress()).Run(cancelled)
                : await RunWithBars(client, asked, time, output, cancelled);
            await Tell(result, asked, output);
            return (int)CommandExit.Done;
        }
        catch (CommandException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return (int)exception.Exit;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            await error.WriteLineAsync("Broken off. The same command goes on where it was.");
            return (int)CommandExit.Failed;
        }
    }

    private static Task<DemoResult> RunWithBars(
        GridClient client,
        DemoArguments asked,
        TimeProvider time,
        TextWriter output,
        CancellationToken cancelled
    )
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        return console
            .Progress()
            .StartAsync(context => new DemoRun(client, asked, time, new BarProgress(context)).Run(cancelled));
    }

    private static async Task Tell(DemoResult result, DemoArguments asked, TextWriter output)
    {
        if (asked.IsJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(result, s_json));
            return;
        }

        await output.WriteLineAsync(
            $"{result.People} people, {result.Accounts} accounts, {result.Leads} leads, {result.Deals} deals; "
                + $"{result.NewMessages} of {result.Messages} messages were new; {result.Seconds:0.0} s."
        );
        foreach (string note in result.Notes)
        {
            await output.WriteLineAsync(note);
        }

        if (result.WrongMerges > 0)
        {
            (DemoPerson owner, _) = new DemoCompany(asked.Seed, asked.People).WrongMerges[0];
            await output.WriteLineAsync(
                $"{result.WrongMerges} pairs of people are one customer by mistake. Look at one: GET /v1/profiles/{owner.Identifier}/explain"
            );
        }
    }
}
