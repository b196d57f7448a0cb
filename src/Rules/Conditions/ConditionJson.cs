using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Conditions;

/// <summary>The form that combinations have in canonical JSON.</summary>
internal static class ConditionJson
{
    public static void Write(Utf8JsonWriter writer, string form, ImmutableArray<Condition> parts)
    {
        writer.WriteStartObject();
        writer.WriteStartArray(form);
        foreach (Condition part in parts)
        {
            part.WriteJson(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
