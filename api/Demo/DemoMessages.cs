using System.Globalization;
using System.Text.Json.Nodes;

namespace Customer360.Api.Demo;

/// <summary>A message as SDKs send it.</summary>
/// <param name="Id">Follows from the seed, so that a repeat is recognised.</param>
internal sealed record DemoMessage(string Id, DateTimeOffset At, JsonObject Json);

/// <summary>What the people of the demo do in ninety days, as messages in the order of their times. Pure, as <see cref="DemoCompany"/> is.</summary>
internal sealed class DemoMessages(DemoCompany company, DateTimeOffset until)
{
    public const int Days = 90;

    private const int MinutesADay = 24 * 60;

    /// <summary>The first message that is sent. Its time says when the ninety days end, so that a later run goes on with the same.</summary>
    public static string MarkerId(long seed) => string.Create(CultureInfo.InvariantCulture, $"demo-{seed}-begin");

    public IReadOnlyList<DemoMessage> All()
    {
        List<DemoMessage> messages = [];
        foreach (DemoAccount account in company.Accounts)
        {
            messages.Add(Group(account));
        }

        foreach (DemoPerson person in company.People)
        {
            messages.AddRange(new Life(company.Seed, person, until).Messages());
        }

        messages.AddRange(company.WrongMerges.SelectMany((pair, number) => Mistake(pair.Owner, pair.Guest, number)));
        return [.. messages.OrderBy(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal)];
    }

    /// <summary>What says that this grid has the demo, and since when.</summary>
    public DemoMessage Marker()
    {
        string id = MarkerId(company.Seed);
        return Message(id, until, "track", ("event", "Demo Filled"), ("anonymousId", id));
    }

