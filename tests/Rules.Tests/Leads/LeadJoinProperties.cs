using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Leads;
using FsCheck;
using FsCheck.Fluent;

namespace Customer360.Rules.Tests.Leads;

/// <summary>Whatever merges and splits come, a person has one open lead in each lifecycle; a failure names the seed.</summary>
public sealed class LeadJoinProperties
{
    private static readonly Config s_many = Config.QuickThrowOnFailure.WithMaxTest(1_000);
    private static readonly Arbitrary<int> s_seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();
    private static readonly DateTimeOffset s_day = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Plan_AfterAnyMergesAndSplits_LeavesOneOpenLeadOfEachLifecycle() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    List<List<LeadCard>> people = [.. Leads(random).Select(lead => new List<LeadCard> { lead })];
                    for (int step = 0; step < 30; step++)
                    {
                        if (people.Count > 1 && random.Next(2) == 0)
                        {
                            List<LeadCard> gone = people[random.Next(1, people.Count)];
                            people.Remove(gone);
                            people[0] = Joined([.. people[0], .. gone]);
                        }
                        else
                        {
                            List<LeadCard> parted = people[0];
                            int count = random.Next(parted.Count);
                            people.Add(Joined([.. parted.Take(count)]));
                            people[0] = Joined([.. parted.Skip(count)]);
                        }

                        if (!people.TrueForAll(IsSound))
                        {
                            return false;
                        }

                        people = [.. people.Where(one => one.Count > 0).OrderBy(_ => random.Next())];
                    }

                    return true;
                }
            )
            .Check(s_many);

    [Fact]
    public void Plan_OfASplit_GivesBackWhatWasBeforeTheMerge() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    LeadCard[] leads = [.. Leads(random)];
                    int count = random.Next(leads.Length + 1);
                    List<LeadCard> left = Joined([.. leads.Take(count)]);
                    List<LeadCard> right = Joined([.. leads.Skip(count)]);

                    List<LeadCard> merged = Joined([.. left, .. right]);

                    return Same(left, Joined(Of(merged, left))) && Same(right, Joined(Of(merged, right)));
                }
            )
            .Check(s_many);

    [Fact]
    public void Plan_OfLeadsInAnyOrder_IsTheSame() =>
        Prop.ForAll(
                s_seeds,
                seed =>
                {
                    var random = new Random(seed);
                    LeadCard[] leads = [.. Leads(random)];
                    ImmutableArray<LeadLinkChange> plan = LeadJoin.Plan(leads);
                    return plan.SequenceEqual(LeadJoin.Plan([.. leads.OrderBy(_ => random.Next())]))
                        && LeadJoin.Plan(Joined([.. leads])).IsEmpty;
                }
            )
            .Check(s_many);

    [Fact]
    public void Plan_OfTwoLeads_KeepsTheOneThatSomebodyWorksOn()
    {
        LeadCard older = new("l1", "new", LeadStatus.Offered, s_day, null);
        LeadCard accepted = new("l2", "new", LeadStatus.Accepted, s_day.AddDays(1), null);
        LeadCard other = new("l3", "renewal", LeadStatus.New, s_day, null);
        LeadCard closed = new("l0", "new", LeadStatus.Closed, s_day, null);

        Assert.Equal(
            [new LeadLinkChange("l1", null, "l2")],
            LeadJoin.Plan([older, accepted, other, closed]).AsEnumerable()
        );
        Assert.Empty(LeadJoin.Plan([closed, other]));
    }

    private static List<LeadCard> Of(List<LeadCard> merged, List<LeadCard> part) =>
        [.. merged.Where(lead => part.Exists(one => one.LeadId == lead.LeadId))];

    private static bool Same(List<LeadCard> left, List<LeadCard> right) =>
        left.OrderBy(one => one.LeadId, StringComparer.Ordinal)
            .SequenceEqual(right.OrderBy(one => one.LeadId, StringComparer.Ordinal));

    private static bool IsSound(List<LeadCard> leads)
    {
        var ids = leads.ToDictionary(lead => lead.LeadId);
        return leads
                .Where(lead => lead.Status != LeadStatus.Closed && lead.DuplicateOf is null)
                .GroupBy(lead => lead.Lifecycle)
                .All(group => group.Count() == 1)
            && leads.TrueForAll(lead => lead.DuplicateOf is null || Ends(lead, ids));
    }

    /// <summary>The links lead, within the person's leads, to one that doubles none.</summary>
    private static bool Ends(LeadCard lead, Dictionary<string, LeadCard> ids)
    {
        for (int step = 0; step <= ids.Count; step++)
        {
            if (lead.DuplicateOf is not { } of)
            {
                return true;
            }

            if (!ids.TryGetValue(of, out lead))
            {
                return false;
            }
        }

        return false;
    }

    private static List<LeadCard> Joined(List<LeadCard> leads)
    {
        var of = LeadJoin.Plan(leads).ToDictionary(change => change.LeadId, change => change.Of);
        return
        [
            .. leads.Select(lead =>
                of.TryGetValue(lead.LeadId, out string? link) ? lead with { DuplicateOf = link } : lead
            ),
        ];
    }

    private static LeadCard[] Leads(Random random) =>
        Enumerable
            .Range(0, random.Next(2, 9))
            .Select(number => new LeadCard(
                string.Create(CultureInfo.InvariantCulture, $"l{number:00}"),
                random.Next(3) == 0 ? "renewal" : "new",
                (LeadStatus)random.Next(1, 9),
                s_day.AddDays(random.Next(4)),
                null
            ))
            .ToArray();
}
