using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using static Customer360.Rules.Tests.Access.Policies;

namespace Customer360.Rules.Tests.Access;

/// <summary>Who sees something for which purpose, and of whom.</summary>
public sealed class AccessTablesTests
{
    private const string Classes = """
        public: plan
        personal: email
        """;

    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    private static readonly AccessPolicy s_policy = Of(
        Classes,
        ("desk", Role("public=allow, personal=allow", FieldSets.Counters)),
        ("many", Role("public=allow", FieldSets.None, Use, "other")),
        ("ads", Role("public=allow", FieldSets.None, "ads"))
    );

    [Theory]
    [InlineData("desk", null, null)]
    [InlineData("desk", Use, null)]
    [InlineData("desk", "other", "access_withheld")]
    [InlineData("desk", "nonsense", "unknown_purpose")]
    [InlineData("desk", "Support", "unknown_purpose")]
    [InlineData("desk", "", "unknown_purpose")]
    [InlineData("many", null, "purpose_missing")]
    [InlineData("many", "other", null)]
    [InlineData("many", "ads", "access_withheld")]
    [InlineData("nobody", null, "access_withheld")]
    [InlineData("nobody", Use, "access_withheld")]
    [InlineData("collector", null, "access_withheld")]
    [InlineData("read", null, null)]
    [InlineData("read", "ads", null)]
    [InlineData("read", "nonsense", "unknown_purpose")]
    [InlineData("admin", null, null)]
    public void Purpose_OfARole_IsKnownOrNeededOrRefused(string role, string? purpose, string? refusal)
    {
        AccessTables tables = Tables(s_policy);

        Outcome<AccessRight> decided = tables.Decide(Roles(role), new Purpose(purpose));

        Assert.Equal(refusal, decided.Refusal?.Code);
        Assert.Same(decided.Value, tables.Decide(Roles(role), new Purpose(purpose)).Value);
    }

    [Fact]
    public void Classes_ThatContractsState_ClassifyWhatNobodyHas_AndLoosenNothing()
    {
        AccessPolicy policy = Of("public: plan\npersonal: email", ("desk", Role("public=allow, internal=allow")));
        var stated = new Stated();

        AccessTables tables = Tables(policy, stated);
        Assert.Equal(["nothing", "nothing", "\"x\""], Shown(tables));

        stated.Current = Of("internal: email company\nsecret: plan").Classes;
        // A stricter class counts, a looser one does not, and what had none gets it.
        Assert.Equal(["\"x\"", "nothing", "nothing"], Shown(tables));

        static IEnumerable<string> Shown(AccessTables tables)
        {
            FieldTable table = tables.Decide(Roles("desk"), new Purpose(Use)).Value!.Fields.Table!;
            return ((string[])["company", "email", "plan"]).Select(field => table.Show(field, "\"x\"") ?? "nothing");
        }
    }

    private sealed class Stated : IStatedClasses
    {
        public ImmutableSortedDictionary<FieldPattern, FieldClass> Current { get; set; } =
            ImmutableSortedDictionary<FieldPattern, FieldClass>.Empty;
    }

    [Fact]
    public void Purpose_FixedByTheKey_IsTheOnlyOne()
    {
        AccessTables tables = Tables(s_policy);
        var fixedTo = RoleSet.Of(Rules.Access.Roles.None, ["many"], ["other"]);

        Assert.Equal("other", tables.Decide(fixedTo, Purpose.Unstated).Value!.Purpose);
        Assert.IsType<AccessWithheld>(tables.Decide(fixedTo, new Purpose(Use)).Refusal);
        // A purpose of the key that none of its roles has gives nothing.
        Assert.IsType<AccessWithheld>(
            tables.Decide(RoleSet.Of(Rules.Access.Roles.None, ["desk"], ["other"]), Purpose.Unstated).Refusal
        );
    }

    [Fact]
    public void Task_OfARole_IsForWhomTheKeysPurposesLetDoIt()
    {
        AccessTables tables = Tables(
            Of(Classes, ("officer", Role("public=allow") with { Does = RoleTasks.Privacy }), ("desk", Role("")))
        );

        Assert.True(tables.MayDo(Roles("officer"), RoleTasks.Privacy));
        Assert.True(tables.MayDo(Roles("desk", "officer"), RoleTasks.Privacy));
        Assert.True(tables.MayDo(Roles("admin"), RoleTasks.Privacy));
        Assert.False(tables.MayDo(Roles("officer"), RoleTasks.Consent));
        Assert.All(
            (string[])["desk", "nobody", "read", "collect"],
            role => Assert.False(tables.MayDo(Roles(role), RoleTasks.Privacy))
        );
        // A key that is for another purpose than the role's does nothing with it.
        Assert.False(tables.MayDo(RoleSet.Of(Rules.Access.Roles.None, ["officer"], ["other"]), RoleTasks.Privacy));
    }