    private DemoMessage Group(DemoAccount account)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"demo-{company.Seed}-{account.Id}");
        return Message(
            id,
            until.AddDays(-Days),
            "group",
            ("groupId", account.Id),
            // Somebody who works there tells of the company.
            ("anonymousId", company.People.FirstOrDefault(one => one.Account == account)?.Devices[0] ?? id),
            (
                "traits",
                new JsonObject
                {
                    ["name"] = account.Name,
                    ["domain"] = account.Domain,
                    ["industry"] = account.Industry,
                    ["country"] = account.Country,
                    ["territory"] = account.Territory,
                    ["employees"] = account.Employees,
                }
            )
        );
    }

    /// <summary>Both give the number of the reception for their own.</summary>
    private IEnumerable<DemoMessage> Mistake(DemoPerson owner, DemoPerson guest, int number)
    {
        var dice = new DemoDice(company.Seed, string.Create(CultureInfo.InvariantCulture, $"reception {number}"));
        string phone = string.Create(CultureInfo.InvariantCulture, $"+1415555{dice.Between(1_000, 9_999)}");
        DateTimeOffset at = until.AddDays(-1).AddHours(-number);
        foreach (DemoPerson person in (DemoPerson[])[owner, guest])
        {
            at = at.AddMinutes(10);
            yield return Message(
                string.Create(CultureInfo.InvariantCulture, $"demo-{company.Seed}-mistake-{person.Number}"),
                at,
                "identify",
                ("anonymousId", person.Devices[0]),
                ("traits", new JsonObject { ["email"] = person.Email, ["phone"] = phone })
            );
        }
    }

    private static DemoMessage Message(
        string id,
        DateTimeOffset at,
        string type,
        params (string Name, JsonNode? Value)[] members
    )
    {
        var json = new JsonObject
        {
            ["type"] = type,
            ["messageId"] = id,
            ["timestamp"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        foreach ((string name, JsonNode? value) in members)
        {
            json[name] = value;
        }

        return new DemoMessage(id, at, json);
    }

    /// <summary>One person's ninety days.</summary>
    private sealed class Life(long seed, DemoPerson person, DateTimeOffset until)
    {
        private readonly DemoDice _dice = new(
            seed,
            string.Create(CultureInfo.InvariantCulture, $"life {person.Number}")
        );
        private readonly List<DemoMessage> _messages = [];

        public List<DemoMessage> Messages()
        {
            DateTimeOffset[] sessions =
            [
                .. Enumerable
                    .Range(0, _dice.Between(person.Devices.Length, person.Devices.Length + 4))
                    .Select(_ => until.AddMinutes(-_dice.Between(60, Days * MinutesADay)))
                    .Order(),
            ];
            for (int session = 0; session < sessions.Length; session++)
            {
                // Every device is used, the first one first.
                string device = person.Devices[Math.Min(session, person.Devices.Length - 1)];
                Session(sessions[session], device, session);
            }

            return _messages;
        }

        private void Session(DateTimeOffset at, string device, int number)
        {
            int pages = _dice.Between(1, 6);
            for (int page = 0; page < pages; page++)
            {
                (string name, string path) = _dice.Pick(DemoNames.Pages);
                Add(
                    at,
                    device,
                    "track",
                    ("event", "Page Viewed"),
                    ("properties", new JsonObject { ["title"] = name, ["path"] = path })
                );
                at = at.AddSeconds(_dice.Between(5, 180));
            }

            if (person.Kind == DemoKind.Visitor)
            {
                return;
            }

            if (number < person.Devices.Length)
            {
                Identify(at, device, isFirst: number == 0);
            }

            if (number == 0)
            {
                Begin(at.AddSeconds(20), device);
            }
            else
            {
                GoOn(at.AddSeconds(20), device);
            }
        }

        private void Identify(DateTimeOffset at, string device, bool isFirst)
        {
            var traits = new JsonObject { ["email"] = person.Email };
            if (isFirst)
            {
                traits["firstName"] = person.FirstName;
                traits["lastName"] = person.LastName;
                traits["jobTitle"] = person.Title;
                traits["leadSource"] = _dice.Pick(DemoNames.LeadSources);
                if (person.Kind == DemoKind.User)
                {
                    traits["plan"] = _dice.Pick(DemoNames.Plans);
                }

                if (person.Account is { } account)
                {
                    traits["company"] = account.Name;
                    traits["employees"] = account.Employees;
                    traits["country"] = account.Country;
                    traits["language"] = account.Language;
                    traits["territory"] = account.Territory;
                }
            }

            string ads = _dice.Chance(55) ? "granted" : "denied";
            string analytics = _dice.Chance(80) ? "granted" : "denied";
            Add(
                at,
                device,
                "identify",
                ("traits", traits),
                (
                    "context",
                    new JsonObject
                    {
                        ["consent"] = new JsonObject
                        {
                            ["google"] = new JsonObject
                            {
                                ["ad_storage"] = ads,
                                ["ad_user_data"] = ads,
                                ["ad_personalization"] = ads,
                                ["analytics_storage"] = analytics,
                            },
                        },
                    }
                )
            );
            if (isFirst && person.Account is { } employer)
            {
                Add(at.AddSeconds(5), device, "group", ("groupId", employer.Id));
            }
        }

        private void Begin(DateTimeOffset at, string device)
        {
            if (person.Kind == DemoKind.User)
            {
                Add(at, device, "track", ("event", "Signed Up"));
                return;
            }

            Add(
                at,
                device,
                "track",
                ("event", "Form Submitted"),
                ("properties", new JsonObject { ["form"] = "contact" })
            );
            if (_dice.Chance(35))
            {
                // Lately, or it would have faded by now.
                Add(
                    until.AddMinutes(-_dice.Between(90, 20 * MinutesADay)),
                    device,
                    "track",
                    ("event", "Demo Requested")
                );
            }
        }

        private void GoOn(DateTimeOffset at, string device)
        {
            if (person.Kind == DemoKind.Contact)
            {
                if (_dice.Chance(25))
                {
                    Add(at, device, "track", ("event", "Webinar Attended"));
                }

                return;
            }

            Add(
                at,
                device,
                "track",
                ("event", "Feature Used"),
                (
                    "properties",
                    new JsonObject { ["feature"] = _dice.Pick((string[])["import", "report", "share", "api"]) }
                )
            );
            if (_dice.Chance(15))
            {
                Add(
                    at.AddSeconds(30),
                    device,
                    "track",
                    ("event", "Order Completed"),
                    ("properties", new JsonObject { ["total"] = _dice.Between(19, 499), ["currency"] = "EUR" })
                );
            }
        }

        private void Add(DateTimeOffset at, string device, string type, params (string Name, JsonNode? Value)[] members)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"demo-{seed}-{person.Number}-{_messages.Count}");
            List<(string, JsonNode?)> all = [("anonymousId", device), .. members];
            if (person.UserId is { } userId && (type is "identify" or "group" || IsKnown()))
            {
                all.Insert(0, ("userId", userId));
            }

            _messages.Add(Message(id, at, type, [.. all]));
        }

        private bool IsKnown() => _messages.Any(one => (string?)one.Json["type"] == "identify");
    }
}
