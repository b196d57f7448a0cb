using System.Text;
using Customer360.Rules.Destinations;
using Customer360.Rules.Tests.Conditions;
using static Customer360.Rules.Tests.Destinations.Items;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>Requests by a template: what is filled in, what is left out, and what can't be led elsewhere.</summary>
public sealed class HttpTemplateTests
{
    private static readonly DestinationPolicyKind s_kind = new();

    [Fact]
    public void Body_IsFilledIn_AndWhatHasNoValueIsLeftOut()
    {
        HttpOptions options = OptionsOf(
            """
                  body:
                    event_id: $.id
                    user:
                      em: {from: identifiers.email, as: [meta.email]}
                      ph: {from: identifiers.phone, as: [meta.phone]}
                      plan: $.traits.plan
                      nothing: $.traits.nothing
                    tags: [grid, $.type, 3]
                    test: {value: true}
            """
        );

        byte[] body = HttpTemplate.BodyOf(
            options.Body,
            Person("c_1", "jane.doe@example.com", ("plan", "\"pro\""), ("nothing", "null")).Content
        );

        Assert.Equal(
            $$"""{"event_id":"{{Changed(customer: "c_1").Effect.Id}}","user":{"em":"86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d","plan":"pro"},"tags":["grid","profile.changed",3],"test":true}""",
            Encoding.UTF8.GetString(body)
        );
    }

    [Fact]
    public void Body_WithoutATemplate_IsThatOfWebhooks()
    {
        DeliveryContent content = Person("c_1", "a@x.com").Content;

        Assert.Equal(DeliveryJson.Of(content), HttpTemplate.BodyOf(OptionsOf("").Body, content));
    }

    [Fact]
    public void Address_IsFilledInBehindItsHost_AndEncoded()
    {
        DeliveryContent content = Person("c_1", "a/b?c=d@x.com").Content;

        Assert.Equal(
            "https://api.example.com/users/a%2Fb%3Fc%3Dd%40x.com/c_1",
            HttpTemplate
                .AddressOf("https://api.example.com/users/{identifiers.email}/{customerId}", content)!
                .AbsoluteUri
        );
        Assert.Null(HttpTemplate.AddressOf("https://api.example.com/users/{identifiers.phone}", content));
    }

    [Theory]
    [InlineData("https://api.example.com/users/{customerId}", ".")]
    [InlineData("https://api.example.com/users/{customerId}", "..")]
    [InlineData("https://api.example.com/users/{customerId}/data", "..")]
    [InlineData("https://api.example.com/users/{customerId}{customerId}", ".")]
    [InlineData("https://api.example.com/users/.{customerId}?x=1", ".")]
    public void Address_ThatWouldBeFolded_IsNone(string address, string value) =>
        Assert.Null(HttpTemplate.AddressOf(address, new DeliveryContent(Changed().Effect, value)));

    [Theory]
    [InlineData("https://api.example.com/users?id={customerId}", "..", "https://api.example.com/users?id=..")]
    [InlineData("https://api.example.com/users/{customerId}", "...", "https://api.example.com/users/...")]
    [InlineData("https://api.example.com/users/{customerId}", "%2e%2e", "https://api.example.com/users/%252e%252e")]
    [InlineData("https://api.example.com/users/{customerId}", "a/../b", "https://api.example.com/users/a%2F..%2Fb")]
    [InlineData("https://api.example.com/users/{customerId}", "a\\..", "https://api.example.com/users/a%5C..")]
    public void Address_ThatOnlyLooksSo_IsWhatItSays(string address, string value, string expected) =>
        Assert.Equal(
            expected,
            HttpTemplate.AddressOf(address, new DeliveryContent(Changed().Effect, value))!.AbsoluteUri
        );

    [Fact]
    public void Headers_TakeTheirSecretsFromSettings()
    {
        HttpOptions options = OptionsOf("""      headers: {Authorization: "Bearer {secret.TOKEN}", X-Region: eu}""");

        Assert.Equal(["TOKEN"], HttpTemplate.SecretsOf(options));
        Assert.Equal(
            [("Authorization", "Bearer t0k3n"), ("X-Region", "eu")],
            HttpTemplate.HeadersOf(options, name => name == "TOKEN" ? "t0k3n" : null)!.Value.AsEnumerable()
        );
        Assert.Null(HttpTemplate.HeadersOf(options, _ => null));
    }

    private static HttpOptions OptionsOf(string more)
    {
        string file = $$"""
            owner: {team: growth, contact: growth}
            destinations:
              ads:
                kind: http
                address: https://ads.example.com/x
                purpose: ads
                role: sales
                effects: [profile.changed]
            """;
        var reading = s_kind.ReadFile($"{file}\n{Indented(more)}", SmallYaml.Instance);
        Assert.Empty(reading.Faults);
        return reading.Body!.Base.Find("ads")!.Http!;
    }

    /// <summary>As members of the destination.</summary>
    private static string Indented(string more)
    {
        string[] lines = more.Split('\n');
        int margin = lines
            .Where(line => line.Trim().Length > 0)
            .Select(line => line.Length - line.TrimStart().Length)
            .DefaultIfEmpty(0)
            .Min();
        return string.Join('\n', lines.Where(line => line.Trim().Length > 0).Select(line => "    " + line[margin..]));
    }
}
