using System.Collections.Immutable;

namespace Customer360.Api.Mcp;

/// <summary>What agents are answered. Section <c>Customer360:Mcp</c> of the settings.</summary>
public sealed class McpOptions
{
    public const string Section = "Customer360:Mcp";

    private const int AnswerBytesLeast = 8 * 1024;
    private const int AnswerBytesMost = 1024 * 1024;

    /// <summary>Bytes of data in an answer at most; what is beyond is left out, and the answer says so. Default: 64 KiB.</summary>
    public int AnswerBytesMax { get; set; } = 64 * 1024;

    /// <summary>
    /// Origins of web pages whose requests are taken beside this service's own, with commas between:
    /// <c>https://agents.example.com</c>. Default: none.
    /// </summary>
    public string AllowedOrigins { get; set; } = "";

    internal ImmutableArray<string> AllowedOriginList =>
        [.. AllowedOrigins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>Says what is wrong with the settings, or null.</summary>
    public string? Problem() =>
        AnswerBytesMax is < AnswerBytesLeast or > AnswerBytesMost
            ? $"{Section}:AnswerBytesMax must be {AnswerBytesLeast} to {AnswerBytesMost}."
        : AllowedOriginList.FirstOrDefault(one => !IsOrigin(one)) is { } odd
            ? $"{Section}:AllowedOrigins holds '{odd}'; an origin is written https://agents.example.com."
        : null;

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && address.Scheme is "http" or "https"
        && string.Equals(address.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
