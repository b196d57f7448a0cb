using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Audiences;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;

namespace Customer360.Api.Profiles;

/// <summary>What is told to who follows a customer or an audience: what the same caller would be shown by asking at that moment.</summary>
internal sealed partial class ProfileAccess
{
    /// <summary>The profile that <c>type:value</c> leads to now. Nothing is noted yet: that it was shown is <see cref="NoteFollowed"/>'s to say.</summary>
    public async ValueTask<Outcome<FollowedView>> Follow(Asker asker, string? text)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.None, FieldSets.Profile);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<Identifier> asked = identifiers.Customer(text);
        if (!asked.Succeeded)
        {
            return asked.Refusal;
        }

        if (!MayLookUp(right.Value, asked.Value))
        {
            return await NotThere<FollowedView>(asked.Value, text);
        }

        PublishedProfile? published = shelf.Find(asked.Value);
        if (published is null)
        {
            Outcome<ProfileView> view = await View(asked.Value, text);
            if (!view.Succeeded)
            {
                return view.Refusal;
            }

            published = new PublishedProfile(view.Value);
        }

        VisibleFields fields = FieldsOf(right.Value, published.View);
        return new FollowedView(
            published.View.CustomerId,
            published.Render(ProfileForm.Plain, mastership.Current, fields),
            fields
        );
    }

    /// <summary>Notes that a follower was shown a profile.</summary>
    public async ValueTask NoteFollowed(Asker asker, FollowedView view) =>
        await Told<FollowedView>(asker, "profile.followed", view.CustomerId, view.Fields, view);

    /// <summary>
    /// Who has entered an audience or left it behind a place, in order. Of whom the caller sees nothing, nothing is told here, as in the list
    /// of members.
    /// </summary>
    public async Task<Outcome<AudienceMoves>> ReadMoves(
        Asker asker,
        AudienceDefinition audience,
        long number,
        string customerId,
        int limit
    )
    {
        Outcome<AccessRight> right = DecideOn(asker, audience);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        ImmutableArray<AudienceMove> rows = await grains
            .GetGrain<IAudienceListGrain>(0)
            .ReadChanges(audience.Name, number, customerId, limit);
        if (rows.IsEmpty)
        {
            return new AudienceMoves([], null, IsPageFull: false);
        }

        bool[] shows = await MayShow(right.Value, audience, rows.Select(row => row.CustomerId));
        ImmutableArray<AudienceMove> shown = [.. rows.Where((_, index) => shows[index])];
        var moves = new AudienceMoves(shown, rows[^1], rows.Length == limit);
        return shown.IsEmpty
            ? moves
            : await Told<AudienceMoves>(asker, "audience.followed", customerId: null, right.Value.Fields, moves);
    }

    /// <summary>The number behind which every change of members will stand that is written from now on. It says nothing of anybody.</summary>
    public Task<long> ReadLastMove() => grains.GetGrain<IAudienceListGrain>(0).ReadLastChange();
}

/// <summary>A profile as a follower sees it.</summary>
/// <param name="CustomerId">Whose it is, after merges were followed.</param>
/// <param name="Text">What the caller may see.</param>
internal sealed record FollowedView(string CustomerId, ProfileText Text, VisibleFields Fields);

/// <param name="Shown">Those of whom the caller sees something.</param>
/// <param name="Last">The last that was read, shown or not; null: there was none.</param>
/// <param name="IsPageFull">There may be more behind it.</param>
internal sealed record AudienceMoves(ImmutableArray<AudienceMove> Shown, AudienceMove? Last, bool IsPageFull);
