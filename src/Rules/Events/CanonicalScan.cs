using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>
/// Goes through a message with the platform's checking reader and says on the way whether its bytes are canonical as they
/// stand: what <see cref="JsonCanonicalizer"/> would write. SDKs send the output of <c>JSON.stringify</c>, which mostly is.
/// </summary>
/// <remarks>
/// True is certain; false means "not certain" too: an escape by a character's code, a number with an exponent, two names of
/// one hash. Such a message is rewritten, which says what becomes of it.
/// </remarks>
/// <param name="names">Room for the hashes of the names in open objects; more of them are not looked at.</param>
internal readonly struct CanonicalScan(ulong[] names)
{
    /// <summary>Moves from an object's brace to the one that ends it.</summary>
    /// <param name="deepest">The level, in the whole text, of its deepest array or object; the outermost one's is 1.</param>
    /// <exception cref="JsonException">It is not valid.</exception>
    public bool Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, out int deepest)
    {
        int depth = reader.CurrentDepth;
        int start = (int)reader.TokenStartIndex;
        if (ReadMembers(ref reader, out int length, out int levels))
        {
            deepest = depth + levels;
            // As long as its tokens and their commas: there is no white space between them.
            return reader.BytesConsumed - start == length && JsonText.HasOnlyLetterEscapes(json.Slice(start, length));
        }

        deepest = LevelOf(reader);
        while (reader.CurrentDepth > depth)
        {
            reader.Read();
            deepest = Math.Max(deepest, LevelOf(reader));
        }

        return false;
    }

    /// <summary>To the end of the object; false, and somewhere in it, where something is not certain.</summary>
    /// <param name="reader">Stands on the brace.</param>
    /// <param name="length">Bytes that the object has without white space.</param>
    /// <param name="levels">Levels of arrays and objects in it, itself included.</param>
    private bool ReadMembers(ref Utf8JsonReader reader, out int length, out int levels)
    {
        // Where the names of each object around the open one begin.
        Span<int> scopes = stackalloc int[JsonCanonicalizer.DepthMax];
        int level = 1;
        int scope = 0;
        int count = 0;
        int comma = 0;
        length = 1;
        levels = 1;
        while (level > 0)
        {
            reader.Read();
            ReadOnlySpan<byte> token = reader.ValueSpan;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    ulong hash = Hash(token);
                    if (
                        count == names.Length
                        || names.AsSpan(scope, count - scope).Contains(hash)
                        || (level == 1 && token.SequenceEqual("writeKey"u8))
                        || (level == 2 && token.SequenceEqual(UserIdSignature.Member))
                    )
                    {
                        return false;
                    }

                    names[count++] = hash;
                    length += comma + token.Length + "\"\":".Length;
                    comma = 0;
                    break;
                case JsonTokenType.String:
                    length += comma + token.Length + "\"\"".Length;
                    comma = 1;
                    break;
                case JsonTokenType.Number:
                    if (
                        token.Length > JsonCanonicalizer.PlainNumberLengthMax
                        || token.IndexOfAny((byte)'e', (byte)'E') >= 0
                    )
                    {
                        return false;
                    }

                    length += comma + token.Length;
                    comma = 1;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (level == scopes.Length)
                    {
                        return false;
                    }

                    scopes[level++] = scope;
                    levels = Math.Max(levels, level);
                    scope = count;
                    length += comma + 1;
                    comma = 0;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    count = scope;
                    scope = scopes[--level];
                    length++;
                    comma = 1;
                    break;
                default:
                    length += comma + token.Length;
                    comma = 1;
                    break;
            }
        }

        return true;
    }

    /// <summary>The reader counts a container's own level behind its brace only.</summary>
    private static int LevelOf(in Utf8JsonReader reader) =>
        reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0);

    /// <summary>Equal names have equal hashes; others seldom do, but who wants to can make some.</summary>
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        const ulong Odd = 0x9E37_79B9_7F4A_7C15;
        ulong hash = (ulong)name.Length;
        while (name.Length > sizeof(ulong))
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(name)) * Odd, 29);
            name = name[sizeof(ulong)..];
        }

        ulong rest = 0;
        if (name.Length >= sizeof(uint))
        {
            rest =
                BinaryPrimitives.ReadUInt32LittleEndian(name)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^sizeof(uint)..]) << 32);
        }
        else
        {
            foreach (byte letter in name)
            {
                rest = (rest << 8) | letter;
            }
        }

        return hash ^ rest;
    }
}
