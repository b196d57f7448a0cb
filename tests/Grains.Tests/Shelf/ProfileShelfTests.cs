using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Microsoft.Extensions.Options;

namespace Customer360.Grains.Tests.Shelf;

/// <summary>The shelf by itself: names, owners, terms, bounds.</summary>
public sealed class ProfileShelfTests
{
    private readonly Tenure _tenure = new();

    [Fact]
    public void Publish_WhenDone_IsFoundUnderEachIdentifierAndItsOwnId()
    {
        ProfileShelf shelf = Make();

        PublishedProfile published = shelf.Enter("c_1").Publish(View("c_1", 1, "email:a", "user_id:b"));

        Assert.Same(published, shelf.Find(Identifier.Parse("email:a")));
        Assert.Same(published, shelf.Find(Identifier.Parse("user_id:b")));
        Assert.Same(published, shelf.Find(Identifier.Parse("customer:c_1")));
        Assert.Null(shelf.Find(Identifier.Parse("email:b")));
    }

    [Fact]
    public void Replace_WhenPublished_ShowsTheLaterState()
    {
        ProfileShelf shelf = Make();
        ShelfPlace place = shelf.Enter("c_1");
        place.Publish(View("c_1", 1, "email:a"));

        place.Replace(View("c_1", 2, "email:a"));

        Assert.Equal(2, shelf.Find(Identifier.Parse("email:a"))!.View.Version);
    }

    [Fact]
    public void PutBack_WhenIdentifiersHaveChanged_ShowsItUnderThoseThatItHasNow()
    {
        ProfileShelf shelf = Make();
        ShelfPlace place = shelf.Enter("c_1");
        place.Publish(View("c_1", 1, "email:a", "user_id:b"));

        place.TakeOff();
        Assert.Null(shelf.Find(Identifier.Parse("email:a")));
        Assert.Null(shelf.Find(Identifier.Parse("customer:c_1")));
        place.PutBack(View("c_1", 2, "email:a", "user_id:c"));

        Assert.Equal(2, shelf.Find(Identifier.Parse("email:a"))!.View.Version);
        Assert.Equal(2, shelf.Find(Identifier.Parse("user_id:c"))!.View.Version);
        Assert.Null(shelf.Find(Identifier.Parse("user_id:b")));
        Assert.Equal(3, shelf.Entries);
    }

    [Fact]
    public void PutBack_WhenNeverPublished_PublishesNothing()
    {
        ProfileShelf shelf = Make();
        ShelfPlace place = shelf.Enter("c_1");

        place.TakeOff();
        place.PutBack(View("c_1", 1, "email:a"));

        Assert.Equal(0, shelf.Entries);
    }

    [Fact]
    public void Leave_WhenAnotherActivationHasPublishedSince_TakesNothingFromIt()
    {
        ProfileShelf shelf = Make();
        ShelfPlace first = shelf.Enter("c_1");
        first.Publish(View("c_1", 1, "email:a", "user_id:b"));
        ShelfPlace second = shelf.Enter("c_1");
        second.Publish(View("c_1", 2, "email:a", "user_id:b"));

        first.Leave();

        Assert.Equal(2, shelf.Find(Identifier.Parse("email:a"))!.View.Version);
        Assert.Equal(3, shelf.Entries);
    }

    [Fact]
    public void Enter_WhenAnEarlierActivationGoesOn_ShowsNothingOfItAnyMore()
    {
        ProfileShelf shelf = Make();
        ShelfPlace given = shelf.Enter("c_1");
        given.Publish(View("c_1", 1, "email:a"));
        ShelfPlace changing = shelf.Enter("c_2");
        changing.Publish(View("c_2", 1, "email:b"));
        changing.TakeOff();

        shelf.Enter("c_1");
        shelf.Enter("c_2");
        given.Replace(View("c_1", 2, "email:a"));
        changing.PutBack(View("c_2", 2, "email:b", "user_id:c"));

        Assert.Null(shelf.Find(Identifier.Parse("email:a")));
        Assert.Null(shelf.Find(Identifier.Parse("email:b")));
        Assert.Null(shelf.Find(Identifier.Parse("user_id:c")));
        Assert.Equal(0, shelf.Entries);
    }

    [Fact]
    public void Publish_WhenThePlaceWasLeft_ShowsItToNobody()
    {
        ProfileShelf shelf = Make();
        ShelfPlace place = shelf.Enter("c_1");
        place.Leave();

        PublishedProfile published = place.Publish(View("c_1", 1, "email:a"));

        Assert.Equal(1, published.View.Version);
        Assert.Equal(0, shelf.Entries);
        Assert.Null(shelf.Find(Identifier.Parse("email:a")));
    }

