using System.Text;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Tests.Identity;

/// <summary>Decision records for tests.</summary>
internal static class Decisions
{
    private static readonly DateTimeOffset s_ten = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    /// <param name="payload">Single quotes stand for double ones.</param>
    public static DecisionRecord Decision(
        string id,
        string kind,
        int seconds = 0,
        string payload = "{}",
        string? other = null
    ) => new(id, kind, "c_1", other, s_ten.AddSeconds(seconds), Encoding.UTF8.GetBytes(payload.Replace('\'', '"')));
}
