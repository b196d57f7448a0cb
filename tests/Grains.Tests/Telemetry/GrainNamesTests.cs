using System.Globalization;
using Customer360.Silo.Telemetry;

namespace Customer360.Grains.Tests.Telemetry;

public sealed class GrainNamesTests
{
    private readonly GrainNames _names = new();

    /// <summary>A new kind of grain is hidden until it is listed as one whose keys name nobody; this shows which are.</summary>
    [Fact]
    public void HiddenKinds_OfTheGrid_AreThoseWhoseKeysNamePeople() =>
        Assert.Equal(["account", "account-domain", "company", "identifier", "sales-person"], _names.HiddenKinds);

    [Fact]
    public void Name_OfAnIdentifier_IsTheSameInOneProcessAndAnotherInTheNext()
    {
        GrainId grainId = GrainId.Create("identifier", "email:jane@x.com");

        Assert.Matches("^identifier#[0-9a-f]{8}$", _names.Of(grainId));
        Assert.Equal(_names.Of(grainId), _names.Of(grainId));
        Assert.NotEqual(_names.Of(grainId), new GrainNames().Of(grainId));
        Assert.NotEqual(_names.Of(grainId), _names.Of(GrainId.Create("identifier", "email:joe@x.com")));
    }

    [Theory]
    [InlineData("customer/c_1")]
    [InlineData("intake/3")]
    [InlineData("sys.svc.dir.grain.part/127.0.0.1:1@2")]
    public void Name_WhereTheKeyNamesNobody_IsTheId(string grainId) =>
        Assert.Equal(grainId, _names.Of(GrainId.Parse(grainId, CultureInfo.InvariantCulture)));

    [Fact]
    public void Name_OfAKindThatNobodyThoughtAbout_IsHidden() =>
        Assert.StartsWith(
            "new-kind#",
            _names.Of(GrainId.Parse("new-kind/jane", CultureInfo.InvariantCulture)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("Error for grain identifier/email:j] x@y (null)", "Error for grain identifier#…")]
    [InlineData("GrainReference:account/Jane's Bakery:IAccountGrain", "GrainReference:account#…")]
    [InlineData("Partition 3 of intake/3 waits.", "Partition 3 of intake/3 waits.")]
    public void Text_WithAKeyThatNamesSomebody_EndsThere(string text, string expected) =>
        Assert.Equal(expected, _names.WithoutKeys(text));
}
