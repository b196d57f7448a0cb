using System.Text.Json;
using Customer360.Rules.Identifiers;

namespace Customer360.Rules.Events;

/// <summary>
/// Finds a message's identifiers in the places that Segment Unify looks at (its document "Identity Resolution
/// ExternalIDs"). What is not readable as an identifier is passed over: it stays in the message.
/// </summary>
internal static class MessageIdentifiers
{
    /// <summary>The type of <c>userId</c>, which a signature proves.</summary>
    public const string UserId = "user_id";

    private const string Ios = "ios";
    private const string Android = "android";

    public static void Collect(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        EventKind kind,
        ref IdentifierCollector identifiers
    )
    {
        Add(message, fields.UserId, UserId, ref identifiers);
        Add(message, fields.AnonymousId, "anonymous_id", ref identifiers);
        if (kind == EventKind.Alias)
        {
            // Segment's previousId is any former id. Taken as a user_id, of which a customer has one, every alias of a
            // visitor would be refused by that limit; and what SDKs put there is the anonymous id of before the login.
            Add(message, fields.PreviousId, "anonymous_id", ref identifiers);
        }

        // The traits of a group call are the account's: its e-mail is nobody's.
        if (kind != EventKind.Group)
        {
            AddContact(message, fields.TraitsContact, ref identifiers);
        }

        AddContact(message, fields.ContextTraitsContact, ref identifiers);
        // The properties of an event describe its object, so a phone number in them is the shop's that was viewed. Only the
        // e-mail address is the person's, because Segment has promoted properties.email from the beginning and senders
        // rely on it.
        AddEmail(message, fields.PropertiesEmail, ref identifiers);
        AddDevice(message, fields, ref identifiers);
        AddGoogleClient(message, fields.Integrations, ref identifiers);
        AddGoogleClient(message, fields.ContextIntegrations, ref identifiers);
        AddExternalIds(message, fields.ExternalIds, ref identifiers);
    }

    private static void AddContact(
        ReadOnlySpan<byte> message,
        MessageFields.Contact contact,
        ref IdentifierCollector identifiers
    )
    {
        AddEmail(message, contact.Email, ref identifiers);
        Add(message, contact.Phone, "phone", ref identifiers);
    }

    private static void AddEmail(ReadOnlySpan<byte> message, JsonSlice email, ref IdentifierCollector identifiers) =>
        Add(message, email, "email", ref identifiers);

    private static void AddDevice(
        ReadOnlySpan<byte> message,
        in MessageFields fields,
        ref IdentifierCollector identifiers
    )
    {
        MessageFields.DeviceMembers device = fields.DeviceFields;
        string? system = SystemOf(message, device.Type) ?? SystemOf(message, fields.OsName);
        if (system is null)
        {
            return;
        }

        bool isIos = system == Ios;
        Add(message, device.Id, isIos ? "ios.id" : "android.id", ref identifiers);
        Add(message, device.Token, isIos ? "ios.push_token" : "android.push_token", ref identifiers);
        // Only where the owner lets herself be tracked: Segment's rule, and the law's.
        if (device.AdTrackingEnabled.Type == JsonTokenType.True)
        {
            Add(message, device.AdvertisingId, isIos ? "ios.idfa" : "android.idfa", ref identifiers);
        }
    }

    private static string? SystemOf(ReadOnlySpan<byte> message, JsonSlice field)
    {
        if (field.Type != JsonTokenType.String)
        {
            return null;
        }

        ReadOnlySpan<byte> name = field.ContentOf(message);
        if (System.Text.Ascii.EqualsIgnoreCase(name, "ios"u8) || System.Text.Ascii.EqualsIgnoreCase(name, "ipados"u8))
        {
            return Ios;
        }

        return System.Text.Ascii.EqualsIgnoreCase(name, "android"u8) ? Android : null;
    }

    /// <summary><c>integrations["Google Analytics"].clientId</c>, where a sender has captured it.</summary>
    private static void AddGoogleClient(
        ReadOnlySpan<byte> message,
        JsonSlice integrations,
        ref IdentifierCollector identifiers
    )
    {
        JsonSlice google = Member(message, integrations, "Google Analytics"u8);
        Add(message, Member(message, google, "clientId"u8), "ga_client_id", ref identifiers);
    }

    /// <summary><c>context.externalIds</c>: <c>{id, type, collection:"users", encoding:"none"}</c>.</summary>
    private static void AddExternalIds(ReadOnlySpan<byte> message, JsonSlice list, ref IdentifierCollector identifiers)
    {
        if (list.Type != JsonTokenType.StartArray)
        {
            return;
        }

        var reader = new CheckedReader(list.Of(message));
        reader.TryEnter(JsonTokenType.StartArray);
        while (reader.TryReadElement())
        {
            JsonSlice entry = reader.Take();
            AddExternalId(message, entry with { Start = list.Start + entry.Start }, ref identifiers);
        }
    }

    private static void AddExternalId(ReadOnlySpan<byte> message, JsonSlice entry, ref IdentifierCollector identifiers)
    {
        JsonSlice type = Member(message, entry, "type"u8);
        JsonSlice collection = Member(message, entry, "collection"u8);
        JsonSlice encoding = Member(message, entry, "encoding"u8);
        bool isOfPerson = !collection.IsPresent || Is(message, collection, "users"u8);
        bool isOfAccount = Is(message, collection, "accounts"u8);
        bool isPlain = !encoding.IsPresent || Is(message, encoding, "none"u8);
        if ((isOfPerson || isOfAccount) && isPlain && type.Type == JsonTokenType.String)
        {
            string name = IdText.Of(TextPool.Read(type.ContentOf(message))).ToLowerInvariant();
            // What is a company's by the call must be one's by the rules, too: it would join persons else.
            if (isOfPerson || identifiers.IsOfAccounts(name))
            {
                Add(message, Member(message, entry, "id"u8), name, ref identifiers);
            }
        }
    }

    private static bool Is(ReadOnlySpan<byte> message, JsonSlice value, ReadOnlySpan<byte> word) =>
        value.Type == JsonTokenType.String && System.Text.Ascii.EqualsIgnoreCase(value.ContentOf(message), word);

    internal static JsonSlice Member(ReadOnlySpan<byte> message, JsonSlice parent, ReadOnlySpan<byte> name)
    {
        if (!parent.IsObject)
        {
            return default;
        }

        var reader = new CheckedReader(parent.Of(message));
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> known))
        {
            JsonSlice value = reader.Take();
            if (known.SequenceEqual(name))
            {
                return value with { Start = parent.Start + value.Start };
            }
        }

        return default;
    }

    private static void Add(
        ReadOnlySpan<byte> message,
        JsonSlice value,
        string type,
        ref IdentifierCollector identifiers
    )
    {
        if (!value.IsPresent)
        {
            return;
        }

        if (!value.IsTextOrNumber)
        {
            identifiers.BlockIfRuled(type, BlockedReasons.WrongType);
            return;
        }

        ReadOnlySpan<byte> content = value.ContentOf(message);
        if (!content.IsEmpty)
        {
            identifiers.Add(type, IdText.Of(content, value.Type == JsonTokenType.Number));
        }
    }
}
