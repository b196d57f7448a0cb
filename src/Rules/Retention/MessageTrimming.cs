using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Events;

namespace Customer360.Rules.Retention;

/// <summary>
/// Takes the fields out of a message whose time is over. A field has the class that it has for readers: a property's is that of its
/// path where the access policy names it, else of <c>properties.{path}</c>; and a name that the policy knows counts wherever it
/// stands. What still counts (<see cref="KeptParts"/>) stays, and all else that is not due keeps its bytes.
/// </summary>
internal ref struct MessageTrimming
{
    /// <summary>Bytes of <c>{}</c>.</summary>
    private const int Empty = 2;

    private readonly AccessPolicy _access;
    private readonly ExpiredTerms _over;
    private readonly Dictionary<RetentionTerm, int> _fields = [];
    private Utf8Buffer _buffer;

    private MessageTrimming(AccessPolicy access, ExpiredTerms over, Utf8Buffer buffer)
    {
        _access = access;
        _over = over;
        _buffer = buffer;
    }

    private enum Area
    {
        Message = 1,
        Properties = 2,
        Context = 3,

        /// <summary>Traits, and members that the spec does not know: their path alone says the class.</summary>
        Traits = 4,
    }

    /// <summary>The message without what is over; null where nothing of it goes.</summary>
    /// <param name="message">Canonical.</param>
    /// <param name="kind">The call's.</param>
    /// <param name="access">Says of which class a field is.</param>
    /// <param name="over">The terms that are over.</param>
    /// <param name="fields">How many members went by each term; an object that went as a whole is one.</param>
    public static byte[]? Trim(
        ReadOnlySpan<byte> message,
        EventKind kind,
        AccessPolicy access,
        ExpiredTerms over,
        out IReadOnlyDictionary<RetentionTerm, int> fields
    )
    {
        var trimming = new MessageTrimming(access, over, new Utf8Buffer(message.Length + 1));
        try
        {
            var kept = KeptParts.Of(kind, MessageFields.Find(message));
            trimming.CopyMembers(message, new Place(Area.Message, "", "", kept, Inherited: null));
            fields = trimming._fields;
            return trimming._fields.Count > 0 ? trimming._buffer.ToArray() : null;
        }
        finally
        {
            trimming._buffer.Dispose();
        }
    }

    private void CopyMembers(ReadOnlySpan<byte> json, in Place place)
    {
        _buffer.Raw("{"u8);
        var reader = new CheckedReader(json);
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            JsonSlice value = reader.Take();
            int before = _buffer.Length;
            _buffer.Raw("\""u8);
            _buffer.Raw(name);
            _buffer.Raw("\":"u8);
            if (TryCopy(value.Of(json), value.Type, place.Member(JsonText.Read(name))))
            {
                _buffer.Raw(","u8);
            }
            else
            {
                _buffer.TakeBack(before);
            }
        }

        _buffer.DropComma();
        _buffer.Raw("}"u8);
    }

    /// <summary>False, and nothing stands there, where the value goes.</summary>
    private bool TryCopy(ReadOnlySpan<byte> value, JsonTokenType type, Place place)
    {
        if (place.Kept is { IsWhole: true })
        {
            _buffer.Raw(value);
            return true;
        }

        RetentionTerm? term = TermOf(ref place);
        if (type == JsonTokenType.StartObject && (term is null || MayStay(place)))
        {
            return TryCopyObject(value, place, term);
        }

        if (term is not null)
        {
            Count(term);
            return false;
        }

        if (type == JsonTokenType.StartArray)
        {
            CopyItems(value, place);
        }
        else
        {
            _buffer.Raw(value);
        }

        return true;
    }

    private bool TryCopyObject(ReadOnlySpan<byte> value, in Place place, RetentionTerm? term)
    {
        int before = _buffer.Length;
        CopyMembers(value, place);
        bool isEmptyAsSent = value.Length == Empty;
        if (_buffer.Length - before > Empty || (term is null && isEmptyAsSent))
        {
            return true;
        }

        // Nothing of it stays, and what it held is counted. Where it held nothing, it goes itself.
        if (isEmptyAsSent)
        {
            Count(term!);
        }

        _buffer.TakeBack(before);
        return false;
    }

    /// <summary>The items of a list are the field's own values: those that are not objects go with the field.</summary>
    private void CopyItems(ReadOnlySpan<byte> list, in Place place)
    {
        _buffer.Raw("["u8);
        var reader = new CheckedReader(list);
        reader.TryEnter(JsonTokenType.StartArray);
        while (reader.TryReadElement())
        {
            JsonSlice item = reader.Take();
            ReadOnlySpan<byte> value = item.Of(list);
            switch (item.Type)
            {
                case JsonTokenType.StartObject:
                    CopyMembers(value, place);
                    break;
                case JsonTokenType.StartArray:
                    CopyItems(value, place);
                    break;
                default:
                    _buffer.Raw(value);
                    break;
            }

            _buffer.Raw(","u8);
        }

        _buffer.DropComma();
        _buffer.Raw("]"u8);
    }

    /// <summary>The term by which the value goes; null: it stays, though what is inside it may go.</summary>
    private readonly RetentionTerm? TermOf(ref Place place)
    {
        if (_over.Whole is { } whole)
        {
            return whole;
        }

        if (place.Inherited is { } inherited)
        {
            return inherited;
        }

        if (place.IsContainer)
        {
            return null;
        }

        FieldClass own = place.Area switch
        {
            Area.Properties when _access.ClassOf(place.Path) is var named and not FieldClass.Unclassified => named,
            Area.Properties => _access.ClassOf($"properties.{place.Path}"),
            Area.Context => _access.ClassOf($"context.{place.Path}"),
            _ => _access.ClassOf(place.Path),
        };
        RetentionTerm? term = _over.Of(own);
        if (
            place.Area is Area.Properties or Area.Context
            && _access.ClassOf(place.Name) is var known and not FieldClass.Unclassified
            && _over.Of(known) is { } ofName
        )
        {
            place = place with { Inherited = ofName };
            term ??= ofName;
        }

        return term;
    }

    /// <summary>Something inside of what goes may stay: it still counts, or the access policy tells it apart.</summary>
    private readonly bool MayStay(in Place place)
    {
        if (place.Kept is not null)
        {
            return true;
        }

        if (_over.Whole is not null || place.Inherited is not null)
        {
            return false;
        }

        string path = place.Path;
        string scoped = place.Area switch
        {
            Area.Properties => $"properties.{path}",
            Area.Context => $"context.{path}",
            _ => path,
        };
        bool isPlain = place.Area != Area.Context;
        return _access.Classes.Keys.Any(pattern => pattern.IsInside(scoped) || (isPlain && pattern.IsInside(path)));
    }

    private readonly void Count(RetentionTerm term) => _fields[term] = _fields.GetValueOrDefault(term) + 1;

    /// <param name="Area">Which part of the message it is in, which says how its class is found.</param>
    /// <param name="Path">From there on: <c>address.city</c>.</param>
    /// <param name="Name">Of the member itself.</param>
    /// <param name="Kept">What of it still counts; null: nothing.</param>
    /// <param name="Inherited">A name on the way is over; all below goes with it.</param>
    private readonly record struct Place(Area Area, string Path, string Name, KeptParts? Kept, RetentionTerm? Inherited)
    {
        /// <summary>A part of the message as the spec has it: it has no class, what is inside it has.</summary>
        public bool IsContainer => Path.Length == 0;

        public Place Member(string name)
        {
            Area area = (Area, IsContainer, name) switch
            {
                (Area.Message, _, "properties") => Area.Properties,
                (Area.Message, _, "context") => Area.Context,
                (Area.Message or Area.Context, true, "traits") => Area.Traits,
                _ => Area.Message,
            };
            return area != Area.Message
                ? new Place(area, "", name, Kept?.Of(name), Inherited)
                : new Place(
                    Area == Area.Message ? Area.Traits : Area,
                    IsContainer ? name : $"{Path}.{name}",
                    name,
                    Kept?.Of(name),
                    Inherited
                );
        }
    }
}
