using System.Globalization;

namespace Customer360.Simulation;

/// <summary>What the program was asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        Runs the grid in simulated worlds and checks what it promises.

          --seeds N        run N seeds (default 2000)
          --from N         from this seed (default 1)
          --workers N      on so many threads (default: one per processor)
          --seed S         run one seed
          --trace          with --seed: tell all that happens
          --no-shrink      leave a failing seed as it is
          --keep-going     go on behind a failing seed, and list them all
          --no-marks       don't ask for the situations that 2,000 seeds must meet

        Ends with 0 where all is well, 1 where a promise was broken or a situation was not met, 2 where it was asked wrongly.
        """;

    public ulong Seeds { get; init; } = 2_000;

    public ulong From { get; init; } = 1;

    public int Workers { get; init; } = Environment.ProcessorCount;

    public ulong? Seed { get; init; }

    public bool Traces { get; init; }

    public bool Shrinks { get; init; } = true;

    public bool GoesOn { get; init; }

    public bool AsksForMarks { get; init; } = true;

    /// <summary>Reads the arguments; null where they can't be understood.</summary>
    public static CommandLine? Read(IReadOnlyList<string> arguments)
    {
        var read = new CommandLine();
        for (int index = 0; index < arguments.Count; index++)
        {
            ulong number = 0;
            bool isNumbered = arguments[index] is "--seeds" or "--from" or "--workers" or "--seed";
            if (
                isNumbered
                && (
                    ++index == arguments.Count
                    || !ulong.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out number)
                )
            )
            {
                return null;
            }

            CommandLine? next = arguments[isNumbered ? index - 1 : index] switch
            {
                "--seeds" when number > 0 => read with { Seeds = number },
                "--from" => read with { From = number },
                "--workers" when number is > 0 and < 1_000 => read with { Workers = (int)number },
                "--seed" => read with { Seed = number },
                "--trace" => read with { Traces = true },
                "--no-shrink" => read with { Shrinks = false },
                "--keep-going" => read with { GoesOn = true },
                "--no-marks" => read with { AsksForMarks = false },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            read = next;
        }

        return read.Traces && read.Seed is null ? null : read;
    }
}
