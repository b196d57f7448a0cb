using System.Diagnostics;
using System.Text.Json;
using Customer360.Tests.Support;

namespace Customer360.Api.Tests.Sdk;

/// <summary>Runs a script of tests/Sdk with Node and reads the one line of JSON that it prints.</summary>
public static class SdkScript
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private static string Folder { get; } = Repository.Path("tests", "Sdk");

    /// <summary>On CI nothing may be missing.</summary>
    public static bool IsOnCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>What keeps a script from running, or null.</summary>
    public static string? Missing()
    {
        if (!IsOnPath("node"))
        {
            return "Node is not installed.";
        }

        return Directory.Exists(Path.Combine(Folder, "node_modules"))
            ? null
            : "The SDKs are not installed: run npm ci --prefix tests/Sdk.";
    }

    /// <summary>Why there is no browser: neither the one that CHROMIUM names, nor Debian's. Null where there is one.</summary>
    public static string? MissingBrowser()
    {
        string browser = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";
        return File.Exists(browser) ? null : $"There is no Chromium at {browser} (the variable CHROMIUM says where).";
    }

    /// <summary>Runs the script; where it does not end well, fails with all that it printed.</summary>
    public static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        Assert.True(Missing() is null, Missing());
        ProcessStartInfo start = new("node")
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(script);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = new(s_patience, TimeProvider.System);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        string printed = await output;
        Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}: {printed}{await errors}");
        using var document = JsonDocument.Parse(printed);
        return document.RootElement.Clone();
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder =>
                File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, $"{program}.exe"))
            );
}
