using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Security.Tokens;
using Customer360.Api.Settings;

namespace Customer360.Api.Mcp;

/// <summary>
/// <c>/.well-known/oauth-protected-resource</c> (RFC 9728): which provider gives tokens for <c>/mcp</c>. Without a configured issuer
/// there is none to name, and callers need a key.
/// </summary>
internal sealed class ResourceMetadata(TokenOptions tokens, PublicAddress address)
{
    public const string Path = "/.well-known/oauth-protected-resource";
    public const string PathOfMcp = Path + McpEndpoints.Path;

    /// <summary>What a 401 of <c>/mcp</c> says beside <c>Bearer</c>.</summary>
    public static string Challenge(HttpContext context) =>
        context.RequestServices.GetRequiredService<PublicAddress>().Of(context.Request) is { } own
            ? $"Bearer resource_metadata=\"{Join(own, PathOfMcp)}\""
            : "Bearer";

    public Task Get(HttpContext context)
    {
        Uri? own = address.Of(context.Request);
        context.Response.Headers.CacheControl = "public, max-age=300";
        return JsonAnswer.Write(context.Response, writer => Write(writer, own));
    }

    private void Write(Utf8JsonWriter writer, Uri? own)
    {
        writer.WriteStartObject();
        writer.WriteString("resource"u8, own is null ? McpEndpoints.Path : Join(own, McpEndpoints.Path));
        writer.WriteString("resource_name"u8, "Customer 360 Grid"u8);
        writer.WriteStartArray("authorization_servers"u8);
        if (tokens.IsOn)
        {
            writer.WriteStringValue(tokens.Issuer);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("bearer_methods_supported"u8);
        writer.WriteStringValue("header"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Join(Uri own, string path) => own.AbsoluteUri.TrimEnd('/') + path;
}
