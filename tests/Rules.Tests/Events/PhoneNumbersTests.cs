using Customer360.Rules.Identifiers;

namespace Customer360.Rules.Tests.Events;

public sealed class PhoneNumbersTests
{
    [Theory]
    [InlineData("(415) 555-0132", "US", "+14155550132")]
    [InlineData("1-415-555-0132", "US", "+14155550132")]
    [InlineData("14155550132", "US", "+14155550132")]
    [InlineData("011 44 20 7946 0018", "US", "+442079460018")]
    [InlineData("+44 (0)20 7946 0018", "US", "+442079460018")]
    [InlineData("020 7946 0018", "GB", "+442079460018")]
    [InlineData("tel:+49-30-901820", "US", "+4930901820")]
    [InlineData("0151 23456789", "DE", "+4915123456789")]
    [InlineData("4915123456789", "DE", "+4915123456789")]
    [InlineData("0049 151 23456789", "DE", "+4915123456789")]
    [InlineData("06 1234 5678", "IT", "+390612345678")]
    [InlineData("8 (912) 345-67-89", "RU", "+79123456789")]
    [InlineData("06 20 123 4567", "HU", "+36201234567")]
    [InlineData("9123456789", "IN", "+919123456789")]
    [InlineData("090-1234-5678", "JP", "+819012345678")]
    [InlineData("010 1 415 555 0132", "JP", "+14155550132")]
    [InlineData("+881 612 345 678", "US", "+881612345678")]
    [InlineData("＋１４１５５５５０１３２", "DE", "+14155550132")]
    [InlineData("+1 415\u20115550132", "US", "+14155550132")]
    public void ToE164_WhenNumberIsPossible_WritesIt(string text, string region, string expected) =>
        Assert.Equal(expected, PhoneText.Of(text, region, Messages.Phones));

    [Theory]
    [InlineData("911", "US")]
    [InlineData("555-0132", "US")]
    [InlineData("115 555 0132", "US")]
    [InlineData("415 155 0132", "US")]
    [InlineData("9999999999", "US")]
    [InlineData("+1 415 555 0132 x12", "US")]
    [InlineData("1-800-FLOWERS", "US")]
    [InlineData("+999 123456789", "US")]
    [InlineData("++14155550132", "US")]
    [InlineData("415+5550132", "US")]
    [InlineData("+", "US")]
    [InlineData("", "US")]
    [InlineData("()", "US")]
    [InlineData("0", "DE")]
    [InlineData("+49", "US")]
    [InlineData("+1234567890123456789012345678901234567890123", "US")]
    [InlineData("4155550132", "??")]
    public void ToE164_WhenNumberCannotBe_IsNull(string text, string region) =>
        Assert.Null(PhoneText.Of(text, region, Messages.Phones));
}
