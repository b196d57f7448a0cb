using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Customer360.Api.Security;
using Customer360.Rules.Access;

namespace Customer360.Api.Tests.Access;

/// <summary>A real grid with a person of whom all kinds of things are known, an access policy, and a key for each of its roles.</summary>
public sealed class AccessWorld : IAsyncLifetime
{
    /// <summary>Sees masks of what is personal; may look up by user id alone.</summary>
    public const string Web = "web";

    /// <summary>Sees what is personal, and has two purposes.</summary>
    public const string Desk = "desk";

    /// <summary>Sees nothing of a person who has not consented.</summary>
    public const string Shop = "shop";

    /// <summary>Sends events, and may set one trait.</summary>
    public const string Sender = "sender";

    public const string Policy = """
        classes:
          public: [plan]
          internal: [user_id, "properties.*", "company.*"]
          personal: [email, phone, address, birthday, contacts]
          sensitive: ["health.*"]
          secret: [ssn, company.iban]
        purposes: [personalization, support, analytics]
        roles:
          web:
            purposes: [personalization]
            read: {public: allow, internal: allow, personal: {mask: hash}, phone: {mask: last4}, birthday: {mask: year}}
            sees: [accounts, events, activity, timeline, sources, overruled, explain, receipts, companies, members, quarantine]
          desk:
            purposes: [support, analytics]
            read: {public: allow, internal: allow, personal: allow, sensitive: {mask: full}}
            sees: [accounts, activity, companies]
          shop:
            purposes: [personalization]
            consent: required
            read: {public: allow, internal: allow, personal: allow}
            sees: [accounts, events, activity, timeline, explain, receipts, members, companies]
          sender:
            write: [public]
        owner: {team: privacy, contact: "#privacy"}
        examples:
          - {input: {role: web, purpose: personalization, field: ssn}, expect: {gives: withhold, because: class secret}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("c360-access-").FullName;
    private ProfilesHost? _host;

    /// <summary>Each with a value that stands nowhere else, and where it is.</summary>
    public static readonly (string Field, string Value)[] Fields =
    [
        ("plan", "value-of-plan"),
        ("email", "value-of-email@example.com"),
        ("phone", "+493012345678"),
        ("address", "value-of-address"),
        ("birthday", "1984-05-06"),
        ("contacts", "value-of-contacts"),
        ("health.notes", "value-of-health"),
        ("ssn", "value-of-ssn"),
        ("unlisted", "value-of-unlisted"),
    ];

    public ProfilesHost Host => _host!;

    public static string KeyOf(string role) => $"key-of-{role}";

    public async Task InitializeAsync()
    {
        _host = await ProfilesHost.StartReal(
            _folder,
            new(StringComparer.Ordinal) { ["Customer360:Access:MaskKey"] = new string('k', 32) },
            keys: Keys()
        );
        using var put = new HttpRequestMessage(HttpMethod.Put, "/v1/policies/access");
        put.Headers.Authorization = new("Bearer", ProfilesHost.AdminKey);
        put.Content = new StringContent(Policy, Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await Host.Client.SendAsync(put);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        await Host.Collect(
            """
            {"batch":[
              {"type":"identify","messageId":"m-1","userId":"u-jane","traits":{
                "plan":"value-of-plan","email":"value-of-email@example.com","phone":"+493012345678",
                "address":{"street":"value-of-address"},"birthday":"1984-05-06","contacts":["value-of-contacts"],
                "health":{"notes":"value-of-health"},"ssn":"value-of-ssn","unlisted":"value-of-unlisted"}},
              {"type":"track","event":"Bought","messageId":"m-2","userId":"u-jane","properties":{
                "total":12.5,"ssn":"value-of-ssn","nested":{"email":"value-of-email@example.com"}}},
              {"type":"group","groupId":"acme","messageId":"m-3","userId":"u-jane","traits":{
                "industry":"value-of-industry","iban":"value-of-iban"}},
              {"type":"identify","messageId":"m-4","userId":"u-john","traits":{"plan":"free"}}
            ]}
            """
        );
        using HttpResponseMessage other = await Send(
            HttpMethod.Post,
            "/v1/identify?wait=applied",
            "key-of-crm",
            """
            {"messageId":"m-5","userId":"u-jane","timestamp":"2020-01-01T00:00:00Z","traits":{
              "ssn":"value-of-ssn-overruled","phone":"+493099999999"}}
            """
        );
        Assert.True(other.IsSuccessStatusCode);
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public async Task<HttpResponseMessage> Send(
        HttpMethod method,
        string path,
        string key,
        string? json = null,
        string? tag = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        // Of a stream there is no whole body to wait for.
        return await Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The status and the body of what a role is answered.</summary>
    public async Task<(int Status, string Body)> Get(string role, string path)
    {
        using HttpResponseMessage response = await Send(HttpMethod.Get, path, KeyOf(role));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>What a role is shown; the answer must be 200.</summary>
    public async Task<JsonElement> Shown(string role, string path)
    {
        (int status, string body) = await Get(role, path);
        Assert.True(status == 200, $"{status} {body}");
        return ProfilesHost.Parse(body);
    }

    private static KnownKeys Keys()
    {
        (ApiKey, string)[] keys =
        [
            (new ApiKey("reader", Roles.Read), ProfilesHost.ReadKey),
            (new ApiKey("operator", Roles.Admin), ProfilesHost.AdminKey),
            (new ApiKey("site", Roles.Collect), ProfilesHost.CollectKey),
            (new ApiKey("crm", Roles.Collect), "key-of-crm"),
            (new ApiKey("limited", Roles.Collect) { RoleNames = [Sender] }, KeyOf(Sender)),
            .. ((string[])[Web, Desk, Shop]).Select(role =>
                // The flags open the routes of readers, as those of stored keys do; what is shown is the policy's affair.
                (new ApiKey(role, Roles.Read) { RoleNames = [role] }, KeyOf(role))
            ),
            (new ApiKey("fixed", Roles.None) { RoleNames = [Desk], Purposes = ["support"] }, "key-of-fixed"),
        ];
        return new KnownKeys(
            new ApiKeys(keys.Select(one => (one.Item1, Encoding.ASCII.GetBytes(one.Item2)))),
            Made: null
        );
    }
}
