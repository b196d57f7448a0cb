// A temporary switch: the lead wires the benchmarks together.
await Customer360.Benchmarks.Engine.EngineBenchmarks.RunAsync(Console.Out);