    [Theory]
    [InlineData("many", true)]
    [InlineData("one", true)]
    [InlineData("desk", false)]
    [InlineData("nobody", false)]
    [InlineData("collect", false)]
    [InlineData("read", false)]
    [InlineData("admin", true)]
    public void Part_ThatIsAskedForNoPurpose_IsShownToWhoSeesItForOne(string role, bool sees)
    {
        AccessTables tables = Tables(
            Of(
                Classes,
                ("many", Role("", FieldSets.Audit, Use, "other")),
                ("one", Role("", FieldSets.Audit)),
                ("desk", Role("public=allow", FieldSets.Counters, Use, "other"))
            )
        );

        Assert.Equal(sees, tables.SeesForAnyPurpose(Roles(role), FieldSets.Audit));
    }

    [Fact]
    public void Roles_OfTheSettings_SeeEveryFieldWhateverThePolicySays()
    {
        AccessTables tables = Tables(AccessPolicy.Nothing);
        var reader = RoleSet.Of(Rules.Access.Roles.Read, [], []);

        VisibleFields shown = tables.Decide(reader, Purpose.Unstated).Value!.Fields;

        Assert.True(shown.IsWholeProfile);
        Assert.Equal(RoleSet.Of(Rules.Access.Roles.None, ["read"], []), reader);
        Assert.Equal(Rules.Access.Roles.Collect, RoleSet.Of(Rules.Access.Roles.None, ["collector"], []).Roles);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(ConsentStatus.Unknown, null, false)]
    [InlineData(ConsentStatus.Denied, null, false)]
    [InlineData(ConsentStatus.Granted, null, true)]
    [InlineData(ConsentStatus.Granted, 1, true)]
    [InlineData(ConsentStatus.Granted, 0, false)]
    [InlineData(ConsentStatus.Granted, -1, false)]
    public void Person_ForAPurposeThatNeedsConsent_IsShownOnlyWhileItIsGranted(
        ConsentStatus? status,
        int? hoursLeft,
        bool isShown
    )
    {
        foreach (string role in (string[])["ads", "read", "admin"])
        {
            AccessRight right = Tables(s_policy).Decide(Roles(role), new Purpose("ads")).Value!;

            VisibleFields fields = right.Of(Person(status, hoursLeft), s_now);

            Assert.Equal(isShown, fields.HaveAnyOf(FieldSets.Profile));
            Assert.Equal(!isShown, fields.Table?.Of("plan") == FieldSight.Withheld);
            Assert.Equal(fields, right.Of(Person(status, hoursLeft), s_now));
            Assert.Null(right.Show(Id("email:jane@x.com")));
        }
    }

    [Theory]
    [InlineData("user_id:u-1", null, false)]
    [InlineData("email@us:j@x.com", null, true)]
    [InlineData("email@us:j@x.com", ConsentStatus.Denied, false)]
    [InlineData("email@eu:j@x.com", null, false)]
    [InlineData("email@eu:j@x.com", ConsentStatus.Granted, true)]
    [InlineData("email@us:j@x.com email@eu:j@x.com", null, false)]
    [InlineData("email@eu:j@x.com email@us:j@x.com", null, false)]
    [InlineData("user_id:u-1 email@us:j@x.com", null, true)]
    public void Person_WhereTheRegionAsksForANoOnly_IsShownUntilThereIsOne(
        string identifiers,
        ConsentStatus? status,
        bool isShown
    )
    {
        AccessTables tables = TablesOf(
            s_policy,
            new ConsentPurpose("ads")
            {
                Regions = ImmutableSortedDictionary<string, ConsentChoice>.Empty.Add("us", ConsentChoice.OptOut),
            }
        );
        ProfileView person = Person(status, hoursLeft: null) with
        {
            Identifiers = View(identifiers.Split(' ')).Identifiers,
        };

        foreach (string role in (string[])["ads", "read"])
        {
            VisibleFields fields = tables.Decide(Roles(role), new Purpose("ads")).Value!.Of(person, s_now);

            Assert.Equal(isShown, fields.HaveAnyOf(FieldSets.Profile));
        }
    }

