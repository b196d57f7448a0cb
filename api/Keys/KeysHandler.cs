using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Keys;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Keys;

/// <summary>Makes, lists, rotates and revokes the keys that the grid keeps.</summary>
/// <remarks>
/// The text of a secret is made here, shown in the one answer, and kept nowhere: the grid is told its digest. This process follows
/// a change before it answers, the others within two seconds.
/// </remarks>
internal sealed class KeysHandler(IGrainFactory grains, StoredKeys stored, ApiKeys settings, TimeProvider time)
{
    /// <summary>The name of the route parameter.</summary>
    public const string Name = "name";

    private const int LimitDefault = 50;
    private const int LimitMax = 200;
    private const int BodyBytesMax = 16 * 1024;
    private const byte CursorForm = (byte)'K';

    private IKeyRingGrain Owner => grains.GetGrain<IKeyRingGrain>(GrainKeys.Current);

    public async Task Create(HttpContext context)
    {
        context.Response.MarkUnstored();
        DateTimeOffset now = time.GetUtcNow();
        Outcome<KeysBody> body = await JsonBody.ReadAsync(
            context.Request,
            BodyBytesMax,
            json => KeysBody.Read(json, now)
        );
        if (!body.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, body.Refusal);
            return;
        }

        KeysBody asked = body.Value;
        if (settings.HasName(asked.Name))
        {
            await ProblemWriter.WriteAsync(context, new KeyNameTaken());
            return;
        }

        var made = KeyMaking.Make(asked.Roles[0]);
        var create = new KeyCreate(asked.Name, asked.Roles, made.Kept, ActorOf(context))
        {
            Source = asked.Source,
            IsPublic = asked.IsPublic,
            Purposes = asked.Purposes,
            Origins = asked.Origins,
            Addresses = asked.Addresses,
            ExpiresAt = asked.ExpiresAt,
            RequestsPerMinute = asked.RequestsPerMinute,
            RequestsPerDay = asked.RequestsPerDay,
        };
        long askedAt = time.GetTimestamp();
        KeyReply reply = await Owner.Create(create);
        context.Response.Headers.Location = $"/v1/keys/{asked.Name}";
        await Answer(context, reply, askedAt, asked.Name, StatusCodes.Status201Created, made.Text);
    }

    public async Task Rotate(HttpContext context)
    {
        context.Response.MarkUnstored();
        Outcome<TimeSpan> overlap = await ReadOverlap(context.Request);
        if (!overlap.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, overlap.Refusal);
            return;
        }

        string name = PathValues.Value(context, Name, ":rotate") ?? "";
        KeyRing ring = await Ask();
        if (ring.Find(name) is not { } key)
        {
            await ProblemWriter.WriteAsync(context, new NotFound("key"));
            return;
        }

        // The label in the text is a help for people, so it may be that of a key that another request has just replaced.
        var made = KeyMaking.Make(key.Roles[0]);
        long askedAt = time.GetTimestamp();
        KeyReply reply = await Owner.Rotate(new KeyRotate(name, made.Kept, overlap.Value, ActorOf(context)));
        await Answer(context, reply, askedAt, name, StatusCodes.Status200OK, made.Text);
    }

    public async Task Revoke(HttpContext context)
    {
        context.Response.MarkUnstored();
        long askedAt = time.GetTimestamp();
        KeyReply reply = await Owner.Revoke(new KeyRevoke(PathValues.Value(context, Name) ?? "", ActorOf(context)));
        stored.Take(reply.Ring, askedAt);
        if (reply.Objection is { } objection)
        {
            await ProblemWriter.WriteAsync(context, RefusalOf(objection));
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task List(HttpContext context)
    {
        context.Response.MarkUnstored();
        Outcome<int> limit = QueryValues.Limit(context.Request.Query, LimitDefault, LimitMax);
        if (!limit.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, limit.Refusal);
            return;
        }

        string after = "";
        if (QueryValues.Single(context.Request.Query, "cursor") is { } cursor)
        {
            var reader = new CursorReader(cursor, CursorForm);
            after = reader.Text();
            if (!reader.IsWhole)
            {
                await ProblemWriter.WriteAsync(
                    context,
                    new ParameterInvalid("cursor", "it must be the 'next' of a page before")
                );
                return;
            }
        }

        KeyRing ring = await Ask();
        StoredKey[] found =
        [
            .. ring
                .Keys.Where(key => StringComparer.OrdinalIgnoreCase.Compare(key.Name, after) > 0)
                .Take(limit.Value + 1),
        ];
        DateTimeOffset now = time.GetUtcNow();
        await JsonAnswer.Write(
            context.Response,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("keys"u8);
                foreach (StoredKey key in found.Take(limit.Value))
                {
                    KeysAnswer.Write(json, key, now);
                }

                json.WriteEndArray();
                json.WriteString(
                    "next"u8,
                    found.Length > limit.Value
                        ? new CursorWriter(CursorForm).Text(found[limit.Value - 1].Name).ToString()
                        : null
                );
                json.WriteEndObject();
            }
        );
    }

    /// <summary>All that the owner knows now: days of use are in it that the copy of this process does not have.</summary>
    private async Task<KeyRing> Ask()
    {
        long askedAt = time.GetTimestamp();
        KeyRingCopy copy =
            await Owner.GetUnless(-1) ?? throw new InvalidOperationException("The ring has no number below zero.");
        stored.Take(copy, askedAt);
        return KeyRingJson.Read(copy.Json);
    }

    private async Task Answer(HttpContext context, KeyReply reply, long askedAt, string name, int status, string secret)
    {
        stored.Take(reply.Ring, askedAt);
        if (reply.Objection is { } objection)
        {
            context.Response.Headers.Location = default;
            await ProblemWriter.WriteAsync(context, RefusalOf(objection));
            return;
        }

        StoredKey key = KeyRingJson.Read(reply.Ring.Json).Find(name)!;
        context.Response.StatusCode = status;
        await JsonAnswer.Write(context.Response, json => KeysAnswer.Write(json, key, time.GetUtcNow(), secret));
    }

    private static Refusal RefusalOf(KeyObjection objection) =>
        objection switch
        {
            KeyObjection.NameTaken => new KeyNameTaken(),
            KeyObjection.RotationUnderWay => new KeyRotationUnderWay(),
            KeyObjection.TooMany => new KeysTooMany(KeyRing.KeysMax),
            _ => new NotFound("key"),
        };

    /// <summary>The body may be missing: then the overlap is the usual one.</summary>
    private static async ValueTask<Outcome<TimeSpan>> ReadOverlap(HttpRequest request)
    {
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
        {
            using var none = JsonDocument.Parse("{}");
            return KeysBody.ReadOverlap(none.RootElement);
        }

        return await JsonBody.ReadAsync(request, BodyBytesMax, KeysBody.ReadOverlap);
    }

    private static KeyActor ActorOf(HttpContext context)
    {
        ApiKey caller = Caller.Of(context);
        return new KeyActor(
            caller.Kind == CallerKind.Token ? "token" : "key",
            caller.Name,
            caller.RoleNames.IsEmpty ? caller.Roles.ToString().ToLowerInvariant() : string.Join(' ', caller.RoleNames),
            context.TraceIdentifier
        );
    }
}
