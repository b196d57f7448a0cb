using Customer360.Rules.Crm.Salesforce;

namespace Customer360.Rules.Tests.Crm.Salesforce;

public sealed class SalesforceIdTests
{
    [Theory]
    [InlineData("00D50000000IZ3Z", "00D50000000IZ3ZEAW")]
    [InlineData("0035e00000BmRkG", "0035e00000BmRkGAAV")]
    public void TryNormalize_WhenItHas15Characters_AddsItsCheck(string written, string expected)
    {
        Assert.True(SalesforceId.TryNormalize(written, out string? id));
        Assert.Equal(expected, id);
    }

    [Theory]
    [InlineData("0035e00000BmRkGAAV")]
    [InlineData("0035E00000BMRKGAAV")]
    [InlineData("0035e00000bmrkgaav")]
    public void TryNormalize_WhenACaseWasLost_TheCheckBringsItBack(string written)
    {
        Assert.True(SalesforceId.TryNormalize(written, out string? id));
        Assert.Equal("0035e00000BmRkGAAV", id);
    }

    [Fact]
    public void TryNormalize_WhenOnlyTheCaseDiffers_TheyAreTwoRecords()
    {
        Assert.True(SalesforceId.TryNormalize("0035e00000BmRkG", out string? one));
        Assert.True(SalesforceId.TryNormalize("0035e00000bMrKg", out string? other));

        Assert.NotEqual(one, other, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0035e00000BmRk")]
    [InlineData("0035e00000BmRkGA")]
    [InlineData("0035e00000BmRkGAAVA")]
    [InlineData("0035e00000BmRk!")]
    [InlineData("0035e00000BmRké")]
    // The check says that a digit is a capital, or is no character of a check.
    [InlineData("0035e00000BmRkG5AV")]
    [InlineData("0035e00000BmRkGAA9")]
    public void TryNormalize_WhenItIsNone_SaysSo(string? written)
    {
        Assert.False(SalesforceId.TryNormalize(written, out string? id));
        Assert.Null(id);
    }
}
