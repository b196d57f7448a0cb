using Customer360.Api.Audit;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Api.Profiles;

/// <summary>
/// The gate. Nothing else in the API may ask grains, or the shelf, for what is known about people and companies; a test of the
/// compiled API holds that. Whoever asks says who is asking and what for, and gets what that caller may see: the rest
/// is left out or masked here, before anybody can write it into an answer.
/// </summary>
/// <remarks>
/// Each question begins with <see cref="Decide"/>, and what is known about a person is shown as <see cref="FieldsOf(AccessRight,ProfileView)"/>
/// says, since regions and consent may make it less.
/// </remarks>
internal sealed partial class ProfileAccess(
    IGrainFactory grains,
    AskedIdentifiers identifiers,
    IProfileShelf shelf,
    IPolicy<MastershipPolicy> mastership,
    AccessTables tables,
    LeadViewers viewers,
    TimeProvider time,
    IReadAudit reads
)
{
    // Every merge of a merged customer adds a stub to the chain. A chain this long is a cycle, which is a bug.
    private const int HopsMax = 64;

    private static readonly Refusal s_withheld = new AccessWithheld();
    private static readonly Refusal s_notFound = new NotFound("profile");

    /// <summary>
    /// The profile that <c>type:value</c> leads to. One that is on the shelf of this process is answered at once, without an
    /// allocation.
    /// </summary>
    /// <param name="text">As it was asked for: an identifier, or <c>customer:</c> and a customer's id.</param>
    public ValueTask<Outcome<ProfileText>> Get(in Asker asker, string? text, ProfileForm form)
    {
        Outcome<AccessRight> decided = Decide(asker, FieldSets.None, FieldSets.Profile);
        if (!decided.Succeeded)
        {
            return Refused(decided.Refusal);
        }

        AccessRight right = decided.Value;
        Outcome<Identifier> asked = identifiers.Customer(text);
        if (!asked.Succeeded)
        {
            return Refused(asked.Refusal);
        }

        if (!MayLookUp(right, asked.Value))
        {
            return NotThere<ProfileText>(asked.Value, text);
        }

        return shelf.Find(asked.Value) is { } published
            ? Show(asker, published, form, right)
            : Ask(asker, asked.Value, text, form, right);
    }

    /// <summary>Why the caller is shown nothing, whoever is asked for; null where something may be.</summary>
    public Refusal? Refusal(in Asker asker) => Decide(asker, FieldSets.None, FieldSets.Profile).Refusal;

    /// <summary>The profile in parts, for answers that have a shape of their own.</summary>
    public async ValueTask<Outcome<VisibleProfile>> GetParts(Asker asker, string? text)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.None, FieldSets.Profile);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        Outcome<ProfileView> view = await View(right.Value, text);
        if (!view.Succeeded)
        {
            return view.Refusal;
        }

        VisibleFields fields = FieldsOf(right.Value, view.Value);
        var profile = new VisibleProfile(view.Value, mastership.Current, fields);
        return await Told<VisibleProfile>(asker, "profile.read", view.Value.CustomerId, fields, profile);
    }

    /// <summary>The id of the customer that <c>type:value</c> leads to, for who may see by what customers are known.</summary>
    public ValueTask<Outcome<string>> FindCustomer(in Asker asker, string? text)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.Identifiers);
        return right.Succeeded ? FindCustomer(right.Value, text) : new ValueTask<Outcome<string>>(right.Refusal);
    }

    /// <summary>What the caller may set when sending events; null: everything.</summary>
    public WritableFields? Writable(in Asker asker) => tables.Writable(asker.Roles);

    /// <summary>What the caller sees; refused where that is not all of some sets, or nothing of others.</summary>
    /// <param name="all">What the caller must see.</param>
    /// <param name="anyOf">Of what the caller must see something; none: of nothing.</param>
    private Outcome<AccessRight> Decide(in Asker asker, FieldSets all, FieldSets anyOf = FieldSets.None)
    {
        Outcome<AccessRight> right = tables.Decide(asker.Roles, asker.Purpose);
        bool isEnough =
            !right.Succeeded
            || (right.Value.Fields.Show(all) && (anyOf == FieldSets.None || right.Value.Fields.HaveAnyOf(anyOf)));
        return isEnough ? right : s_withheld;
    }

    /// <summary>What is shown of a person.</summary>
    private VisibleFields FieldsOf(AccessRight right, ProfileView person) =>
        right.IsSameForEverybody && !person.Consent.IsRestricted ? right.Fields : right.Of(person, time.GetUtcNow());

    /// <summary>The same, of a customer of whom more was asked than the profile.</summary>
    private async ValueTask<VisibleFields> FieldsOf(AccessRight right, string customerId)
    {
        if (right is { IsSameForEverybody: true, SeesRestricted: true })
        {
            return right.Fields;
        }

        Outcome<ProfileView> person = await View(
            Identifier.Create(AskedIdentifiers.CustomerType, customerId),
            text: null
        );
        // Of whom nothing is known, nothing can have been consented to.
        return person.Succeeded ? FieldsOf(right, person.Value)
            : right.IsSameForEverybody ? right.Fields
            : new VisibleFields(FieldSets.None, FieldSets.None, right.Fields.Table);
    }

    private static bool MayLookUp(AccessRight right, Identifier identifier) =>
        identifier.Type == AskedIdentifiers.CustomerType || right.MayLookUp(identifier);

    /// <summary>
    /// Answers as if nobody had the identifier, and asks as many grains as one asks for an identifier that nobody has: neither
    /// the answer nor its time tells whether somebody has it.
    /// </summary>
    private async ValueTask<Outcome<T>> NotThere<T>(Identifier identifier, string? text)
        where T : notnull
    {
        await grains.GetGrain<IIdentifierGrain>(identifier.ToString()).FindOwner();
        if (identifiers.AsBefore(text) is { } before)
        {
            await grains.GetGrain<IIdentifierGrain>(before.ToString()).FindOwner();
        }

        return s_notFound;
    }

    private static ValueTask<Outcome<ProfileText>> Refused(Refusal refusal) => new(refusal);

    private async ValueTask<Outcome<ProfileText>> Ask(
        Asker asker,
        Identifier identifier,
        string? text,
        ProfileForm form,
        AccessRight right
    )
    {
        if (form == ProfileForm.Plain && right is { IsSameForEverybody: true, Fields.IsWholeProfile: true })
        {
            // Its silo has rendered it, so the parts need not travel.
            Outcome<ProfileReply> found = await Profile(identifier, text);
            if (!found.Succeeded)
            {
                return found.Refusal;
            }

            if (right.SeesRestricted || !found.Value.IsRestricted)
            {
                return await Told<ProfileText>(
                    asker,
                    "profile.read",
                    found.Value.CustomerId,
                    right.Fields,
                    new ProfileText(found.Value.Json)
                );
            }
        }

        Outcome<ProfileView> view = await View(identifier, text);
        return view.Succeeded ? await Show(asker, new PublishedProfile(view.Value), form, right) : view.Refusal;
    }

    /// <summary>The profile that an identifier leads to, by grain calls; its id and version are the current customer's.</summary>
    /// <param name="identifier">In normal form.</param>
    /// <param name="text">As it was asked for.</param>
    private async ValueTask<Outcome<ProfileReply>> Profile(Identifier identifier, string? text)
    {
        string? customerId = await Owner(identifier, text);
        for (int hop = 0; customerId is not null; hop++)
        {
            ThrowIfCircle(hop);
            ProfileReply reply = await grains.GetGrain<ICustomerGrain>(customerId).GetProfile();
            if (reply.Exists)
            {
                return reply;
            }

            customerId = reply.MovedTo;
        }

        return s_notFound;
    }

    private ValueTask<Outcome<ProfileView>> View(AccessRight right, string? text)
    {
        Outcome<Identifier> asked = identifiers.Customer(text);
        return !asked.Succeeded ? new(asked.Refusal)
            : MayLookUp(right, asked.Value) ? View(asked.Value, text)
            : NotThere<ProfileView>(asked.Value, text);
    }

    private async ValueTask<Outcome<ProfileView>> View(Identifier identifier, string? text)
    {
        if (shelf.Find(identifier) is { } published)
        {
            return published.View;
        }

        string? customerId = await Owner(identifier, text);
        for (int hop = 0; customerId is not null; hop++)
        {
            ThrowIfCircle(hop);
            ProfileViewReply reply = await grains.GetGrain<ICustomerGrain>(customerId).GetView();
            if (reply.View is { } view)
            {
                return view;
            }

            customerId = reply.MovedTo;
        }

        return s_notFound;
    }

    private async ValueTask<Outcome<string>> FindCustomer(AccessRight right, string? text)
    {
        Outcome<Identifier> asked = identifiers.Customer(text);
        if (!asked.Succeeded)
        {
            return asked.Refusal;
        }

        if (!MayLookUp(right, asked.Value))
        {
            return await NotThere<string>(asked.Value, text);
        }

        if (shelf.Find(asked.Value) is { } published)
        {
            return published.View.CustomerId;
        }

        Outcome<ProfileReply> found = await Profile(asked.Value, text);
        return found.Succeeded ? found.Value.CustomerId : found.Refusal;
    }

    /// <summary>
    /// Asks the customer that <c>type:value</c> leads to for more than its profile. A merge between the two questions makes it
    /// start again.
    /// </summary>
    /// <param name="ask">Asks the customer of the profile.</param>
    /// <param name="movedTo">Reads from the answer where the customer has gone, or null.</param>
    private async Task<Outcome<CustomerAnswer<TReply>>> AskCustomer<TReply>(
        AccessRight right,
        string? text,
        Func<ICustomerGrain, Task<TReply>> ask,
        Func<TReply, string?> movedTo
    )
        where TReply : class
    {
        for (int attempt = 0; attempt < HopsMax; attempt++)
        {
            Outcome<string> customerId = await FindCustomer(right, text);
            if (!customerId.Succeeded)
            {
                return customerId.Refusal;
            }

            TReply reply = await ask(grains.GetGrain<ICustomerGrain>(customerId.Value));
            if (movedTo(reply) is null)
            {
                return new CustomerAnswer<TReply>(customerId.Value, reply, await FieldsOf(right, customerId.Value));
            }
        }

        throw new InvalidOperationException("Forwarding stubs lead in a circle.");
    }

    /// <summary>Who owns an identifier; else who owned it when the store was written by a release that spelled it otherwise.</summary>
    private async ValueTask<string?> Owner(Identifier identifier, string? text)
    {
        if (identifier.Type == AskedIdentifiers.CustomerType)
        {
            return identifier.Value;
        }

        return await grains.GetGrain<IIdentifierGrain>(identifier.ToString()).FindOwner() is { } owner ? owner
            : identifiers.AsBefore(text) is { } before
                ? await grains.GetGrain<IIdentifierGrain>(before.ToString()).FindOwner()
            : null;
    }

    private static void ThrowIfCircle(int hop)
    {
        if (hop == HopsMax)
        {
            throw new InvalidOperationException("Forwarding stubs lead in a circle.");
        }
    }
}

/// <summary>A customer's answer, and the customer that gave it (after merges were followed).</summary>
/// <param name="Fields">What the caller sees of it.</param>
internal sealed record CustomerAnswer<TReply>(string CustomerId, TReply Reply, VisibleFields Fields);