    [Fact]
    public void Find_WhenTheMembershipHasChanged_FindsNothingUntilTheCustomerHasAnsweredAgain()
    {
        ProfileShelf shelf = Make();
        ShelfPlace place = shelf.Enter("c_1");
        place.Publish(View("c_1", 1, "email:a"));

        _tenure.Term = 8;
        Assert.Null(shelf.Find(Identifier.Parse("email:a")));
        place.TakeOff();
        place.PutBack(View("c_1", 2, "email:a", "user_id:b"));
        Assert.Null(shelf.Find(Identifier.Parse("email:a")));

        place.Confirm();
        Assert.NotNull(shelf.Find(Identifier.Parse("email:a")));
    }

    [Fact]
    public void Find_WhenTheNodeBelongsToNoCluster_FindsNothing()
    {
        ProfileShelf shelf = Make();
        ShelfPlace place = shelf.Enter("c_1");
        place.Publish(View("c_1", 1, "email:a"));

        _tenure.Term = IShelfTenure.None;
        Assert.Null(shelf.Find(Identifier.Parse("email:a")));
        place.Confirm();
        Assert.Null(shelf.Find(Identifier.Parse("email:a")));
    }

    [Fact]
    public void Render_WhenRepeated_RendersOnceAndForgetsWhatAnotherPolicyMade()
    {
        ProfileShelf shelf = Make();
        ShelfPlace place = shelf.Enter("c_1");
        PublishedProfile published = place.Publish(View("c_1", 1, "email:a"));
        MastershipPolicy other = new(MastershipPolicy.Latest.Default, []);

        RenderedProfile plain = published.Render(ProfileForm.Plain, MastershipPolicy.Latest);
        RenderedProfile verbose = published.Render(ProfileForm.Verbose, MastershipPolicy.Latest);
        Assert.Same(plain, published.Render(ProfileForm.Plain, MastershipPolicy.Latest));
        Assert.Same(verbose, published.Render(ProfileForm.Verbose, MastershipPolicy.Latest));
        Assert.Equal(plain.Json.Length + verbose.Json.Length, shelf.Bytes);

        RenderedProfile replaced = published.Render(ProfileForm.Plain, other);
        Assert.NotSame(plain, replaced);
        Assert.Same(other, replaced.Policy);
        Assert.Equal(replaced.Json.Length + verbose.Json.Length, shelf.Bytes);

        place.Replace(View("c_1", 2, "email:a"));
        Assert.Equal(0, shelf.Bytes);
        // A reader that took it before goes on with what it has, and the shelf keeps nothing of it.
        Assert.Equal(1, published.View.Version);
        Assert.NotSame(published.Render(ProfileForm.Plain, other), published.Render(ProfileForm.Plain, other));
        Assert.Equal(0, shelf.Bytes);
    }

