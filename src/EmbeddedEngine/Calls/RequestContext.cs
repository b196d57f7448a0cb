using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>
/// Values that travel with calls: what a caller sets here, the callee (and its callees) can read. Changes made by a
/// callee do not travel back. Costs nothing while nobody sets a value.
/// </summary>
public static class RequestContext
{
    private static readonly AsyncLocal<Dictionary<string, object>?> s_values = new();

    /// <summary>The names that are set.</summary>
    public static IEnumerable<string> Keys => s_values.Value is { } values ? values.Keys : [];

    /// <summary>The names and values that are set.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries =>
        s_values.Value is { } values ? values : Enumerable.Empty<KeyValuePair<string, object>>();

    /// <summary>The dictionaries are never changed once they are here, so callers and callees may share them.</summary>
    internal static Dictionary<string, object>? Current
    {
        get => s_values.Value;
        set => s_values.Value = value;
    }

    /// <summary>The value set under this name, or null.</summary>
    public static object? Get(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return s_values.Value is { } values && values.TryGetValue(key, out var value) ? value : null;
    }

    /// <summary>Sets a value for the rest of this call and for the calls it makes.</summary>
    [SuppressMessage("Usage", "CA2249", Justification = "Not a search in a string.")]
    public static void Set(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(key);
        s_values.Value = s_values.Value is { } values
            ? new Dictionary<string, object>(values, StringComparer.Ordinal) { [key] = value }
            : new Dictionary<string, object>(1, StringComparer.Ordinal) { [key] = value };
    }

    /// <summary>Removes a value; false if none was set.</summary>
    public static bool Remove(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (s_values.Value is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        if (values.Count == 1)
        {
            s_values.Value = null;
            return true;
        }

        var copy = new Dictionary<string, object>(values, StringComparer.Ordinal);
        copy.Remove(key);
        s_values.Value = copy;
        return true;
    }

    /// <summary>Removes all values.</summary>
    public static void Clear()
    {
        if (s_values.Value is not null)
        {
            s_values.Value = null;
        }
    }
}
