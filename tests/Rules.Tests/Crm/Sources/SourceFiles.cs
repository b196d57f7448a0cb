using System.Text;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Crm;
using Customer360.Rules.Crm.Sources;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Tests.Crm.Sources;

/// <summary>Reads files of sources that are written as JSON with single quotes: the rules know no format.</summary>
internal static class SourceFiles
{
    private static readonly SourcesPolicyKind s_kind = new();

    public static PolicyReading<SourcesPolicy> Read(string file) => s_kind.ReadFile(Json(file), new JsonFormat());

    /// <summary>The one source of a file whose source is called <c>shop</c>.</summary>
    public static WebhookSource Shop(string members)
    {
        PolicyReading<SourcesPolicy> reading = Read($"{{'sources':{{'shop':{{{members}}}}}}}");
        Assert.Empty(reading.Faults);
        return reading.Body!.Base.Find("shop")!;
    }

    /// <summary>What a mapping makes of a body.</summary>
    public static Outcome<WebhookReading> Map(
        string mapping,
        string body,
        params (string Name, string Value)[] headers
    ) =>
        Shop($"'verify':{{'template':'github'}},{mapping}")
            .Read(
                Encoding.UTF8.GetBytes(Json(body)),
                name => headers.Where(header => header.Name == name).Select(header => header.Value).FirstOrDefault()
            );

    public static string[] Faults(string file) =>
        [.. Read(file).Faults.Select(fault => $"{fault.Rule}: {fault.Message}")];

    private static string Json(string text) => text.Replace('\'', '"');

    private sealed class JsonFormat : IConfigFormat
    {
        public (ConfigNode? File, ConfigFault? Fault) Read(string text)
        {
            using var document = JsonDocument.Parse(text);
            return (NodeOf(document.RootElement), null);
        }

        private static ConfigNode NodeOf(JsonElement value) =>
            value.ValueKind switch
            {
                JsonValueKind.Object => new ConfigNode(ConfigKind.Map, 1)
                {
                    Members =
                    [
                        .. value
                            .EnumerateObject()
                            .Select(member => new ConfigMember(member.Name, 1, NodeOf(member.Value))),
                    ],
                },
                JsonValueKind.Array => new ConfigNode(ConfigKind.List, 1)
                {
                    Items = [.. value.EnumerateArray().Select(NodeOf)],
                },
                JsonValueKind.String => new ConfigNode(ConfigKind.Text, 1)
                {
                    Text = value.GetString()!,
                    IsQuoted = true,
                },
                _ => new ConfigNode(ConfigKind.Text, 1) { Text = value.GetRawText() },
            };
    }
}
