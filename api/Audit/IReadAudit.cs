using System.Collections.Immutable;
using Customer360.Api.Profiles;

namespace Customer360.Api.Audit;

/// <summary>
/// Takes note of who saw what. The gate tells it of every answer: one read by a person is one record, and it is durable before
/// the answer goes out; reads by services are counted.
/// </summary>
internal interface IReadAudit
{
    /// <summary>Completes at once for a service; for a person when the record is durable.</summary>
    /// <param name="asker">Who, and what for.</param>
    /// <param name="action">What was shown: <c>profile.read</c>.</param>
    /// <param name="customerId">Of whom; null where the answer is not about one customer.</param>
    /// <param name="fields">Names of the fields that were shown, never their values.</param>
    /// <exception cref="Rules.Ports.StorageUnavailableException">
    /// A person's read can't be written down: the answer must not go out.
    /// </exception>
    ValueTask Note(in Asker asker, string action, string? customerId, ImmutableArray<string> fields);
}
