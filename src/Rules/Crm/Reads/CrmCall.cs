using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Crm.Reads;

/// <summary>A call of a CRM's API. Who makes it adds the address of the CRM, and the token.</summary>
/// <param name="Path">Behind the address, with the query; begins with a slash.</param>
public sealed record CrmCall(string Path)
{
    /// <summary>JSON that is posted; null: the call gets.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Headers beside those of every call.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>What a call came to.</summary>
/// <param name="Status">The HTTP status; 0 where no answer came.</param>
/// <param name="Body">As it came.</param>
/// <param name="At">When it came.</param>
public sealed record CrmAnswer(int Status, ReadOnlyMemory<byte> Body, DateTimeOffset At)
{
    /// <summary>The headers of the answer that rules look at, in whatever case.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } =
        ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why no answer came; null where one did.</summary>
    public ReadFault? Fault { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>No answer came, or none that may be read.</summary>
    public static CrmAnswer None(ReadFault fault, DateTimeOffset at) =>
        new(0, ReadOnlyMemory<byte>.Empty, at) { Fault = fault };

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The body; null where it is no JSON.</summary>
    internal JsonDocument? Parse() => CrmJson.Parse(Body);
}
