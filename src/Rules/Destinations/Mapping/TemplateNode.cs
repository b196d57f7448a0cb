using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Destinations;

/// <summary>A body by a template: objects and lists of fields. What has no value is left out.</summary>
public abstract record TemplateNode
{
    private TemplateNode() { }

    /// <summary>Writes it; false, and nothing is written, where there is nothing to write.</summary>
    public abstract bool Write(Utf8JsonWriter writer, string? name, DeliveryContent content);

    /// <summary>Where its values come from.</summary>
    public abstract IEnumerable<string> Paths { get; }

    /// <summary>The canonical form: what the file says.</summary>
    public abstract void WritePolicy(Utf8JsonWriter writer);

    /// <summary>One value.</summary>
    public sealed record Field(FieldSource Source) : TemplateNode
    {
        public override IEnumerable<string> Paths => Source.Path is { } path ? [path] : [];

        public override bool Write(Utf8JsonWriter writer, string? name, DeliveryContent content)
        {
            if (Source.Read(content) is not { } value)
            {
                return false;
            }

            if (name is not null)
            {
                writer.WritePropertyName(name);
            }

            writer.WriteRawValue(value.Span, skipInputValidation: true);
            return true;
        }

        public override void WritePolicy(Utf8JsonWriter writer)
        {
            if (Source.Path is not { } path)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("value"u8);
                writer.WriteRawValue(Source.Literal!);
                writer.WriteEndObject();
                return;
            }

            writer.WriteStartObject();
            writer.WriteString("from"u8, path);
            writer.WriteStartArray("as"u8);
            foreach (string rule in Source.As)
            {
                writer.WriteStringValue(rule);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    /// <summary>An object; its members in the file's order.</summary>
    public sealed record Members(ImmutableArray<(string Name, TemplateNode Node)> All) : TemplateNode
    {
        public override IEnumerable<string> Paths => All.SelectMany(member => member.Node.Paths);

        public override bool Write(Utf8JsonWriter writer, string? name, DeliveryContent content)
        {
            if (name is not null)
            {
                writer.WritePropertyName(name);
            }

            writer.WriteStartObject();
            foreach ((string member, TemplateNode node) in All)
            {
                node.Write(writer, member, content);
            }

            writer.WriteEndObject();
            return true;
        }

        public override void WritePolicy(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            foreach ((string member, TemplateNode node) in All)
            {
                writer.WritePropertyName(member);
                node.WritePolicy(writer);
            }

            writer.WriteEndObject();
        }

        public bool Equals(Members? other) => other is not null && All.AsSpan().SequenceEqual(other.All.AsSpan());

        public override int GetHashCode() => All.Length;
    }

    /// <summary>A list.</summary>
    public sealed record Items(ImmutableArray<TemplateNode> All) : TemplateNode
    {
        public override IEnumerable<string> Paths => All.SelectMany(node => node.Paths);

        public override bool Write(Utf8JsonWriter writer, string? name, DeliveryContent content)
        {
            if (name is not null)
            {
                writer.WritePropertyName(name);
            }

            writer.WriteStartArray();
            foreach (TemplateNode node in All)
            {
                node.Write(writer, name: null, content);
            }

            writer.WriteEndArray();
            return true;
        }

        public override void WritePolicy(Utf8JsonWriter writer)
        {
            writer.WriteStartArray();
            foreach (TemplateNode node in All)
            {
                node.WritePolicy(writer);
            }

            writer.WriteEndArray();
        }

        public bool Equals(Items? other) => other is not null && All.AsSpan().SequenceEqual(other.All.AsSpan());

        public override int GetHashCode() => All.Length;
    }
}