    [Fact]
    public void Render_ForManyKindsOfCallers_KeepsABoundedNumberOfTexts()
    {
        ProfileShelf shelf = Make();
        PublishedProfile published = shelf.Enter("c_1").Publish(View("c_1", 1, "email:a"));
        VisibleFields[] kinds =
        [
            .. Enumerable.Range(0, 32).Select(sets => new VisibleFields((FieldSets)sets, FieldSets.None)),
        ];

        RenderedProfile[] rendered =
        [
            .. kinds.Select(kind => published.Render(ProfileForm.Plain, MastershipPolicy.Latest, kind)),
        ];

        // The last ones are kept, and count; the first are made again when they are asked for.
        RenderedProfile[] kept = rendered[^PublishedProfile.VariantsMax..];
        Assert.Equal(kept.Sum(one => one.Json.Length), shelf.Bytes);
        Assert.All(
            kept,
            one => Assert.Same(one, published.Render(ProfileForm.Plain, MastershipPolicy.Latest, one.Fields))
        );
        RenderedProfile again = published.Render(ProfileForm.Plain, MastershipPolicy.Latest, kinds[0]);
        Assert.NotSame(rendered[0], again);
        Assert.Equal(rendered[0].Json.ToArray(), again.Json.ToArray());
        Assert.Equal(rendered[0].EntityTag, again.EntityTag);
        Assert.Equal(kinds.Length, rendered.Select(one => one.EntityTag).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Publish_WhenThereAreTooManyNames_TakesOffWhatNobodyReads()
    {
        ProfileShelf shelf = Make(options => options.EntriesMax = 100);
        ShelfPlace read = shelf.Enter("c_read");
        read.Publish(View("c_read", 1, "email:read"));
        List<ShelfPlace> places = [];
        for (int index = 0; index < 500; index++)
        {
            ShelfPlace place = shelf.Enter($"c_{index}");
            place.Publish(View($"c_{index}", 1, $"email:{index}"));
            places.Add(place);
            Assert.NotNull(shelf.Find(Identifier.Parse("email:read")));
            Assert.InRange(shelf.Entries, 0, 100);
        }

        ShelfPlace gone = places.First(place => place.Shown is null);
        gone.Replace(View("c_x", 2, "email:x"));
        Assert.Null(shelf.Find(Identifier.Parse("email:x")));
        Assert.False(gone.IsKept);
    }

    [Fact]
    public void Render_WhenThereAreTooManyBytes_TakesOffWhatNobodyReads()
    {
        ProfileShelf shelf = Make(options => options.BytesMax = 10_000);
        for (int index = 0; index < 500; index++)
        {
            PublishedProfile published = shelf.Enter($"c_{index}").Publish(View($"c_{index}", 1, $"email:{index}"));
            published.Render(ProfileForm.Plain, MastershipPolicy.Latest);
            Assert.InRange(shelf.Bytes, 0, 10_000);
        }

        Assert.InRange(shelf.Entries, 2, 998);
    }

    /// <summary>Two activations of each of four customers alternate, identifiers go to and fro, readers read all the time.</summary>
    [Fact]
    public async Task Find_WhenActivationsAlternate_NeverShowsAnIdentifierWhatDoesNotListIt()
    {
        ProfileShelf shelf = Make(options => options.EntriesMax = 12);
        using var end = new CancellationTokenSource();
        Identifier[] names = [.. Enumerable.Range(0, 8).Select(index => Identifier.Parse($"email:{index}"))];
        Task<long>[] readers = [.. Enumerable.Range(0, 2).Select(_ => OnAThread(() => Read(shelf, names, end.Token)))];

        Task[] writers =
        [
            .. Enumerable.Range(0, 4).Select(customer => OnAThread(() => Alternate(shelf, customer, rounds: 3_000))),
        ];
        await Task.WhenAll(writers);
        await end.CancelAsync();

        Assert.All(await Task.WhenAll(readers), found => Assert.True(found > 0));
        Assert.Equal(0, shelf.Entries);
        Assert.Equal(0, shelf.Bytes);
        Assert.All(names, name => Assert.Null(shelf.Find(name)));
    }

    private static long Read(ProfileShelf shelf, Identifier[] names, CancellationToken end)
    {
        long found = 0;
        while (!end.IsCancellationRequested)
        {
            foreach (Identifier name in names)
            {
                if (shelf.Find(name) is { } published)
                {
                    found++;
                    published.Render(ProfileForm.Plain, MastershipPolicy.Latest);
                    Assert.Contains(published.View.Identifiers, one => one.Identifier == name);
                }
            }
        }

        return found;
    }

    private static Task<long> OnAThread(Func<long> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static long Alternate(ProfileShelf shelf, int customer, int rounds)
    {
        string id = $"c_{customer}";
        ShelfPlace? before = null;
        for (int round = 0; round < rounds; round++)
        {
            ShelfPlace place = shelf.Enter(id);
            place.Publish(View(id, round, $"email:{customer}", $"email:{customer + 4}"));
            before?.Replace(View(id, -1, "email:0"));
            before?.Leave();
            place.Replace(View(id, round, $"email:{customer}", $"email:{customer + 4}"));
            place.TakeOff();
            place.PutBack(View(id, round, $"email:{customer}"));
            before = place;
        }

        before!.Leave();
        return rounds;
    }

    private ProfileShelf Make(Action<ShelfOptions>? configure = null)
    {
        var options = new ShelfOptions();
        configure?.Invoke(options);
        return new ProfileShelf(_tenure, Options.Create(options), TimeProvider.System);
    }

    private static ProfileView View(string customerId, long version, params string[] identifiers) =>
        new(
            customerId,
            version,
            [
                .. identifiers.Select(one => new ProfileIdentifier(
                    Identifier.Parse(one),
                    "m1",
                    "web",
                    DateTimeOffset.UnixEpoch,
                    "r1"
                )),
            ],
            ProfileFold.Empty
        );

    private sealed class Tenure : IShelfTenure
    {
        public long Term { get; set; } = 7;
    }
}
