namespace Customer360.Benchmarks;

/// <summary>Prints a measured line in the form of the README's table.</summary>
internal static class Report
{
    public static void Head()
    {
        Console.WriteLine("| what | measured | beside it, same run | ratio | must reach |");
        Console.WriteLine("|---|---|---|---|---|");
    }

    public static void Line(string what, string measured, string beside, string ratio, string goal) =>
        Console.WriteLine($"| {what} | {measured} | {beside} | {ratio} | {goal} |");
}
