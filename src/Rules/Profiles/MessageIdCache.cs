using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Customer360.Rules.Profiles;

/// <summary>
/// Shares the strings of message ids within one fold: most of its traits come from the same few messages, and an id is
/// the largest part of a trait.
/// </summary>
internal struct MessageIdCache
{
    private const int Places = 8;

    private Recent _recent;
    private int _next;

    public string Read(ref Utf8JsonReader reader)
    {
        foreach (string? known in _recent)
        {
            if (known is not null && reader.ValueTextEquals(known))
            {
                return known;
            }
        }

        string messageId = reader.GetString() ?? "";
        _recent[_next] = messageId;
        _next = (_next + 1) % Places;
        return messageId;
    }

    [InlineArray(Places)]
    private struct Recent
    {
        private string? _first;
    }
}
