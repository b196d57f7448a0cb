using System.Text.Json;

namespace Customer360.Rules.Events;

/// <summary>Where the fields of the tracking API stand in a message's canonical text: one pass, no objects.</summary>
internal struct MessageFields
{
    public JsonSlice Type;
    public JsonSlice MessageId;
    public JsonSlice UserId;
    public JsonSlice AnonymousId;
    public JsonSlice PreviousId;
    public JsonSlice GroupId;
    public JsonSlice Event;
    public JsonSlice Name;
    public JsonSlice Category;
    public JsonSlice Timestamp;
    public JsonSlice OriginalTimestamp;
    public JsonSlice SentAt;
    public JsonSlice Integrations;
    public JsonSlice Context;
    public JsonSlice Traits;
    public Contact TraitsContact;
    public JsonSlice Properties;
    public JsonSlice PropertiesEmail;
    public JsonSlice ContextTraits;
    public Contact ContextTraitsContact;
    public JsonSlice ContextGroupId;
    public JsonSlice ContextIntegrations;
    public JsonSlice Consent;
    public JsonSlice ConsentManagement;
    public JsonSlice ExternalIds;
    public JsonSlice OsName;
    public JsonSlice Device;
    public DeviceMembers DeviceFields;

    /// <summary>What of <c>traits</c> or <c>context.traits</c> can be an identifier.</summary>
    public struct Contact
    {
        public JsonSlice Email;
        public JsonSlice Phone;
    }

    public struct DeviceMembers
    {
        public JsonSlice Id;
        public JsonSlice Type;
        public JsonSlice AdvertisingId;
        public JsonSlice AdTrackingEnabled;
        public JsonSlice Token;
    }

    /// <param name="message">Canonical: valid, compact, each name once.</param>
    public static MessageFields Find(ReadOnlySpan<byte> message)
    {
        var fields = default(MessageFields);
        var reader = new CheckedReader(message);
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            fields.TakeField(name, ref reader);
        }

        return fields;
    }

    private void TakeField(ReadOnlySpan<byte> name, ref CheckedReader reader)
    {
        if (name.SequenceEqual("context"u8))
        {
            Context = TakeContext(ref reader);
        }
        else if (name.SequenceEqual("properties"u8))
        {
            Properties = TakeContact(ref reader, out Contact contact);
            PropertiesEmail = contact.Email;
        }
        else if (name.SequenceEqual("traits"u8))
        {
            Traits = TakeContact(ref reader, out TraitsContact);
        }
        else
        {
            SetField(name, reader.Take());
        }
    }

    private void SetField(ReadOnlySpan<byte> name, JsonSlice value)
    {
        switch (name)
        {
            case var _ when name.SequenceEqual("type"u8):
                Type = value;
                break;
            case var _ when name.SequenceEqual("messageId"u8):
                MessageId = value;
                break;
            case var _ when name.SequenceEqual("userId"u8):
                UserId = value;
                break;
            case var _ when name.SequenceEqual("anonymousId"u8):
                AnonymousId = value;
                break;
            case var _ when name.SequenceEqual("event"u8):
                Event = value;
                break;
            case var _ when name.SequenceEqual("timestamp"u8):
                Timestamp = value;
                break;
            case var _ when name.SequenceEqual("originalTimestamp"u8):
                OriginalTimestamp = value;
                break;
            case var _ when name.SequenceEqual("sentAt"u8):
                SentAt = value;
                break;
            case var _ when name.SequenceEqual("name"u8):
                Name = value;
                break;
            case var _ when name.SequenceEqual("category"u8):
                Category = value;
                break;
            case var _ when name.SequenceEqual("groupId"u8):
                GroupId = value;
                break;
            case var _ when name.SequenceEqual("previousId"u8):
                PreviousId = value;
                break;
            case var _ when name.SequenceEqual("integrations"u8):
                Integrations = value;
                break;
            default:
                // Every other field stays in the message and means nothing to us.
                break;
        }
    }

    private JsonSlice TakeContext(ref CheckedReader reader)
    {
        if (!TryEnter(ref reader, out JsonSlice whole))
        {
            return whole;
        }

        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("traits"u8))
            {
                ContextTraits = TakeContact(ref reader, out ContextTraitsContact);
            }
            else if (name.SequenceEqual("device"u8))
            {
                Device = TakeDevice(ref reader);
            }
            else if (name.SequenceEqual("os"u8))
            {
                OsName = TakeMember(ref reader, "name"u8);
            }
            else if (name.SequenceEqual("groupId"u8))
            {
                ContextGroupId = reader.Take();
            }
            else if (name.SequenceEqual("externalIds"u8))
            {
                ExternalIds = reader.Take();
            }
            else if (name.SequenceEqual("integrations"u8))
            {
                ContextIntegrations = reader.Take();
            }
            else if (name.SequenceEqual("consent"u8))
            {
                Consent = reader.Take();
            }
            else if (name.SequenceEqual("consentManagement"u8))
            {
                ConsentManagement = reader.Take();
            }
            else
            {
                reader.Skip();
            }
        }

        return Leave(ref reader, whole);
    }

    private static JsonSlice TakeContact(ref CheckedReader reader, out Contact contact)
    {
        contact = default;
        if (!TryEnter(ref reader, out JsonSlice whole))
        {
            return whole;
        }

        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("email"u8))
            {
                contact.Email = reader.Take();
            }
            else if (name.SequenceEqual("phone"u8))
            {
                contact.Phone = reader.Take();
            }
            else
            {
                reader.Skip();
            }
        }

        return Leave(ref reader, whole);
    }

    private JsonSlice TakeDevice(ref CheckedReader reader)
    {
        if (!TryEnter(ref reader, out JsonSlice whole))
        {
            return whole;
        }

        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            JsonSlice value = reader.Take();
            if (name.SequenceEqual("id"u8))
            {
                DeviceFields.Id = value;
            }
            else if (name.SequenceEqual("type"u8))
            {
                DeviceFields.Type = value;
            }
            else if (name.SequenceEqual("token"u8))
            {
                DeviceFields.Token = value;
            }
            else if (name.SequenceEqual("advertisingId"u8))
            {
                DeviceFields.AdvertisingId = value;
            }
            else if (name.SequenceEqual("adTrackingEnabled"u8))
            {
                DeviceFields.AdTrackingEnabled = value;
            }
        }

        return Leave(ref reader, whole);
    }

    private static JsonSlice TakeMember(ref CheckedReader reader, ReadOnlySpan<byte> wanted)
    {
        JsonSlice found = default;
        if (!TryEnter(ref reader, out _))
        {
            return found;
        }

        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            bool isWanted = name.SequenceEqual(wanted);
            JsonSlice value = reader.Take();
            found = isWanted ? value : found;
        }

        return found;
    }

    /// <summary>Goes into the object that stands next; false, and past it, where it is none.</summary>
    private static bool TryEnter(ref CheckedReader reader, out JsonSlice value)
    {
        int start = reader.Position;
        if (reader.TryEnter(JsonTokenType.StartObject))
        {
            value = new JsonSlice(start, 0, JsonTokenType.StartObject);
            return true;
        }

        value = reader.Take();
        return false;
    }

    private static JsonSlice Leave(ref CheckedReader reader, JsonSlice entered) =>
        reader.SliceFrom(entered.Start, entered.Type);
}
