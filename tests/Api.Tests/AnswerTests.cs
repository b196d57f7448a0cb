using System.Text;
using Customer360.Api.Tests.Support;

namespace Customer360.Api.Tests;

/// <summary>What holds of every answer.</summary>
public sealed class AnswerTests
{
    [Fact]
    public async Task Problem_WithAnApostrophe_IsWrittenAsPeopleReadIt()
    {
        using CollectHost host = new();

        HttpResponseMessage response = await host.Authorized.PostTextAsync("/v1/track?wait=never", Wire.Track);

        string text = await response.Content.ReadAsStringAsync();
        Assert.Contains("The parameter 'wait' is not valid", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipt_WithLettersOfAllKinds_IsWrittenAsTheyAre()
    {
        using CollectHost host = new();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/v1/batch", UriKind.Relative));
        request.Headers.Add("X-Receipts", "true");
        request.Content = new StringContent(Wire.Batch(Wire.TrackOf("u1", "José O'Neil")), Encoding.UTF8);

        using HttpResponseMessage response = await host.Authorized.SendAsync(request);

        Assert.Contains("\"José O'Neil\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/nothing")]
    [InlineData("/v1/receipts/m1")]
    public async Task Answer_OfWhateverKind_IsNotToBeTakenForAnother(string path)
    {
        using CollectHost host = new();

        using HttpResponseMessage response = await host.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }
}
