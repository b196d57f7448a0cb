using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Rules.Tests.Privacy.OpenDsr;

/// <summary>Which bodies are requests, and what is said of others.</summary>
public sealed class OpenDsrRequestReaderTests
{
    private const string Email = "johndoe@example.com";

    /// <summary>The example of the specification, 7.2. It has no regulation.</summary>
    private const string Example = """
        {
          "subject_request_id": "a7551968-d5d6-44b2-9831-815ac9017798",
          "subject_request_type": "erasure",
          "submitted_time": "2018-10-02T15:00:00Z",
          "subject_identities": [
            { "identity_type": "email", "identity_value": "johndoe@example.com", "identity_format": "raw" }
          ],
          "api_version": "2.0",
          "status_callback_urls": ["https://examplecontroller.com/opendsr/callbacks"],
          "extensions": {
            "example-processor.com": { "foo-processor-custom-id": 123456, "property_id": "123456" },
            "example-other-processor.com": { "foo-other-processor-custom-id": 654321 }
          }
        }
        """;

    [Fact]
    public void Read_OfTheSpecificationsExample_IsTheRequest()
    {
        OpenDsrRequest request = Read(Example).Value!;

        Assert.Equal("a7551968-d5d6-44b2-9831-815ac9017798", request.Id);
        Assert.Equal(("gdpr", OpenDsrRequestType.Erasure), (request.Regulation, request.Type));
        Assert.Equal([new OpenDsrIdentity("email", Email)], request.Identities.AsEnumerable());
        Assert.Equal(["https://examplecontroller.com/opendsr/callbacks"], request.CallbackUrls.AsEnumerable());
    }

    [Theory]
    [InlineData("controller_customer_id", "user_id")]
    [InlineData("email", "email")]
    [InlineData("android_advertising_id", "android.idfa")]
    [InlineData("android_id", "android.id")]
    [InlineData("ios_advertising_id", "ios.idfa")]
    [InlineData("ios_vendor_id", "ios.id")]
    public void Read_OfATypeThatIsOneOfOurs_HasOurs(string type, string ours)
    {
        OpenDsrRequest request = Read(With(body => Identity(body)["identity_type"] = type)).Value!;

        Assert.Equal(ours, Assert.Single(request.Identities).Type);
    }

    [Theory]
    [InlineData("fire_advertising_id")]
    [InlineData("microsoft_advertising_id")]
    [InlineData("microsoft_publisher_id")]
    [InlineData("roku_publisher_id")]
    [InlineData("roku_advertising_id")]
    [InlineData("EMAIL")]
    [InlineData("phone")]
    public void Read_OfATypeThatIsNoneOfOurs_IsRefused(string type) =>
        Refused(With(body => Identity(body)["identity_type"] = type), "unsupported_identity_type");

    [Theory]
    [InlineData("md5")]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void Read_OfAHash_IsRefused(string format) =>
        Refused(With(body => Identity(body)["identity_format"] = format), "unsupported_identity_format");

    [Theory]
    [InlineData("A7551968-D5D6-44B2-9831-815AC9017798")]
    [InlineData("a7551968-d5d6-14b2-9831-815ac9017798")]
    [InlineData("a7551968-d5d6-44b2-c831-815ac9017798")]
    [InlineData("{a7551968-d5d6-44b2-9831-815ac9017798}")]
    [InlineData("a7551968d5d644b29831815ac9017798")]
    [InlineData("7")]
    [InlineData("")]
    public void Read_OfAnIdThatIsNoUuidOfVersionFour_IsRefused(string id) =>
        Refused(With(body => body["subject_request_id"] = id), "invalid_field");

