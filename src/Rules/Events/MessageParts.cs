using System.Text.Json;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Events;

/// <summary>
/// Leaves out fields of another type than the spec's, and says of values that are too large to be kept that they are not.
/// The message keeps what was sent; only nothing is read from it.
/// </summary>
internal static class MessageParts
{
    public static void LeaveOut(
        in MessageFields fields,
        ReadOnlySpan<byte> message,
        EventKind kind,
        ref LeftOutParts leftOut
    )
    {
        Note("userId", fields.UserId, ref leftOut);
        Note("anonymousId", fields.AnonymousId, ref leftOut);
        switch (kind)
        {
            case EventKind.Alias:
                Note("previousId", fields.PreviousId, ref leftOut);
                break;
            case EventKind.Group:
                Note("groupId", fields.GroupId, ref leftOut);
                break;
            case EventKind.Track:
                Note("event", fields.Event, ref leftOut);
                NoteLongName("event", message, fields.Event, ref leftOut);
                break;
            case EventKind.Page or EventKind.Screen:
                Note("name", fields.Name, ref leftOut);
                NoteLongName("name", message, fields.Name, ref leftOut);
                Note("category", fields.Category, ref leftOut);
                break;
            default:
                break;
        }

        NoteObject("context", fields.Context, ref leftOut);
        NoteObject("integrations", fields.Integrations, ref leftOut);
        NoteObject("properties", fields.Properties, ref leftOut);
        NoteObject("traits", fields.Traits, ref leftOut);
        NoteObject("context", fields.ContextTraits, ref leftOut);
        NoteObject("context", fields.Device, ref leftOut);
        Note("context", fields.ContextGroupId, ref leftOut);
        if (fields.ExternalIds.IsPresent && fields.ExternalIds.Type != JsonTokenType.StartArray)
        {
            leftOut.Add("context", LeftOutReasons.WrongType);
        }

        if (kind is EventKind.Identify or EventKind.Group)
        {
            NoteLong(message, kind, fields, ref leftOut);
        }
    }

    /// <summary>Traits that no profile keeps because they are too long: the fold marks each by itself.</summary>
    private static void NoteLong(
        ReadOnlySpan<byte> message,
        EventKind kind,
        in MessageFields fields,
        ref LeftOutParts leftOut
    )
    {
        JsonSlice traits =
            kind == EventKind.Group ? fields.Traits : EnvelopeText.StatedTraits(fields.Traits, fields.ContextTraits);
        if (!traits.IsObject || traits.Length <= ProfileFold.NameLengthMax)
        {
            return;
        }

        var reader = new CheckedReader(traits.Of(message));
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            bool isLong = reader.Take().Length > ProfileFold.ValueLengthMax;
            if (
                isLong
                || (name.Length > ProfileFold.NameLengthMax && JsonText.Read(name).Length > ProfileFold.NameLengthMax)
            )
            {
                leftOut.Add("traits", LeftOutReasons.TooLong);
                return;
            }
        }
    }

    /// <summary>A name that no profile counts by: the message is counted among those of its kind without a name.</summary>
    private static void NoteLongName(string field, ReadOnlySpan<byte> message, JsonSlice name, ref LeftOutParts leftOut)
    {
        if (
            name.IsTextOrNumber
            && name.Length > ProfileFold.NameLengthMax
            && JsonText.Read(name.ContentOf(message)).Length > ProfileFold.NameLengthMax
        )
        {
            leftOut.Add(field, LeftOutReasons.TooLong);
        }
    }

    private static void Note(string name, JsonSlice field, ref LeftOutParts leftOut)
    {
        if (field.IsPresent && !field.IsTextOrNumber)
        {
            leftOut.Add(name, LeftOutReasons.WrongType);
        }
    }

    private static void NoteObject(string name, JsonSlice field, ref LeftOutParts leftOut)
    {
        if (IsNoObject(field))
        {
            leftOut.Add(name, LeftOutReasons.WrongType);
        }
    }

    /// <summary>
    /// True of a field that holds something else than an object. An empty array passes for an empty object, because PHP
    /// writes one so.
    /// </summary>
    public static bool IsNoObject(JsonSlice field) =>
        field is { IsPresent: true, IsObject: false } and not { Type: JsonTokenType.StartArray, Length: 2 };
}
