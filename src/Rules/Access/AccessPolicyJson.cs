using System.Text.Json;

namespace Customer360.Rules.Access;

/// <summary>
/// A policy as canonical JSON: <c>{"classes":{field:class},"purposes":{name:{"consent"?:"required"}},"roles":{name:{"read":
/// {field|class:sight},"sees":[…],"consent"?,"purposes":{name:{"read","sees","consent"?}},"write"?:[…],"does"?:[…]}}}</c>.
/// </summary>
internal static class AccessPolicyJson
{
    public static void Write(Utf8JsonWriter writer, AccessPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("classes"u8);
        foreach ((FieldPattern pattern, FieldClass one) in policy.Classes)
        {
            writer.WriteString(pattern.ToString(), FieldClasses.Text(one));
        }

        writer.WriteEndObject();
        writer.WriteStartObject("purposes"u8);
        foreach ((string purpose, bool needsConsent) in policy.Purposes)
        {
            writer.WriteStartObject(purpose);
            WriteConsent(writer, needsConsent);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("roles"u8);
        foreach ((string name, AccessRole role) in policy.Roles)
        {
            writer.WriteStartObject(name);
            Write(writer, role);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, AccessRole role)
    {
        WriteMembers(writer, role.Grant);
        writer.WriteStartObject("purposes"u8);
        foreach ((string purpose, AccessGrant grant) in role.Purposes)
        {
            writer.WriteStartObject(purpose);
            WriteMembers(writer, grant);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (role.Write is { } write)
        {
            writer.WriteStartArray("write"u8);
            foreach (FieldName name in write)
            {
                writer.WriteStringValue(name.ToString());
            }

            writer.WriteEndArray();
        }

        if (role.Does != RoleTasks.None)
        {
            writer.WriteStartArray("does"u8);
            foreach (string task in RoleTaskNames.Of(role.Does))
            {
                writer.WriteStringValue(task);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, AccessGrant grant)
    {
        writer.WriteStartObject("read"u8);
        foreach ((FieldName name, FieldSight sight) in grant.Read)
        {
            writer.WriteString(name.ToString(), sight.ToString());
        }

        writer.WriteEndObject();
        writer.WriteStartArray("sees"u8);
        foreach (string part in FieldSetNames.Of(grant.Sees))
        {
            writer.WriteStringValue(part);
        }

        writer.WriteEndArray();
        WriteConsent(writer, grant.NeedsConsent);
    }

    private static void WriteConsent(Utf8JsonWriter writer, bool isNeeded)
    {
        if (isNeeded)
        {
            writer.WriteString("consent"u8, "required"u8);
        }
    }
}