    [Theory]
    [InlineData("subject_request_id", "required")]
    [InlineData("subject_request_type", "required")]
    [InlineData("submitted_time", "required")]
    [InlineData("subject_identities", "invalid_field")]
    public void Read_WithoutARequiredMember_SaysWhich(string member, string reason)
    {
        OpenDsrFault fault = Refused(With(body => body.Remove(member)), reason);

        Assert.Contains(member, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("subject_request_type", "\"rectification\"", "unsupported_subject_request_type")]
    [InlineData("submitted_time", "\"yesterday\"", "invalid_field")]
    [InlineData("submitted_time", "\"2018-10-02\"", "invalid_field")]
    [InlineData("submitted_time", "\"2018-10-02T15:00:00\"", "invalid_field")]
    [InlineData("submitted_time", "1538492400", "required")]
    [InlineData("api_version", "\"3.0\"", "unsupported_api_version")]
    [InlineData("api_version", "2", "unsupported_api_version")]
    [InlineData("regulation", "\"lgpd\"", "unsupported_regulation")]
    [InlineData("regulation", "null", "unsupported_regulation")]
    [InlineData("extensions", "[]", "invalid_field")]
    [InlineData("subject_identities", "[]", "invalid_field")]
    [InlineData("subject_identities", "[null]", "invalid_field")]
    [InlineData("subject_identities", "{}", "invalid_field")]
    [InlineData("status_callback_urls", "\"https://x.example\"", "invalid_field")]
    [InlineData("status_callback_urls", "[7]", "invalid_callback_url")]
    [InlineData("status_callback_urls", "[\"http://x.example\"]", "invalid_callback_url")]
    [InlineData("status_callback_urls", "[\"https://10.0.0.1\"]", "invalid_callback_url")]
    [InlineData("status_callback_urls", "[\"https://x.example/johndoe%40example.com\"]", "invalid_callback_url")]
    [InlineData("status_callback_urls", "[\"https://x.example/?who=JohnDoe@example.com\"]", "invalid_callback_url")]
    public void Read_OfAMemberThatDoesNotFit_SaysWhy(string member, string json, string reason) =>
        Refused(With(body => body[member] = JsonNode.Parse(json)), reason);

    [Theory]
    [InlineData("submitted_time", "\"2018-10-02T15:00:00.123+02:00\"")]
    [InlineData("api_version", "\"1.0\"")]
    [InlineData("regulation", "\"ccpa\"")]
    [InlineData("extensions", "null")]
    [InlineData("status_callback_urls", "null")]
    [InlineData("status_callback_urls", "[]")]
    [InlineData("skip_waiting_period", "true")]
    public void Read_OfWhatSendersAlsoWrite_IsTaken(string member, string json) =>
        Assert.True(Read(With(body => body[member] = JsonNode.Parse(json))).Succeeded);

    [Fact]
    public void Read_OfTooMany_IsRefused()
    {
        Refused(
            With(body =>
                body["subject_identities"] = new JsonArray([
                    .. Enumerable.Range(0, 101).Select(_ => Identity(body).DeepClone()),
                ])
            ),
            "invalid_field"
        );
        Refused(
            With(body =>
                body["status_callback_urls"] = new JsonArray([
                    .. Enumerable.Range(0, 6).Select(place => JsonValue.Create($"https://{place}.example")),
                ])
            ),
            "invalid_field"
        );
        Refused(With(body => Identity(body)["identity_value"] = new string('a', 1_025)), "invalid_field");
    }

    [Fact]
    public void Read_OfAUrlTwice_TellsItOnce()
    {
        OpenDsrRequest request = Read(
            With(body => body["status_callback_urls"] = new JsonArray("https://x.example/", "https://x.example/"))
        ).Value!;

        Assert.Single(request.CallbackUrls);
    }

    [Fact]
    public void Read_OfABodyWithManyFaults_TellsThemAllAndNoValue()
    {
        Outcome<OpenDsrRequest> read = Read("""{"subject_identities":[{"identity_type":"johndoe@example.com"}]}""");

        var refusal = Assert.IsType<OpenDsrInvalid>(read.Refusal);
        Assert.Equal(4, refusal.Faults.Length);
        Assert.DoesNotContain(refusal.Faults, fault => fault.Message.Contains("johndoe", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void Read_OfNoObject_IsRefused(string body) => Refused(body, "invalid_json");

    private static Outcome<OpenDsrRequest> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return OpenDsrRequestReader.Read(document.RootElement, ImmutableHashSet<string>.Empty);
    }

    private static OpenDsrFault Refused(string json, string reason)
    {
        OpenDsrFault fault = Assert.Single(Assert.IsType<OpenDsrInvalid>(Read(json).Refusal).Faults);
        Assert.Equal(reason, fault.Reason);
        Assert.DoesNotContain("doe", fault.Message, StringComparison.OrdinalIgnoreCase);
        return fault;
    }

    private static string With(Action<JsonObject> change)
    {
        JsonObject body = JsonNode.Parse(Example)!.AsObject();
        change(body);
        return body.ToJsonString();
    }

    private static JsonObject Identity(JsonObject body) => body["subject_identities"]![0]!.AsObject();
}
