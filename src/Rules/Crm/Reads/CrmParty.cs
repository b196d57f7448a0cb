using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Crm.Reads;

/// <summary>A person who takes part in a deal.</summary>
/// <param name="Role">As the CRM has it; null: it does not say.</param>
/// <param name="IsPrimary">The deal's first contact.</param>
internal sealed record CrmParty(CrmId Id, string? Role, bool IsPrimary)
{
    /// <summary>
    /// What happened to a deal, to each company and each person that takes part: one by one, since they are not the same. Only a
    /// company is told who else takes part.
    /// </summary>
    /// <param name="messageIdOf">The message's id, by whom it is about.</param>
    public static IEnumerable<CrmMessage> Tell(
        IEnumerable<CrmParty> contacts,
        IEnumerable<CrmId> companies,
        string name,
        Func<CrmId, string> messageIdOf,
        DateTimeOffset at,
        ImmutableArray<CrmField> fields
    )
    {
        CrmParty[] all = [.. contacts];
        ImmutableArray<CrmField> withContacts = all.Length == 0 ? fields : fields.Add(FieldOf(all));
        return companies
            .Select(company => Of(company, withContacts) with { GroupId = CrmIdentifiers.GroupIdOf(company) })
            .Concat(all.Select(contact => Of(contact.Id, fields)));

        CrmMessage Of(CrmId about, ImmutableArray<CrmField> said) =>
            new(EventKind.Track, messageIdOf(about))
            {
                At = at,
                Ids = [about],
                Event = name,
                Fields = said,
            };
    }

    private static CrmField FieldOf(CrmParty[] contacts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            writer.WriteStartArray();
            foreach (CrmParty contact in contacts)
            {
                writer.WriteStartObject();
                writer.WriteString("type"u8, contact.Id.Type);
                writer.WriteString("id"u8, contact.Id.Value);
                if (contact.Role is not null)
                {
                    writer.WriteString("role"u8, contact.Role);
                }

                if (contact.IsPrimary)
                {
                    writer.WriteBoolean("isPrimary"u8, true);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return new CrmField("contacts", buffer.WrittenSpan.ToArray());
    }
}
