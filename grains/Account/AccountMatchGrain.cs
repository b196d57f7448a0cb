using System.Buffers;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Accounts;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Routing;

namespace Customer360.Grains;

/// <inheritdoc cref="IAccountMatchGrain"/>
[GrainType("account-match")]
public sealed class AccountMatchGrain(IPolicy<RoutingPolicy> routing, IPolicy<SalesTeam> team)
    : Grain,
        IAccountMatchGrain
{
    public async Task<AccountMatchReply> Match()
    {
        ProfileViewReply reply = await GrainFactory.GetGrain<ICustomerGrain>(this.GetPrimaryKeyString()).GetView();
        // It keeps nothing: whoever asks again may have it made again.
        DeactivateOnIdle();
        if (reply.View is not { } view)
        {
            return new AccountMatchReply(reply.MovedTo, default);
        }

        AccountMatch match = await new AccountFinder(GrainFactory, team.Current, routing.Current.Matching).Match(view);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            match.WriteJson(writer);
        }

        return new AccountMatchReply(null, buffer.WrittenSpan.ToArray());
    }
}