    [Theory]
    [InlineData(ConsentRead.Withhold, "withhold", "withhold")]
    [InlineData(ConsentRead.Mask, "mask full", "withhold")]
    [InlineData(ConsentRead.Allow, "allow", "withhold")]
    public void Person_WithoutConsent_IsShownAsTheConsentPolicySays(ConsentRead read, string plan, string email)
    {
        AccessTables tables = TablesOf(
            Of(Classes, ("ads", Role("public=allow", FieldSets.Counters, "ads"))),
            new ConsentPurpose("ads") { Read = read }
        );
        AccessRight right = tables.Decide(Roles("ads"), new Purpose("ads")).Value!;

        VisibleFields fields = right.Of(Person(ConsentStatus.Denied, hoursLeft: null), s_now);

        Assert.Equal(plan, fields.Table!.Of("plan").ToString());
        Assert.Equal(email, fields.Table!.Of("email").ToString());
        Assert.Equal(read == ConsentRead.Allow, fields.Show(FieldSets.Counters));
        Assert.Equal(
            "allow",
            right.Of(Person(ConsentStatus.Granted, hoursLeft: null), s_now).Table!.Of("plan").ToString()
        );
        // The roles of the settings have no fields that could be masked: they see nothing, or all.
        Assert.Equal(
            read == ConsentRead.Allow,
            tables
                .Decide(Roles("read"), new Purpose("ads"))
                .Value!.Of(Person(ConsentStatus.Denied, hoursLeft: null), s_now)
                .HaveAnyOf(FieldSets.Profile)
        );
    }

    [Fact]
    public void Purpose_ThatTheConsentPolicyDoesNotKnow_ShowsNobody()
    {
        AccessRight right = TablesOf(s_policy, new ConsentPurpose("analytics"))
            .Decide(Roles("ads"), new Purpose("ads"))
            .Value!;

        Assert.False(right.Of(Person(ConsentStatus.Granted, hoursLeft: null), s_now).HaveAnyOf(FieldSets.Profile));
    }

    [Fact]
    public void Consent_ThatARoleNeeds_IsNeededToo()
    {
        AccessPolicy policy = Of(
            Classes,
            (
                "shop",
                new AccessRole(
                    Grant("public=allow", FieldSets.None, needsConsent: true),
                    ImmutableSortedDictionary<string, AccessGrant>.Empty.Add(Use, AccessGrant.Nothing),
                    Write: null
                )
            )
        );

        AccessRight right = Tables(policy).Decide(Roles("shop"), Purpose.Unstated).Value!;

        Assert.False(right.Of(Person(status: null, hoursLeft: null), s_now).HaveAnyOf(FieldSets.Profile));
    }

    [Theory]
    [InlineData("user_id:u-1", "allow")]
    [InlineData("user_id:u-1 email@eu:j@x.com", "mask hash")]
    [InlineData("email@us:j@x.com", "withhold")]
    [InlineData("email@eu:j@x.com email@us:j@x.com", "withhold")]
    public void Person_InSeveralRegions_IsShownAsTheStrictestSays(string identifiers, string gives)
    {
        AccessTables tables = Tables(
            s_policy,
            ("eu", Of(Classes, ("desk", Role("public=allow, personal=mask hash")))),
            ("us", Of(Classes, ("desk", Role("public=allow"))))
        );
        AccessRight right = tables.Decide(Roles("desk"), Purpose.Unstated).Value!;
        ProfileView person = View(identifiers.Split(' '));

        Assert.Equal(gives, right.Of(person, s_now).Table!.Of("email").ToString());
        Assert.Equal(right.Of(person, s_now), right.Of(View(identifiers.Split(' ')), s_now));
        Assert.Equal("allow", right.Of(person, s_now).Table!.Of("plan").ToString());
        Assert.Equal(gives == "allow", right.Of(person, s_now).Show(FieldSets.Counters));
    }

    [Fact]
    public void Region_WhateverItsFileSays_ShowsNoMore()
    {
        AccessTables tables = Tables(
            Of(Classes, ("desk", Role("personal=mask last4"))),
            ("eu", Of(Classes, ("desk", Role("personal=allow, public=allow", FieldSets.All))))
        );

        VisibleFields fields = tables
            .Decide(Roles("desk"), Purpose.Unstated)
            .Value!.Of(View(["email@eu:j@x.com"]), s_now);

        Assert.Equal("mask last4", fields.Table!.Of("email").ToString());
        Assert.Equal("withhold", fields.Table!.Of("plan").ToString());
        Assert.False(fields.Show(FieldSets.Counters));
    }

