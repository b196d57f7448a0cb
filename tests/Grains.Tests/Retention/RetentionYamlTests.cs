using Customer360.Grains.Tests.Support;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Retention;

namespace Customer360.Grains.Tests.Retention;

public sealed class RetentionYamlTests
{
    [Fact]
    public void Read_WhenItIsTheExample_GivesEachRequestItsDays()
    {
        RetentionPolicy policy = Read(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "retention.yaml"))
        ).Body!.Base;

        Assert.Equal((14, 21, 30), (policy.DaysFor("Erasure"), policy.DaysFor("access"), policy.DaysFor("objection")));
    }

    [Theory]
    [InlineData("deadlines: {default: 30}")]
    [InlineData("deadlines: {}\nowner: {team: privacy, contact: me}\ndeadlines2: 1", "deadlines2")]
    [InlineData("deadlines: {erasure: 91}", "deadlines.erasure: It must be a whole number from 1 to 90.")]
    [InlineData("deadlines: {erasure: soon}", "deadlines.erasure: It must be a whole number from 1 to 90.")]
    [InlineData("deadlines: {oblivion: 3}", "deadlines.oblivion: There is no such rule here.")]
    [InlineData("examples: [{input: {request: erasure}, expect: {days: 3}}]\ndeadlines: {erasure: 4}", "examples[0]")]
    [InlineData("messages: {default: {days: 30}}")]
    [InlineData(
        "deadlines: {default: 30}\nmessages: {default: {}}",
        "messages.default: It must say days, or fields with days."
    )]
    [InlineData(
        "messages: {default: {days: 0}}",
        "messages.default.days: It must be a whole number of days from 1 to 36500, or keep."
    )]
    [InlineData("messages: {default: {days: forever}}", "messages.default.days: It must be")]
    [InlineData("messages: {kinds: {visit: {days: 3}}}", "messages.kinds.visit: There is no such kind of message.")]
    [InlineData(
        "messages: {kinds: {page: {fields: {private: 3}}}}",
        "fields.private: There is no such class of fields."
    )]
    [InlineData("messages: {events: {Order: {hours: 3}}}", "messages.events.Order.hours: There is no such rule here.")]
    [InlineData(
        "messages: {default: {days: 30}}\noverrides: {eu: {messages: {default: {days: 0}}}}",
        "overrides.eu.messages.default.days"
    )]
    [InlineData(
        "messages: {default: {days: 30}}\noverrides: {eu: {deadlines: {default: 5}}}",
        "overrides.eu.deadlines"
    )]
    [InlineData(
        "messages: {default: {days: 30}}\nexamples: [{input: {kind: page}, expect: {days: 31}}]",
        "The example fails: the policy comes to '30'."
    )]
    [InlineData(
        "messages: {default: {days: 30}}\nexamples: [{input: {kind: visit}, expect: {days: 30}}]",
        "no such kind"
    )]
    [InlineData(
        "messages: {default: {days: 30}}\nexamples: [{input: {kind: page, class: x}, expect: {days: 30}}]",
        "no such class"
    )]
    [InlineData(
        "examples: [{input: {request: sale}, expect: {days: 30}}]\ndeadlines: {default: 30}",
        "no such kind of request"
    )]
    public void Read_WhenAFaultIsInIt_NamesIt(string yaml, string fault = "") =>
        Assert.Equal(
            fault.Length > 0,
            Read(yaml).Faults.Any(one => one.ToString().Contains(fault, StringComparison.Ordinal))
        );

    [Fact]
    public void Version_WhenTheFileSaysWhatIsBuiltIn_IsTheSame() =>
        Assert.Equal(
            Read(Policies.Kinds.Of<RetentionPolicy>().BuiltIn).Body!.Version,
            Read("# nothing of our own\ndeadlines:\n  default: 30").Body!.Version
        );

    [Fact]
    public void Read_WhenItIsTheExample_SaysHowLongEachMessageIsKept()
    {
        PolicyBody<RetentionPolicy> body = Read(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "retention.yaml"))
        ).Body!;

        Assert.Equal(new RetentionTerm(180, "kinds.page.days"), body.Base.Messages.TermOf(EventKind.Page, "Home"));
        Assert.Null(body.Base.Messages.TermOf(EventKind.Track, "Order Completed"));
        Assert.Equal(
            new RetentionTerm(90, "default.fields.sensitive"),
            body.Base.Messages.TermOf(EventKind.Track, "Order Completed", FieldClass.Sensitive)
        );
        Assert.Equal(
            new RetentionTerm(90, "kinds.page.days"),
            body.Overrides["eu"].Messages.TermOf(EventKind.Page, "Home")
        );
    }

    [Fact]
    public void Version_WhenAnythingThatIsSaidChanges_IsAnother()
    {
        string[] versions =
        [
            .. new[]
            {
                "messages: {default: {days: 30}}",
                "messages: {default: {days: keep}}",
                "messages: {default: {fields: {personal: 30}}}",
                "messages: {default: {fields: {secret: 30}}}",
                "messages: {kinds: {page: {days: 30}}}",
                "messages: {events: {page: {days: 30}}}",
                "messages: {default: {days: 30}}\noverrides: {eu: {messages: {default: {days: 29}}}}",
            }.Select(yaml => Read(yaml).Body!.Version),
        ];

        Assert.Equal(versions.Distinct(StringComparer.Ordinal), versions);
    }

    private static PolicyReading<RetentionPolicy> Read(string yaml) => Policies.Kinds.Read<RetentionPolicy>(yaml);
}
