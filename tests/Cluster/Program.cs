using System.Globalization;
using Customer360.ClusterRuns.Runs;

return args switch
{
    ["faults", "--minutes", var minutes, .. var rest] => await FaultRun.RunAsync(
        TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)),
        LogsOf(rest)
    )
        ? 0
        : 1,
    ["rolling", "--from", var from, "--to", var to, .. var rest] => await RollingRun.RunAsync(from, to, LogsOf(rest))
        ? 0
        : 1,
    ["stop", "--customers", var customers, .. var rest] => await StopRun.RunAsync(
        int.Parse(customers, CultureInfo.InvariantCulture),
        LogsOf(rest)
    )
        ? 0
        : 1,
    _ => Usage(),
};

static string? LogsOf(string[] rest) => rest is ["--logs", var folder] ? Path.GetFullPath(folder) : null;

static int Usage()
{
    Console.Error.WriteLine(
        "faults --minutes N | rolling --from FOLDER --to FOLDER | stop --customers N, and for each [--logs FOLDER]"
    );
    return 2;
}
