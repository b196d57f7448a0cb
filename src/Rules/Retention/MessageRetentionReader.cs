using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Access;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;

namespace Customer360.Rules.Retention;

/// <summary>Reads and writes <c>messages: {default: LINE, kinds: {page: LINE}, events: {"Order Completed": LINE}}</c>, where a
/// LINE is <c>{days: 180, fields: {personal: 30}}</c>, and instead of a number <c>keep</c> may stand.</summary>
internal sealed class MessageRetentionReader(List<ConfigFault> faults)
{
    public const string Messages = "messages";
    public const string Keep = "keep";

    public const string UnknownKind =
        "There is no such kind of message. Known: identify, track, page, screen, group, alias.";

    public const string UnknownClass =
        $"There is no such class of fields. Known: {FieldClasses.Known}, {Unclassified}.";

    private const string Default = "default";
    private const string Kinds = "kinds";
    private const string Events = "events";
    private const string Days = "days";
    private const string Fields = "fields";
    private const string Unclassified = "unclassified";

    public static EventKind? KindOf(string text) => EventKinds.Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>Fields that no pattern names have a time, too.</summary>
    public static FieldClass? ClassOf(string text) =>
        text == Unclassified ? FieldClass.Unclassified : FieldClasses.Of(text);

    public MessageRetention Read(ConfigSection root)
    {
        var section = new ConfigSection(Messages, root.Find(Messages), faults, Default, Kinds, Events);
        RetentionLine standard = section.Find(Default) is { } node
            ? ReadLine(section.PathOf(Default), node)
            : RetentionLine.Silent;

        var kinds = ImmutableSortedDictionary.CreateBuilder<EventKind, RetentionLine>();
        var ofKinds = new ConfigSection(section.PathOf(Kinds), section.Find(Kinds), faults);
        foreach (ConfigMember member in ofKinds.Members)
        {
            if (KindOf(member.Name) is { } kind)
            {
                kinds[kind] = ReadLine(ofKinds.PathOf(member.Name), member.Value);
            }
            else
            {
                ofKinds.Fault(member.Line, ofKinds.PathOf(member.Name), UnknownKind);
            }
        }

        var events = ImmutableSortedDictionary.CreateBuilder<string, RetentionLine>(StringComparer.Ordinal);
        var ofEvents = new ConfigSection(section.PathOf(Events), section.Find(Events), faults);
        foreach (ConfigMember member in ofEvents.Members)
        {
            events[member.Name] = ReadLine(ofEvents.PathOf(member.Name), member.Value);
        }

        if (events.Count > MessageRetention.EventsMax)
        {
            section.Fault(Events, $"There are over {MessageRetention.EventsMax}.");
        }

        return new MessageRetention(standard, kinds.ToImmutable(), events.ToImmutable());
    }

    public static void Write(Utf8JsonWriter writer, MessageRetention messages)
    {
        writer.WriteStartObject(Messages);
        Write(writer, Default, messages.Default);
        writer.WriteStartObject(Kinds);
        foreach ((EventKind kind, RetentionLine line) in messages.Kinds)
        {
            Write(writer, EventKinds.Text(kind), line);
        }

        writer.WriteEndObject();
        writer.WriteStartObject(Events);
        foreach ((string name, RetentionLine line) in messages.Events)
        {
            Write(writer, name, line);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, RetentionLine line)
    {
        writer.WriteStartObject(name);
        Write(writer, Days, line.Days);
        writer.WriteStartObject(Fields);
        foreach ((FieldClass of, RetentionSpan span) in line.Fields)
        {
            Write(writer, FieldClasses.Text(of), span);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, RetentionSpan span)
    {
        if (span.IsWithoutEnd)
        {
            writer.WriteString(name, Keep);
        }
        else if (span.IsSaid)
        {
            writer.WriteNumber(name, span.Days);
        }
    }

    private RetentionLine ReadLine(string path, ConfigNode node)
    {
        var line = new ConfigSection(path, node, faults, Days, Fields);
        var fields = ImmutableSortedDictionary.CreateBuilder<FieldClass, RetentionSpan>();
        var ofFields = new ConfigSection(line.PathOf(Fields), line.Find(Fields), faults);
        foreach (ConfigMember member in ofFields.Members)
        {
            if (ClassOf(member.Name) is { } of)
            {
                fields[of] = ReadSpan(ofFields, member.Value, member.Name);
            }
            else
            {
                ofFields.Fault(member.Line, ofFields.PathOf(member.Name), UnknownClass);
            }
        }

        RetentionSpan days = line.Find(Days) is { } said ? ReadSpan(line, said, Days) : default;
        if (!days.IsSaid && fields.Count == 0)
        {
            line.Fault(line.Line, path, "It must say days, or fields with days.");
        }

        return new RetentionLine(days, fields.ToImmutable());
    }

    private static RetentionSpan ReadSpan(ConfigSection section, ConfigNode node, string name)
    {
        if (node is { Kind: ConfigKind.Text, Text: Keep })
        {
            return RetentionSpan.WithoutEnd;
        }

        if (
            node is { Kind: ConfigKind.Text, IsQuoted: false }
            && int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int days)
            && days is >= RetentionSpan.DaysMin and <= RetentionSpan.DaysMax
        )
        {
            return RetentionSpan.Of(days);
        }

        section.Fault(
            node.Line,
            section.PathOf(name),
            string.Create(
                CultureInfo.InvariantCulture,
                $"It must be a whole number of days from {RetentionSpan.DaysMin} to {RetentionSpan.DaysMax}, or keep."
            )
        );
        return RetentionSpan.WithoutEnd;
    }
}
