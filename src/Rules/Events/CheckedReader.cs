using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>
/// Goes through JSON that was checked before: canonical text of ours, or a document that has been parsed (strictly: no
/// comments, no trailing commas). It is not checked again: a value that nobody asks for is skipped by looking for its end.
/// </summary>
/// <remarks>
/// Measured with <see cref="Utf8JsonReader"/>, which checks each token, a message cost about three times as much to go
/// through (22 November 2026). Text that was not checked gives wrong slices or a <see cref="JsonException"/>, never a read
/// beyond its end.
/// </remarks>
internal ref struct CheckedReader(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private int _at = 0;

    /// <summary>The type of the value that the reader stands before.</summary>
    public JsonTokenType Next =>
        Current switch
        {
            (byte)'"' => JsonTokenType.String,
            (byte)'{' => JsonTokenType.StartObject,
            (byte)'[' => JsonTokenType.StartArray,
            (byte)'t' => JsonTokenType.True,
            (byte)'f' => JsonTokenType.False,
            (byte)'n' => JsonTokenType.Null,
            _ => JsonTokenType.Number,
        };

    /// <summary>The next byte that is not between tokens.</summary>
    private byte Current
    {
        get
        {
            ReadOnlySpan<byte> text = _json;
            int at = _at;
            return (uint)at < (uint)text.Length && text[at] > (byte)' ' ? text[at] : PassSpace();
        }
    }

    /// <summary>Goes into the object or array that the reader stands before; false, and nothing moves, where it is none.</summary>
    public bool TryEnter(JsonTokenType container)
    {
        if (Next != container)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Moves before the value of the object's next member; false, and behind the object, after the last one.</summary>
    /// <param name="name">As written between the quotes.</param>
    public bool TryReadName(out ReadOnlySpan<byte> name) => TryReadName(out name, out _);

    /// <inheritdoc cref="TryReadName(out ReadOnlySpan{byte})"/>
    /// <param name="name">As written between the quotes.</param>
    /// <param name="isEscaped">There is a backslash in it.</param>
    public bool TryReadName(out ReadOnlySpan<byte> name, out bool isEscaped)
    {
        name = default;
        isEscaped = false;
        if (!TryMoveOn((byte)'}'))
        {
            return false;
        }

        name = ReadText(out isEscaped);
        if (Current != (byte)':')
        {
            throw NotChecked();
        }

        _at++;
        return true;
    }

    /// <summary>Reads the text that the reader stands before, as written between its quotes, and moves behind it.</summary>
    public ReadOnlySpan<byte> ReadText(out bool isEscaped)
    {
        if (Current != (byte)'"')
        {
            throw NotChecked();
        }

        int start = _at + 1;
        isEscaped = SkipText();
        return _json[start..(_at - 1)];
    }

    /// <summary>Reads the number or literal that the reader stands before, and moves behind it.</summary>
    public ReadOnlySpan<byte> ReadPlain()
    {
        JsonTokenType type = Next;
        int start = _at;
        Skip(type);
        return _json[start.._at];
    }

    /// <summary>Moves before the array's next element; false, and behind the array, after the last one.</summary>
    public bool TryReadElement() => TryMoveOn((byte)']');

    /// <summary>Takes the value that the reader stands before, and moves behind it.</summary>
    public JsonSlice Take()
    {
        JsonTokenType type = Next;
        int start = _at;
        Skip(type);
        return SliceFrom(start, type);
    }

    /// <summary>
    /// Takes the value that the reader stands before as the last member of the outermost object of a compact text: it
    /// reaches to the closing brace, so nobody has to look for its end. The reader stays.
    /// </summary>
    public JsonSlice TakeLast()
    {
        JsonTokenType type = Next;
        return new JsonSlice(_at, _json.Length - 1 - _at, type);
    }

    /// <summary>The value that began at <paramref name="start"/> and ends where the reader stands.</summary>
    public readonly JsonSlice SliceFrom(int start, JsonTokenType type) => new(start, _at - start, type);

    /// <summary>Where the reader stands, in bytes from the start: at a value's first byte after a look at its type.</summary>
    public readonly int Position => _at;

    /// <summary>Moves behind the value that the reader stands before.</summary>
    public void Skip() => Skip(Next);

    private void Skip(JsonTokenType type)
    {
        switch (type)
        {
            case JsonTokenType.String:
                SkipText();
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                SkipContainer();
                break;
            default:
                SkipPlain();
                break;
        }
    }

    private bool TryMoveOn(byte end)
    {
        byte current = Current;
        if (current == end)
        {
            _at++;
            return false;
        }

        if (current == (byte)',')
        {
            _at++;
            _ = Current;
        }

        return true;
    }

    private void SkipPlain()
    {
        int start = _at;
        while (_at < _json.Length && _json[_at] is > (byte)' ' and not ((byte)',' or (byte)'}' or (byte)']'))
        {
            _at++;
        }

        if (_at == start)
        {
            throw NotChecked();
        }
    }

    private bool SkipText()
    {
        bool isEscaped = false;
        _at++;
        while (true)
        {
            int found = _at < _json.Length ? EndOrEscape(_json[_at..]) : -1;
            if (found < 0)
            {
                throw NotChecked();
            }

            _at += found + 1;
            if (_json[_at - 1] == (byte)'"')
            {
                return isEscaped;
            }

            isEscaped = true;
            // What stands behind a backslash is never the end.
            _at++;
        }
    }

    /// <summary>Most texts end within the first block: looking there first costs half of a search's call.</summary>
    private static int EndOrEscape(ReadOnlySpan<byte> text)
    {
        if (text.Length >= Vector256<byte>.Count)
        {
            var block = Vector256.Create(text);
            uint found = (
                Vector256.Equals(block, Vector256.Create((byte)'"'))
                | Vector256.Equals(block, Vector256.Create((byte)'\\'))
            ).ExtractMostSignificantBits();
            if (found != 0)
            {
                return BitOperations.TrailingZeroCount(found);
            }
        }

        return text.IndexOfAny((byte)'"', (byte)'\\');
    }

    private void SkipContainer()
    {
        int depth = 0;
        do
        {
            if (_at >= _json.Length)
            {
                throw NotChecked();
            }

            switch (_json[_at])
            {
                case (byte)'"':
                    SkipText();
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    _at++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    _at++;
                    break;
                default:
                    // Between texts there is seldom more than a colon or a comma: too little for a search to pay.
                    _at++;
                    break;
            }
        } while (depth > 0);
    }

    private byte PassSpace()
    {
        for (; _at < _json.Length; _at++)
        {
            if (_json[_at] > (byte)' ')
            {
                return _json[_at];
            }
        }

        throw NotChecked();
    }

    private static JsonException NotChecked() => new("Not valid JSON.");
}
