using Customer360.Rules.Destinations;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>What ad platforms are sent instead of what names a person.</summary>
public sealed class HashRulesTests
{
    private const string Jane = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d";
    private const string Gmail = "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69";

    [Theory]
    [InlineData("meta.email", " Jane.Doe@Example.com ", Jane)]
    [InlineData("linkedin.email", "JANE.DOE@example.com", Jane)]
    [InlineData("tiktok.email", "jane.doe@example.com", Jane)]
    [InlineData("google.email", "Jane.Doe@Example.com", Jane)]
    // All dots go, not only the first, and what follows a plus.
    [InlineData("google.email", "j.a.n.e.doe+news@GMAIL.com", Gmail)]
    // Another domain that begins so is another domain.
    [InlineData(
        "google.email",
        "jane.doe@gmail.company.de",
        "823235235be8d6dc94ab3ff49e35d5737dd3552ea2bd719950c93ef7410d921c"
    )]
    [InlineData(
        "google.phone",
        "+1 (415) 555-0132",
        "9e1919ad78a34fd67a84bfbcf2fea14074065517bea32e92924771c3f92e5462"
    )]
    [InlineData("tiktok.phone", "+14155550132", "9e1919ad78a34fd67a84bfbcf2fea14074065517bea32e92924771c3f92e5462")]
    [InlineData("meta.phone", "+1 (415) 555-0132", "11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51")]
    [InlineData("meta.phone", "0014155550132", "11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51")]
    // Names are in lower case, which is easily forgotten.
    [InlineData("google.name", " Jane ", "81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2")]
    [InlineData("meta.name", "Zoë", "2752b88686847fa5c86f47b94ce652b7b3f22a91c37617d451a4db9afa431450")]
    [InlineData("meta.name", "O'Neil", "67a42a846e98e3c1a96cd6ba14883a5ea05990cd93964ce8b832aa9497ca785c")]
    [InlineData("meta.city", "New York", "350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5")]
    [InlineData("meta.zip", "94103-1234", "91dc2519ea98c5002cf2091e6a12b772eafdce9dca618e626d7d3b8275361789")]
    [InlineData("meta.country", "US", "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621")]
    [InlineData("meta.state", "CA", "6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126")]
    [InlineData("meta.gender", "Female", "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111")]
    [InlineData("meta.birthday", "1987-02-15", "c5a5272557638dc7b1398f1b47de1746d575b775f644a5095ce926af94afc842")]
    [InlineData("mailchimp.email", "Jane.Doe@example.com", "0cba00ca3da1b283a57287bcceb17e35")]
    [InlineData("lower", " Jane ", "jane")]
    public void Apply_OfAValue_GivesThePlatformsForm(string rule, string value, string expected) =>
        Assert.Equal(expected, HashRules.Apply(rule, value));

    [Theory]
    [InlineData("google.phone", "415 555 0132")]
    [InlineData("meta.country", "USA")]
    [InlineData("meta.state", "California")]
    [InlineData("meta.gender", "unknown")]
    [InlineData("meta.birthday", "15 February")]
    [InlineData("meta.phone", "none")]
    [InlineData("google.email", "  ")]
    [InlineData("google.email", "+x@gmail.com")]
    public void Apply_OfAValueWithoutSuchAForm_GivesNothing(string rule, string value) =>
        Assert.Null(HashRules.Apply(rule, value));

    [Fact]
    public void Apply_OfWhatIsHashed_LeavesIt()
    {
        foreach (string rule in HashRules.Names.Where(rule => rule is not "mailchimp.email"))
        {
            Assert.Equal(Jane, HashRules.Apply(rule, Jane.ToUpperInvariant()));
        }
    }
}
