using Customer360.Api.Demo;
using Customer360.Api.Exports;
using Customer360.Silo.Audit;
using Customer360.Silo.Backup;
using Customer360.Silo.EventContracts;
using Customer360.Silo.Keys;
using Customer360.Silo.Policies;
using Spectre.Console;

namespace Customer360.Api.Hosting;

/// <summary>What the program says of itself: <c>customer360 help</c>, <c>--help</c> behind any command, and of a word that is no command.</summary>
internal static class CommandHelp
{
    /// <summary>The word was none of ours.</summary>
    public const int Misunderstood = 2;

    private const string Help = "help";

    private static readonly (string Name, string Summary, string Usage)[] s_commands =
    [
        (AuditCommand.Name, "Check the audit log, or print where it ends.", AuditCommand.Usage),
        (BackupCommand.Name, "Copy the store of a data folder, also while a grid runs on it.", BackupCommand.Usage),
        (
            ContractsCommand.Name,
            "Take tracking plans of other tools over, and hand ours to them.",
            ContractsCommand.Usage
        ),
        (DemoCommand.Name, "Fill a grid with a small company, through its API.", DemoCommand.Usage),
        (ExportCommand.Name, "Compare the warehouse mirror with the grid, through its API.", ExportCommand.Usage),
        (KeysCommand.Name, "Make, list and revoke keys in the store, without a grid.", KeysCommand.Usage),
        (PoliciesCommand.Name, "Check the policy files of a folder, without a grid.", PoliciesCommand.Usage),
        (
            BackupCommand.RestoreName,
            "Put a copy in the place of the store, and erase again who was erased since.",
            BackupCommand.RestoreUsage
        ),
    ];

    /// <summary>The exit code where help was asked for, or the first word is no command; null: go on.</summary>
    /// <param name="args">As the program was called. Settings (<c>--urls=…</c>, <c>Name=value</c>) are the host's own.</param>
    public static int? Answer(ReadOnlySpan<string> args, TextWriter output, TextWriter error)
    {
        switch (args)
        {
            case []:
                return null;
            case [Help or "--help" or "-h"]:
                WriteOverview(output);
                return 0;
            case [Help, var name, ..] when UsageOf(name) is { } usage:
                output.WriteLine(usage);
                return 0;
            case [var name, .. var rest] when UsageOf(name) is { } usage:
                if (!rest.Contains("--help") && !rest.Contains("-h"))
                {
                    return null;
                }

                output.WriteLine(usage);
                return 0;
            case [var word, ..] when !word.StartsWith('-') && !word.StartsWith('/') && !word.Contains('='):
                error.WriteLine($"There is no command '{(word == Help ? args[1] : word)}'.");
                WriteOverview(error);
                return Misunderstood;
            default:
                return null;
        }
    }

    private static string? UsageOf(string name) => Array.Find(s_commands, one => one.Name == name).Usage;

    private static void WriteOverview(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.WriteLine("customer360 runs the grid: API and silo in one process. docs/settings.md has its settings.");
        console.WriteLine();
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(3)).AddColumn();
        foreach ((string name, string summary, _) in s_commands)
        {
            grid.AddRow(new Text(name), new Text(summary));
        }

        console.Write(grid);
        console.WriteLine();
        console.WriteLine("customer360 COMMAND --help says how a command is called.");
    }
}