    [Theory]
    [InlineData("email", "allow", true)]
    [InlineData("email", "mask hash", false)]
    [InlineData("email", "withhold", false)]
    [InlineData("phone", "allow", false)]
    public void LookUp_ByWhatIsNotShownWhole_IsNotForTheCaller(string type, string email, bool may)
    {
        AccessPolicy policy = Of(Classes, ("desk", Role($"email={email}")));
        AccessRight right = Tables(policy).Decide(Roles("desk"), Purpose.Unstated).Value!;

        Assert.Equal(may, right.MayLookUp(Id($"{type}:x")));
        Assert.Equal(may, right.MayLookUp(Id($"{type}@eu:x")));
    }

    [Theory]
    [InlineData("plan", "\"pro\"", true)]
    [InlineData("email", "\"j@x.com\"", false)]
    [InlineData("ssn", "1", false)]
    [InlineData("address", "{\"city\":\"B\"}", true)]
    [InlineData("address", "{\"city\":\"B\",\"street\":\"S\"}", false)]
    [InlineData("address", "\"B\"", false)]
    [InlineData("list", "[1]", false)]
    public void Writing_WithAList_IsOfWhatIsListed(string trait, string value, bool may)
    {
        AccessPolicy policy = Of(
            "public: plan\npersonal: email address",
            (
                "crm",
                Role("") with
                {
                    Write = [FieldName.Parse("public")!.Value, FieldName.Parse("address.city")!.Value],
                }
            )
        );
        WritableFields writable = Tables(policy).Writable(Roles("collect", "crm"))!;

        Assert.Equal(
            may,
            writable.Cover(
                Profiles.Folds.Message($"\"type\":\"identify\",\"traits\":{{\"{trait}\":{value}}}", 1, "crm", "m1")
            )
        );
        Assert.Null(Tables(policy).Writable(Roles("collect")));
        Assert.False(
            writable.Cover(
                Profiles.Folds.Message("\"type\":\"group\",\"groupId\":\"g\",\"traits\":{\"plan\":1}", 1, "crm", "m1")
            )
        );
    }

    /// <summary>Kept and not used: who takes the requests of persons sees it, for the purpose of that alone.</summary>
    [Theory]
    [InlineData("officer", null, true)]
    [InlineData("desk", null, false)]
    [InlineData("read", null, false)]
    [InlineData("read", Use, false)]
    [InlineData("admin", null, true)]
    [InlineData("admin", Use, true)]
    [InlineData("admin", "ads", false)]
    [InlineData("both", "other", false)]
    [InlineData("both", Use, true)]
    public void WhoIsRestricted_IsSeenByWhoTakesRequests(string role, string? purpose, bool sees)
    {
        AccessRole officer = Role("public=allow") with { Does = RoleTasks.Privacy };
        AccessTables tables = Tables(
            Of(Classes, ("officer", officer), ("desk", Role("public=allow")), ("seller", Role("", purposes: "other")))
        );
        RoleSet roles = role == "both" ? Roles("officer", "seller") : Roles(role);
        AccessRight right = tables.Decide(roles, new Purpose(purpose)).Value!;
        ProfileView granted = Person(ConsentStatus.Granted, null);
        ProfileView restricted = granted with
        {
            Consent = ConsentView.Of(granted.Consent.Purposes, isRestricted: true),
        };

        VisibleFields fields = right.Of(restricted, s_now);

        Assert.Equal(sees, right.SeesRestricted);
        Assert.Equal(sees, fields == right.Of(granted, s_now));
        if (!sees)
        {
            Assert.False(fields.HaveAnyOf(FieldSets.All));
            Assert.Equal("restricted", fields.Table!.Find("plan").Because);
            // One for each combination, so that what was rendered with it is found again.
            Assert.Equal(fields, right.Of(restricted, s_now));
        }
    }

    private static ProfileView Person(ConsentStatus? status, int? hoursLeft) =>
        View(["user_id:u-1"]) with
        {
            Consent = status is not { } said
                ? ConsentView.Empty
                : ConsentView.Of([
                    new ConsentStanding("ads", said, "segment", "web", new ConsentWord(s_now.AddDays(-1), "m1", "1"))
                    {
                        Until = hoursLeft is { } hours ? s_now.AddHours(hours) : null,
                    },
                ]),
        };
}
