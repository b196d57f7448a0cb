using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Events;

namespace Customer360.Rules.Consent;

/// <summary>What is left of a message whose sender denies that the rest is stored. Canonical, as the message was.</summary>
internal static class ReducedMessage
{
    /// <summary>By what a person is known, where nothing else says who denies: the denial must be remembered about somebody.</summary>
    private static readonly ImmutableArray<string> s_contact =
    [
        "traits.email",
        "traits.phone",
        "context.traits.email",
        "context.traits.phone",
        "properties.email",
    ];

    private static readonly ImmutableArray<string> s_kept =
    [
        "messageId",
        "userId",
        "anonymousId",
        "previousId",
        "timestamp",
        "originalTimestamp",
        "sentAt",
        "context.region",
        "context.consent",
        "context.consentManagement",
        "context.externalIds",
    ];

    /// <param name="keepsContact">E-mail address and phone number stay.</param>
    public static byte[] Of(
        ReadOnlySpan<byte> message,
        CollectBoundary boundary,
        ConsentPolicy policy,
        bool keepsContact
    )
    {
        var buffer = new Utf8Buffer(message.Length);
        try
        {
            var rule = new Rule(
                boundary == CollectBoundary.Dropped,
                boundary == CollectBoundary.Dropped ? s_kept : policy.Personal,
                keepsContact ? s_contact : []
            );
            Copy(ref buffer, message, new JsonSlice(0, message.Length, JsonTokenType.StartObject), "", rule);
            return buffer.ToArray();
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static void Copy(
        ref Utf8Buffer buffer,
        ReadOnlySpan<byte> message,
        JsonSlice whole,
        string path,
        in Rule rule
    )
    {
        buffer.Raw("{"u8);
        if (rule.KeepsOnly && path.Length == 0)
        {
            // Nothing is left that another kind would say.
            buffer.Raw("\"type\":\"identify\","u8);
        }

        ReadOnlySpan<byte> text = whole.Of(message);
        var reader = new CheckedReader(text);
        reader.TryEnter(JsonTokenType.StartObject);
        while (reader.TryReadName(out ReadOnlySpan<byte> name))
        {
            JsonSlice value = reader.Take();
            string member = JsonText.Read(name);
            string at = path.Length == 0 ? member : $"{path}.{member}";
            Fate fate = rule.FateOf(at);
            bool isOpened = fate == Fate.Opened && value.IsObject;
            if (fate == Fate.Kept || isOpened)
            {
                buffer.Text(member);
                buffer.Raw(":"u8);
                if (isOpened)
                {
                    Copy(ref buffer, text, value, at, rule);
                }
                else
                {
                    buffer.Raw(value.Of(text));
                }

                buffer.Raw(","u8);
            }
        }

        buffer.DropComma();
        buffer.Raw("}"u8);
    }

    private enum Fate
    {
        Left = 0,
        Kept = 1,
        Opened = 2,
    }

    /// <param name="KeepsOnly">True: only these paths stay; false: these go.</param>
    private readonly record struct Rule(bool KeepsOnly, ImmutableArray<string> Paths, ImmutableArray<string> Stays)
    {
        public Fate FateOf(string path)
        {
            if (Names(Stays, path) || (KeepsOnly && Names(Paths, path)))
            {
                return Fate.Kept;
            }

            if (LeadsTo(Stays, path))
            {
                return Fate.Opened;
            }

            bool isNamed = Names(Paths, path);
            bool leads = LeadsTo(Paths, path);
            return KeepsOnly ? (leads ? Fate.Opened : Fate.Left)
                : isNamed || IsBelow(path) ? Fate.Left
                : leads ? Fate.Opened
                : Fate.Kept;
        }

        /// <summary>Of an object that is opened for what stays in it: the rest of it goes.</summary>
        private bool IsBelow(string path)
        {
            foreach (string one in Paths)
            {
                if (
                    path.StartsWith(one, StringComparison.Ordinal)
                    && path.Length > one.Length
                    && path[one.Length] == '.'
                )
                {
                    return true;
                }
            }

            return false;
        }

        private static bool Names(ImmutableArray<string> paths, string path) =>
            paths.Contains(path, StringComparer.Ordinal);

        private static bool LeadsTo(ImmutableArray<string> paths, string path)
        {
            foreach (string one in paths)
            {
                if (
                    one.StartsWith(path, StringComparison.Ordinal)
                    && one.Length > path.Length
                    && one[path.Length] == '.'
                )
                {
                    return true;
                }
            }

            return false;
        }
    }
}
