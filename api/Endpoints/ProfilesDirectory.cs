using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Endpoints;

/// <summary>Finds the customer that an identifier leads to, and follows it where it has been merged.</summary>
internal sealed class ProfilesDirectory(IGrainFactory grains, EnvelopeReader reader)
{
    /// <summary>The type under which a customer is named by its own id: <c>customer:c_…</c>.</summary>
    public const string CustomerType = "customer";

    // Every merge of a merged customer adds a stub to the chain. A chain this long is a cycle, which is a bug.
    private const int HopsMax = 64;

    private const string CustomerPrefix = "customer:";

    private readonly Refusal _malformed = new IdentifierMalformed();
    private readonly Refusal _notFound = new NotFound("profile");

    /// <summary>The profile that <c>type:value</c> leads to; its id and version are the current customer's.</summary>
    public async ValueTask<Outcome<ProfileReply>> GetProfile(string? text)
    {
        Outcome<Task<string?>> owner = Owner(text);
        if (!owner.Succeeded)
        {
            return owner.Refusal;
        }

        string? customerId = await owner.Value;
        if (customerId is null)
        {
            return _notFound;
        }

        for (int hop = 0; hop < HopsMax; hop++)
        {
            ProfileReply reply = await grains.GetGrain<ICustomerGrain>(customerId).GetProfile();
            if (reply.MovedTo is null)
            {
                return reply.Exists ? reply : _notFound;
            }

            customerId = reply.MovedTo;
        }

        throw new InvalidOperationException("Forwarding stubs lead in a circle.");
    }

    /// <summary>
    /// Asks the customer that <c>type:value</c> leads to for more than its plain profile. A merge between the two
    /// questions makes it start again.
    /// </summary>
    /// <param name="ask">Asks the customer of the profile.</param>
    /// <param name="movedTo">Reads from the answer where the customer has gone, or null.</param>
    public async ValueTask<Outcome<Answer<TReply>>> Ask<TReply>(
        string? text,
        Func<ICustomerGrain, Task<TReply>> ask,
        Func<TReply, string?> movedTo
    )
        where TReply : class
    {
        for (int attempt = 0; attempt < HopsMax; attempt++)
        {
            Outcome<ProfileReply> found = await GetProfile(text);
            if (!found.Succeeded)
            {
                return found.Refusal;
            }

            TReply reply = await ask(grains.GetGrain<ICustomerGrain>(found.Value.CustomerId));
            if (movedTo(reply) is null)
            {
                return new Answer<TReply>(found.Value.CustomerId, reply);
            }
        }

        throw new InvalidOperationException("Forwarding stubs lead in a circle.");
    }

    /// <summary>The profile in parts.</summary>
    public async ValueTask<Outcome<Answer<ProfileViewReply>>> GetView(string? text)
    {
        Outcome<Answer<ProfileViewReply>> answer = await Ask(
            text,
            static customer => customer.GetView(),
            static reply => reply.MovedTo
        );
        return answer.Succeeded && answer.Value.Reply.View is null ? _notFound : answer;
    }

    /// <summary>The identifier in normal form; refuses one that nobody can own.</summary>
    public Outcome<Identifier> Identifier(string? text)
    {
        if (!Rules.Events.Identifier.TryParse(text, out Identifier asked))
        {
            return _malformed;
        }

        if (reader.Normalize(asked.Type, asked.Value) is { } identifier)
        {
            return identifier;
        }

        return Unknown(asked.Type) ?? new NotFound("identifier");
    }

    /// <summary>Begins to ask who owns an identifier; refuses one that nobody can own.</summary>
    private Outcome<Task<string?>> Owner(string? text)
    {
        if (!Rules.Events.Identifier.TryParse(text, out Identifier asked))
        {
            return _malformed;
        }

        if (text.StartsWith(CustomerPrefix, StringComparison.Ordinal))
        {
            // Checked before a grain is asked, so that wrong ids activate nothing.
            return CustomerId.IsValid(asked.Value) ? Task.FromResult<string?>(asked.Value) : _notFound;
        }

        if (reader.Normalize(asked.Type, asked.Value) is { } identifier)
        {
            return grains.GetGrain<IIdentifierGrain>(identifier.ToString()).GetOwner();
        }

        return Unknown(asked.Type) ?? _notFound;
    }

    /// <summary>Why there can be no identifier of this type, or null where there can.</summary>
    private Refusal? Unknown(string type)
    {
        IdentityRules rules = reader.Rules;
        if (rules.Find(type) is null)
        {
            return new IdentifierTypeUnknown(
                string.Join(", ", rules.Identifiers.Select(rule => rule.Type).Prepend(CustomerType))
            );
        }

        return RegionalType.Region(type) is { } region && rules.Regions?.Has(region) != true
            ? new RegionUnknown(string.Join(", ", rules.Regions?.Names ?? []))
            : null;
    }
}

/// <summary>A customer's answer, and the customer that gave it (after merges were followed).</summary>
internal sealed record Answer<TReply>(string CustomerId, TReply Reply);
