using System.Text;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Names;

namespace Customer360.Rules.Tests.Profiles.Names;

/// <summary>By which words somebody is found.</summary>
public sealed class PersonNamesTests
{
    [Fact]
    public void Words_OfTraits_AreThoseOfNames_ByTheFieldsThatHaveThem()
    {
        NameWord[] words =
        [
            .. PersonNames.Of([
                Said("lastName", "\"Doe\"", "crm"),
                Said("name", "\"Jane Doe\"", "app"),
                Said("firstName", "\"J\\u00e4ne\"", "app"),
                Said("nickname", "\"Janey\"", "app"),
                Said("name", "12", "web"),
                Said("name", "null", "old"),
                Said("name", "{\"first\":\"x\"}", "odd"),
            ]),
        ];

        Assert.Equal(
            [
                new NameWord("doe", NameFields.LastName | NameFields.Name),
                new NameWord("jane", NameFields.FirstName | NameFields.Name),
            ],
            words
        );
    }

    [Fact]
    public void Words_OfOnePerson_AreBounded() =>
        Assert.Equal(
            PersonNames.WordsMax,
            PersonNames
                .Of(Enumerable.Range(0, 200).Select(number => Said("name", $"\"name{number}\"", $"source{number}")))
                .Length
        );

    private static Trait Said(string name, string json, string source) =>
        new(name, source, Encoding.UTF8.GetBytes(json), DateTimeOffset.UnixEpoch, "m", default);
}
