using System.Buffers.Text;
using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>
/// Rewrites JSON to its canonical form: no white space between tokens, strings in their one form
/// (<see cref="JsonText"/>), of members with one name the last; members keep their order and numbers their text.
/// </summary>
/// <remarks>
/// What storage or another reader could not hold is repaired, and <see cref="Repairs"/> say so: U+0000 is left out, U+FFFD
/// stands for half a surrogate pair, a text for a number that is no finite double, and <c>null</c> for what is nested
/// deeper than <see cref="DepthMax"/> levels. The output is at most <see cref="GrowthMax"/> times as long as the input, so
/// the caller gives a span of that size and nothing grows.
/// </remarks>
internal ref struct JsonCanonicalizer(Span<byte> output, Span<int> hashes, Span<int> starts)
{
    /// <summary>
    /// Levels of arrays and objects in a message, itself included. The spec's deepest field has five; with 32 the
    /// envelope, a batch of envelopes and an outbound delivery stay far below the 64 at which common JSON readers give
    /// up.
    /// </summary>
    public const int DepthMax = 32;

    /// <summary><c>[]</c> becomes <c>null</c> where it is nested too deep; everything else grows by less.</summary>
    public const int GrowthMax = 2;

    /// <summary>Digits that a double holds for certain, written without an exponent.</summary>
    public const int PlainNumberLengthMax = 300;

    private const int NumberLengthMax = 1000;
    private const int ExponentMin = -400;

    private readonly Span<byte> _output = output;
    private readonly Span<int> _hashes = hashes;
    private readonly Span<int> _starts = starts;
    private int _names = 0;

    public int Length { get; private set; } = 0;

    /// <summary>What has been repaired so far.</summary>
    public JsonRepairs Repairs { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _output[..Length];

    /// <summary>Writes the value that the reader stands before; afterwards the reader stands behind it.</summary>
    public void WriteValue(ref CheckedReader reader, int depth)
    {
        switch (reader.Next)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when depth > DepthMax:
                reader.Skip();
                Repairs |= JsonRepairs.TooDeep;
                Put("null"u8);
                break;
            case JsonTokenType.StartObject:
                int scope = BeginObject();
                WriteMembers(ref reader, scope, depth);
                EndObject(scope);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref reader, depth);
                break;
            case JsonTokenType.String:
                WriteText(reader.ReadText(out bool isEscaped), isEscaped);
                break;
            case JsonTokenType.Number:
                WriteNumber(reader.ReadPlain());
                break;
            default:
                Put(reader.ReadPlain());
                break;
        }
    }

    /// <summary>
    /// Opens an object; the scope that it returns belongs to <see cref="WriteMembers"/> and <see cref="EndObject"/>.
    /// </summary>
    public int BeginObject()
    {
        Put((byte)'{');
        return _names;
    }

    /// <summary>
    /// Writes the members of the object that the reader stands before, each with a comma behind it.
    /// </summary>
    /// <param name="reader">Stands before the object; afterwards behind it.</param>
    /// <param name="scope">Of <see cref="BeginObject"/>.</param>
    /// <param name="depth">The object's own level.</param>
    /// <param name="omitted">ASCII, without what JSON escapes: the member that is not written. Empty: none.</param>
    public void WriteMembers(ref CheckedReader reader, int scope, int depth, ReadOnlySpan<byte> omitted = default)
    {
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name, out bool isEscaped))
        {
            int start = Length;
            WriteName(name, isEscaped, scope);
            if (!omitted.IsEmpty && _output[(start + 1)..(Length - 2)].SequenceEqual(omitted))
            {
                reader.Skip();
                ForgetMember(start);
                continue;
            }

            WriteValue(ref reader, depth + 1);
            Put((byte)',');
        }
    }

    /// <summary>
    /// Writes a member name as it was read; an earlier member of that name is marked to go.
    /// </summary>
    public void WriteName(ReadOnlySpan<byte> read, bool isEscaped, int scope)
    {
        int start = Length;
        WriteText(read, isEscaped);

        ReadOnlySpan<byte> name = _output[start..Length];
        var hash = default(HashCode);
        hash.AddBytes(name);
        int code = hash.ToHashCode();
        MarkRepeats(name, code, scope);
        _hashes[_names] = code;
        _starts[_names] = start;
        _names++;
        Put((byte)':');
    }

    /// <summary>Closes an object. Members that were repeated later are taken out here.</summary>
    public void EndObject(int scope)
    {
        RemoveRepeats(scope);
        _names = scope;
        DropComma();
        Put((byte)'}');
    }

    private void WriteArray(ref CheckedReader reader, int depth)
    {
        Put((byte)'[');
        reader.TryEnter(JsonTokenType.StartArray);
        while (reader.TryReadElement())
        {
            WriteValue(ref reader, depth + 1);
            Put((byte)',');
        }

        DropComma();
        Put((byte)']');
    }

    private void WriteText(ReadOnlySpan<byte> content, bool isEscaped)
    {
        Put((byte)'"');
        if (!isEscaped)
        {
            Put(content);
        }
        else
        {
            bool isWhole = JsonText.TryCanonicalize(content, _output[Length..], out int written);
            Repairs |= isWhole ? JsonRepairs.None : JsonRepairs.NotStorable;
            Length += written;
        }

        Put((byte)'"');
    }

    private void WriteNumber(ReadOnlySpan<byte> number)
    {
        if (Fits(number))
        {
            Put(number);
            return;
        }

        Repairs |= JsonRepairs.NumberOutOfRange;
        Put((byte)'"');
        Put(number);
        Put((byte)'"');
    }

    private static bool Fits(ReadOnlySpan<byte> number)
    {
        if (number.Length > NumberLengthMax)
        {
            return false;
        }

        int exponent = number.IndexOfAny((byte)'e', (byte)'E');
        if (exponent >= 0 || number.Length > PlainNumberLengthMax)
        {
            // PostgreSQL's numeric has no room for the places of 1e-400000 either.
            bool isTiny =
                exponent >= 0
                && (!Utf8Parser.TryParse(number[(exponent + 1)..], out int power, out _) || power < ExponentMin);
            return !isTiny && Utf8Parser.TryParse(number, out double value, out _) && double.IsFinite(value);
        }

        return true;
    }

    private readonly void MarkRepeats(ReadOnlySpan<byte> name, int code, int scope)
    {
        int from = scope;
        int found;
        while ((found = _hashes[from.._names].IndexOf(code)) >= 0)
        {
            int index = from + found;
            int start = _starts[index];
            // The name's closing quote and the colon make the comparison exact.
            if (start >= 0 && _output[start..].StartsWith(name) && _output[start + name.Length] == (byte)':')
            {
                _starts[index] = ~start;
            }

            from = index + 1;
        }
    }

    private void RemoveRepeats(int scope)
    {
        int first = _starts[scope.._names].IndexOfAnyInRange(int.MinValue, -1);
        if (first < 0)
        {
            return;
        }

        int kept = ~_starts[scope + first];
        for (int index = scope + first; index < _names; index++)
        {
            int start = _starts[index];
            int end = index + 1 < _names ? Math.Max(_starts[index + 1], ~_starts[index + 1]) : Length;
            if (start >= 0)
            {
                _output[start..end].CopyTo(_output[kept..]);
                kept += end - start;
            }
        }

        Length = kept;
    }

    private void DropComma()
    {
        if (_output[Length - 1] == (byte)',')
        {
            Length--;
        }
    }

    private void Put(byte single) => _output[Length++] = single;

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Writes bytes that are canonical already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> json) => Put(json);

    /// <summary>Ends a member.</summary>
    public void Separate() => Put((byte)',');

    /// <summary>Begins to note repairs anew; answers those so far.</summary>
    public JsonRepairs TakeRepairs()
    {
        JsonRepairs repairs = Repairs;
        Repairs = JsonRepairs.None;
        return repairs;
    }

    /// <summary>Forgets what was written since <paramref name="length"/>, a member's name included.</summary>
    public void ForgetMember(int length)
    {
        Length = length;
        _names--;
    }
}

/// <summary>What a rewriting had to change so that the message can be kept.</summary>
[Flags]
internal enum JsonRepairs
{
    None = 0,
    NotStorable = 1,
    NumberOutOfRange = 2,
    TooDeep = 4,
}
