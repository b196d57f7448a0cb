using System.Buffers.Text;
using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>
/// Rewrites JSON to its canonical form: no white space between tokens, strings in their one form
/// (<see cref="JsonText"/>), of members with one name the last; members keep their order and numbers their text.
/// </summary>
/// <remarks>
/// The output is never longer than the input, so the caller gives a span of that size and nothing grows.
/// What storage or another reader could not hold is a <see cref="Fault"/>: nesting over <see cref="DepthMax"/> levels,
/// U+0000, half a surrogate pair, a number that is no finite double.
/// </remarks>
internal ref struct JsonCanonicalizer(Span<byte> output, Span<int> hashes, Span<int> starts)
{
    /// <summary>
    /// Levels of arrays and objects in a message, itself included. The spec's deepest field has five; with 32 the
    /// envelope, a batch of envelopes and an outbound delivery stay far below the 64 at which common JSON readers give
    /// up.
    /// </summary>
    public const int DepthMax = 32;

    public const string TooDeep = "nested at most 32 levels deep";
    public const string TextNotStorable = "texts without U+0000 and without half a surrogate pair";
    public const string NumberTooLarge = "numbers that fit a double";

    /// <summary>Digits that a double holds for certain, written without an exponent.</summary>
    public const int PlainNumberLengthMax = 300;

    private const int NumberLengthMax = 1000;
    private const int ExponentMin = -400;

    private readonly Span<byte> _output = output;
    private readonly Span<int> _hashes = hashes;
    private readonly Span<int> _starts = starts;
    private int _names = 0;

    public int Length { get; private set; } = 0;

    /// <summary>The rule that the input breaks, or null. After a fault the output says nothing.</summary>
    public string? Fault { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _output[..Length];

    /// <summary>Writes the value that the reader stands before; afterwards the reader stands behind it.</summary>
    public bool WriteValue(ref CheckedReader reader, int depth)
    {
        switch (reader.Next)
        {
            case JsonTokenType.StartObject:
                return WriteObject(ref reader, depth);
            case JsonTokenType.StartArray:
                return WriteArray(ref reader, depth);
            case JsonTokenType.String:
                return WriteText(reader.ReadText(out bool isEscaped), isEscaped);
            case JsonTokenType.Number:
                return WriteNumber(reader.ReadPlain());
            default:
                Put(reader.ReadPlain());
                return true;
        }
    }

    private bool WriteObject(ref CheckedReader reader, int depth)
    {
        int scope = BeginObject();
        return WriteMembers(ref reader, scope, depth) && EndObject(scope);
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
    public bool WriteMembers(ref CheckedReader reader, int scope, int depth)
    {
        if (depth > DepthMax)
        {
            return Refuse(TooDeep);
        }

        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name, out bool isEscaped))
        {
            if (!WriteName(name, isEscaped, scope))
            {
                return false;
            }

            if (!WriteValue(ref reader, depth + 1))
            {
                return false;
            }

            Put((byte)',');
        }

        return true;
    }

    /// <summary>
    /// Writes a member name as it was read; an earlier member of that name is marked to go.
    /// </summary>
    public bool WriteName(ReadOnlySpan<byte> read, bool isEscaped, int scope)
    {
        int start = Length;
        if (!WriteText(read, isEscaped))
        {
            return false;
        }

        ReadOnlySpan<byte> name = _output[start..Length];
        var hash = default(HashCode);
        hash.AddBytes(name);
        int code = hash.ToHashCode();
        MarkRepeats(name, code, scope);
        _hashes[_names] = code;
        _starts[_names] = start;
        _names++;
        Put((byte)':');
        return true;
    }

    /// <summary>Closes an object. Members that were repeated later are taken out here.</summary>
    public bool EndObject(int scope)
    {
        RemoveRepeats(scope);
        _names = scope;
        DropComma();
        Put((byte)'}');
        return true;
    }

    private bool WriteArray(ref CheckedReader reader, int depth)
    {
        if (depth > DepthMax)
        {
            return Refuse(TooDeep);
        }

        Put((byte)'[');
        reader.TryEnter(JsonTokenType.StartArray);
        while (reader.TryReadElement())
        {
            if (!WriteValue(ref reader, depth + 1))
            {
                return false;
            }

            Put((byte)',');
        }

        DropComma();
        Put((byte)']');
        return true;
    }

    private bool WriteText(ReadOnlySpan<byte> content, bool isEscaped)
    {
        Put((byte)'"');
        if (!isEscaped)
        {
            Put(content);
        }
        else if (JsonText.TryCanonicalize(content, _output[Length..], out int written))
        {
            Length += written;
        }
        else
        {
            return Refuse(TextNotStorable);
        }

        Put((byte)'"');
        return true;
    }

    private bool WriteNumber(ReadOnlySpan<byte> number)
    {
        if (number.Length > NumberLengthMax)
        {
            return Refuse(NumberTooLarge);
        }

        int exponent = number.IndexOfAny((byte)'e', (byte)'E');
        if (exponent >= 0 || number.Length > PlainNumberLengthMax)
        {
            // PostgreSQL's numeric has no room for the places of 1e-400000 either.
            bool isTiny =
                exponent >= 0
                && (!Utf8Parser.TryParse(number[(exponent + 1)..], out int power, out _) || power < ExponentMin);
            if (isTiny || !Utf8Parser.TryParse(number, out double value, out _) || !double.IsFinite(value))
            {
                return Refuse(NumberTooLarge);
            }
        }

        Put(number);
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

    private bool Refuse(string rule)
    {
        Fault = rule;
        return false;
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

    /// <summary>Forgets what was written since <paramref name="length"/>, a member's name included.</summary>
    public void ForgetMember(int length)
    {
        Length = length;
        _names--;
    }
}
