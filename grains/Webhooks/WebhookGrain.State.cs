using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Crm.Backlog;

namespace Customer360.Grains;

/// <summary>What a source of webhooks has left to be done.</summary>
public sealed record WebhookState
{
    public WebhookBacklog Backlog { get; set; } = WebhookBacklog.Empty;
}

/// <inheritdoc cref="WebhookBacklogJson"/>
public sealed class WebhookStateCodec : IStateCodec<WebhookState>
{
    public void Write(Utf8JsonWriter writer, WebhookState state) => WebhookBacklogJson.Write(writer, state.Backlog);

    public WebhookState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new WebhookState { Backlog = WebhookBacklogJson.Read(document.RootElement) };
    }
}
