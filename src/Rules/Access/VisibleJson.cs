using System.Runtime.InteropServices;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Access;

/// <summary>Where a field stands, which says how it is looked up.</summary>
public enum FieldScope
{
    /// <summary>A trait of a person: <c>email</c>.</summary>
    Person = 1,

    /// <summary>A trait of a company: <c>company.industry</c>.</summary>
    Company = 2,

    /// <summary>A property of an event: <c>email</c> where the policy names that, else <c>properties.email</c>.</summary>
    Properties = 3,

    /// <summary>What a sender says about the circumstances of an event: <c>context.ip</c>.</summary>
    Context = 4,
}

internal static class FieldScopes
{
    /// <summary>The path alone decides. Not of messages: there a name that the policy knows counts wherever it stands.</summary>
    public static bool IsByOneName(this FieldScope scope) => scope is FieldScope.Person or FieldScope.Company;
}

/// <summary>Writes values as a caller sees them: what is withheld is not there, at whatever depth.</summary>
internal static class VisibleJson
{
    private const string Traits = "traits";
    private const string ExternalIds = "externalIds";

    /// <summary>The value of one field; null: nothing of it is shown.</summary>
    public static byte[]? Of(FieldTable table, string field, ReadOnlyMemory<byte> json, FieldScope scope)
    {
        var buffer = new Utf8Buffer(Math.Max(json.Length, 64));
        try
        {
            using var document = JsonDocument.Parse(json);
            return Write(ref buffer, new Place(table, scope, field, field, FieldSight.Shown), document.RootElement)
                ? buffer.ToArray()
                : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever went wrong, nobody has decided that the caller may see it.
            table.Faults.Add();
            return null;
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>An object whose members are fields.</summary>
    public static byte[] Members(FieldTable table, JsonElement parent, FieldScope scope)
    {
        var buffer = new Utf8Buffer(256);
        try
        {
            buffer.Raw("{"u8);
            if (parent.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty member in parent.EnumerateObject())
                {
                    WriteMember(ref buffer, table, member, scope);
                }
            }

            buffer.DropComma();
            buffer.Raw("}"u8);
            return buffer.ToArray();
        }
        finally
        {
            buffer.Dispose();
        }
    }

    public static FieldEntry EntryOf(FieldTable table, string path, FieldScope scope) =>
        scope switch
        {
            FieldScope.Company => table.Find($"company.{path}"),
            FieldScope.Context => table.Find($"context.{path}"),
            FieldScope.Properties when !table.Find(path).IsKnown => table.Find($"properties.{path}"),
            _ => table.Find(path),
        };

    private static void WriteMember(ref Utf8Buffer buffer, FieldTable table, JsonProperty member, FieldScope scope)
    {
        int before = buffer.Length;
        try
        {
            buffer.Text(member.Name);
            buffer.Raw(":"u8);
            if (scope == FieldScope.Context && member.Name == Traits)
            {
                buffer.Raw(Members(table, member.Value, FieldScope.Person));
            }
            else if (
                (scope == FieldScope.Context && member.Name == ExternalIds)
                || !Write(ref buffer, new Place(table, scope, member.Name, member.Name, FieldSight.Shown), member.Value)
            )
            {
                // Identifiers stand beside the message, as this caller sees them.
                buffer.TakeBack(before);
                return;
            }

            buffer.Raw(","u8);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            table.Faults.Add();
            buffer.TakeBack(before);
        }
    }

    /// <summary>False, and nothing is written, where nothing of the value is shown.</summary>
    private static bool Write(ref Utf8Buffer buffer, in Place place, JsonElement value)
    {
        FieldEntry entry = EntryOf(place.Table, place.Path, place.Scope);
        FieldSight limit = place.Limit;
        if (!place.Scope.IsByOneName() && place.Table.Find(place.Name) is { IsKnown: true } named)
        {
            limit = FieldSight.Stricter(limit, named.Sight);
        }

        var sight = FieldSight.Stricter(entry.Sight, limit);
        bool isLookedInto = entry.IsMixed || !place.Scope.IsByOneName();
        if (isLookedInto && !limit.IsWithheld && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            return WriteInside(ref buffer, place with { Limit = limit }, sight, value);
        }

        switch (sight.Visibility)
        {
            case Visibility.Allow:
                buffer.Raw(JsonMarshal.GetRawUtf8Value(value));
                return true;
            case Visibility.Mask:
                ValueMask.Write(ref buffer, place.Path, value, sight.Mask, place.Table.Key);
                return true;
            default:
                return false;
        }
    }

    private static bool WriteInside(ref Utf8Buffer buffer, in Place place, FieldSight sight, JsonElement value)
    {
        int before = buffer.Length;
        bool isAnythingShown = false;
        bool isObject = value.ValueKind == JsonValueKind.Object;
        buffer.Raw(isObject ? "{"u8 : "["u8);
        if (isObject)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                int beforeMember = buffer.Length;
                Place inside = place with { Path = $"{place.Path}.{member.Name}", Name = member.Name };
                if (!ValueMask.IsNamed(member) && !EntryOf(place.Table, inside.Path, place.Scope).Sight.IsShown)
                {
                    continue;
                }

                buffer.Text(member.Name);
                buffer.Raw(":"u8);
                isAnythingShown |= Close(ref buffer, beforeMember, Write(ref buffer, inside, member.Value));
            }
        }
        else
        {
            // The items of a list are the field's own values.
            foreach (JsonElement item in value.EnumerateArray())
            {
                int beforeItem = buffer.Length;
                isAnythingShown |= Close(ref buffer, beforeItem, Write(ref buffer, place, item));
            }
        }

        buffer.DropComma();
        buffer.Raw(isObject ? "}"u8 : "]"u8);
        if (isAnythingShown || sight.IsShown)
        {
            return true;
        }

        buffer.TakeBack(before);
        return false;
    }

    private static bool Close(ref Utf8Buffer buffer, int before, bool isWritten)
    {
        if (isWritten)
        {
            buffer.Raw(","u8);
        }
        else
        {
            buffer.TakeBack(before);
        }

        return isWritten;
    }

    /// <param name="Path">From the field on: <c>address.city</c>.</param>
    /// <param name="Name">Of the member itself.</param>
    /// <param name="Limit">What the names on the way let through.</param>
    private readonly record struct Place(
        FieldTable Table,
        FieldScope Scope,
        string Path,
        string Name,
        FieldSight Limit
    );
}
