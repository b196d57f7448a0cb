namespace Customer360.Rules.Crm.Verification;

/// <summary>What a sender proves itself by: everything of its request that a signature can be over.</summary>
/// <param name="Method">In capitals: <c>POST</c>.</param>
/// <param name="Url">
/// As the sender knows it, with scheme, public host, path and query, escapes as sent. Behind a proxy that is another address
/// than the one that the request arrived at.
/// </param>
/// <param name="Body">The bytes as sent: a body that was parsed and written again has another signature.</param>
/// <param name="Header">A header's value by its name, whatever its case; null where there is none.</param>
/// <param name="Query">The value of a parameter of the query; null where there is none.</param>
public sealed record WebhookRequest(
    string Method,
    string Url,
    ReadOnlyMemory<byte> Body,
    Func<string, string?> Header,
    Func<string, string?> Query
);
