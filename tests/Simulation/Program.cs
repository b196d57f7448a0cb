using System.Diagnostics;
using Customer360.Simulation.Runs;
using Customer360.Simulation.Workload;
using Customer360.Simulation.World;

var template = new NodeTemplate();
var marks = new Marks();
ulong from = ulong.Parse(args[0]);
ulong count = ulong.Parse(args[1]);
bool trace = args.Length > 2;
var watch = Stopwatch.StartNew();
long steps = 0;
int bad = 0;
for (ulong seed = from; seed < from + count; seed++)
{
    Story? story = trace ? new Story(100) { Tell = Console.WriteLine } : null;
    RunResult result = Simulation.Run(Plan.Of(seed), template, marks, story);
    steps += result.Steps;
    if (result.Violation is { } v)
    {
        bad++;
        Console.WriteLine($"seed {seed} hash {result.Hash:x} steps {result.Steps}: {v.Message}");
    }
    else if (count <= 20) Console.WriteLine($"seed {seed} hash {result.Hash:x} steps {result.Steps} ok");
}
Console.WriteLine($"{count} seeds, {bad} bad, {steps} steps, {watch.Elapsed.TotalSeconds:0.0}s, {steps / watch.Elapsed.TotalSeconds:0} steps/s, {count / watch.Elapsed.TotalSeconds:0} seeds/s");
Console.WriteLine("missed: " + string.Join(' ', marks.Missed()));
