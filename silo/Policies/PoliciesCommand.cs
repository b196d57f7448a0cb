using System.Globalization;
using Customer360.Rules.Policies;

namespace Customer360.Silo.Policies;

/// <summary>
/// <c>customer360 policies check FOLDER</c>: reads the policy files of a folder as a start or a <c>PUT</c> would, without a grid.
/// For continuous integration.
/// </summary>
public static class PoliciesCommand
{
    public const string Name = "policies";

    private const string Usage = "Usage: customer360 policies check FOLDER";

    /// <summary>0: every file is valid; 1: one is not, or there is none, or the command is not known.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <param name="output">Takes a line per fault: <c>path:line: rule: message</c>.</param>
    /// <param name="error">Takes what is wrong with the call itself.</param>
    public static int Run(ReadOnlySpan<string> args, TextWriter output, TextWriter error)
    {
        if (args is not ["check", var folder])
        {
            error.WriteLine(Usage);
            return 1;
        }

        try
        {
            return Check(folder, PolicyServices.KnownKinds(), output, error);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"The folder '{folder}' can't be read ({failure.GetType().Name}).");
            return 1;
        }
    }

    private static int Check(string folder, PolicyKinds kinds, TextWriter output, TextWriter error)
    {
        var found = PolicyFolder.Read(folder, kinds, others: true);
        if (found.IsEmpty)
        {
            // A wrong folder must not look like one without faults.
            error.WriteLine($"There is no policy file in '{folder}'.");
            return 1;
        }

        foreach (FoundPolicy policy in found)
        {
            Say(policy, output);
        }

        return found.All(policy => policy.Reading.IsValid) ? 0 : 1;
    }

    private static void Say(FoundPolicy policy, TextWriter output)
    {
        foreach (var fault in policy.Reading.Faults)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{policy.Path}:{fault.Line}: {fault.Rule}: {fault.Message}"
                )
            );
        }

        foreach (var warning in policy.Reading.Warnings)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{policy.Path}:{warning.Line}: warning: {warning.Rule}: {warning.Message}"
                )
            );
        }

        if (policy.Reading.IsValid)
        {
            output.WriteLine($"{policy.Path}: valid, version {policy.Reading.Version}");
        }
    }
}
