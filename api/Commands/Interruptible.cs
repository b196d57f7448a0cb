namespace Customer360.Api.Commands;

/// <summary>Runs a command that a person at a terminal may break off (Ctrl+C): it is told, and ends by itself with a sentence.</summary>
internal static class Interruptible
{
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> command)
    {
        using var interrupted = new CancellationTokenSource();
        void Interrupt(object? sender, ConsoleCancelEventArgs pressed)
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        }

        System.Console.CancelKeyPress += Interrupt;
        try
        {
            return await command(interrupted.Token);
        }
        finally
        {
            System.Console.CancelKeyPress -= Interrupt;
        }
    }
}
