using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Customer360.Api.Mcp;

/// <summary>
/// Writes JSON for an agent: texts in one visible line (<see cref="DataText"/>), and no more bytes than are allowed. What is too
/// long is shortened where it is longest, so a list keeps all its rows, and each place is noted.
/// </summary>
internal sealed class DataWriter(Utf8JsonWriter writer)
{
    /// <summary>Characters of one text at most, whatever room there is.</summary>
    public const int TextLengthMax = 4_000;

    /// <summary>Places that are noted; beyond, that there are more is all that is said.</summary>
    private const int CutsMax = 20;

    /// <summary>The least that a value needs to be worth beginning: an empty object, or a few characters.</summary>
    private const int BytesLeast = 16;

    private const string Ellipsis = "…";

    private readonly List<string> _cuts = [];

    /// <summary>Where something was left out: <c>events[3].properties.note</c>. Empty: nowhere.</summary>
    public IReadOnlyList<string> Cuts => _cuts;

    /// <summary>Writes a value in about so many bytes.</summary>
    public void Write(JsonElement value, int bytes) => Write(value, bytes, "");

    private void Write(JsonElement value, int bytes, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, bytes, path);
                break;
            case JsonValueKind.Array:
                WriteArray(value, bytes, path);
                break;
            case JsonValueKind.String:
                WriteText(value, bytes, path);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private void WriteObject(JsonElement value, int bytes, string path)
    {
        JsonProperty[] members = [.. value.EnumerateObject()];
        int[] shares = Shares([.. members.Select(one => one.Name.Length + 4 + SizeOf(one.Value))], bytes);
        HashSet<string> names = new(StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach ((JsonProperty member, int share) in members.Zip(shares))
        {
            string name = DataText.Clean(DataText.Cut(member.Name, TextLengthMax));
            string place = path.Length == 0 ? name : $"{path}.{name}";
            int left = share - name.Length - 4;

            // Two names that only hidden characters told apart would be one.
            if (!names.Add(name) || (left < BytesLeast && left < SizeOf(member.Value)))
            {
                Note(place);
                continue;
            }

            writer.WritePropertyName(name);
            Write(member.Value, left, place);
        }

        writer.WriteEndObject();
    }

    private void WriteArray(JsonElement value, int bytes, string path)
    {
        JsonElement[] items = [.. value.EnumerateArray()];
        int[] shares = Shares([.. items.Select(one => 1 + SizeOf(one))], bytes);
        writer.WriteStartArray();
        for (int index = 0; index < items.Length; index++)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (shares[index] < BytesLeast && shares[index] < 1 + SizeOf(items[index]))
            {
                Note(place);
                continue;
            }

            Write(items[index], shares[index] - 1, place);
        }

        writer.WriteEndArray();
    }

    private void WriteText(JsonElement value, int bytes, string path)
    {
        string text = DataText.Clean(value.GetString()!);
        int length = SizeOf(value) > bytes ? Math.Min(bytes, TextLengthMax) : TextLengthMax;
        string cut = DataText.Cut(text, length);
        if (cut.Length < text.Length)
        {
            Note(path);
            cut += Ellipsis;
        }

        writer.WriteStringValue(cut);
    }

    private void Note(string place)
    {
        if (_cuts.Count < CutsMax)
        {
            _cuts.Add(DataText.Cut(place, 200));
        }
        else if (_cuts.Count == CutsMax)
        {
            _cuts.Add("and more");
        }
    }

    private static int SizeOf(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;

    /// <summary>
    /// What each of several values may use: whatever it needs where all fit, or where it is small; the others share the rest alike.
    /// </summary>
    private static int[] Shares(int[] sizes, int bytes)
    {
        int[] shares = new int[sizes.Length];
        int left = Math.Max(bytes, 0);
        int waiting = sizes.Length;
        foreach (int index in Enumerable.Range(0, sizes.Length).OrderBy(index => sizes[index]))
        {
            shares[index] = Math.Min(sizes[index], left / waiting);
            left -= shares[index];
            waiting--;
        }

        return shares;
    }
}
