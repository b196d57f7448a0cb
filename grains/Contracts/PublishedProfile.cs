using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Customer360.Rules.Access;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains.Contracts;

/// <summary>The ways to write a profile down.</summary>
public enum ProfileForm
{
    /// <summary>As <see cref="ProfileDocument.Render(ProfileView, MastershipPolicy)"/> writes it.</summary>
    Plain = 0,

    /// <summary>As <see cref="ProfileDocument.RenderVerbose(ProfileView, MastershipPolicy)"/> writes it.</summary>
    Verbose = 1,
}

/// <summary>A profile as JSON, for one kind of caller.</summary>
public class ProfileText(ReadOnlyMemory<byte> json)
{
    private const int TagBytes = 16;

    private string? _entityTag;

    /// <summary>UTF-8.</summary>
    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>
    /// A strong entity tag (RFC 9110, 8.8.3): a hash of the bytes, so it tells nothing that they do not. Made by the first reader
    /// that needs it; each would make the same, so it does not matter whose stays.
    /// </summary>
    public string EntityTag => _entityTag ??= Hash(Json.Span);

    private static string Hash(ReadOnlySpan<byte> json)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, hash);
        return $"\"{Base64Url.EncodeToString(hash[..TagBytes])}\"";
    }
}

/// <summary>A profile in one form under one mastership policy, for callers who see these fields.</summary>
public sealed class RenderedProfile(
    ProfileForm form,
    MastershipPolicy policy,
    VisibleFields fields,
    ReadOnlyMemory<byte> json
) : ProfileText(json)
{
    public ProfileForm Form { get; } = form;

    public MastershipPolicy Policy { get; } = policy;

    public VisibleFields Fields { get; } = fields;

    /// <summary>Another rendering for the same callers, perhaps under another policy.</summary>
    internal bool IsOfTheKindOf(RenderedProfile other) => Form == other.Form && Fields == other.Fields;
}

/// <summary>
/// One state of a customer as its readers see it, with what was rendered of it. Rendered by the first reader of a form, on that
/// reader's thread; a repeated read renders nothing. Any number of threads may read it.
/// </summary>
/// <param name="view">The profile.</param>
/// <param name="keeper">Counts the bytes that are kept, or null where nobody holds on to it.</param>
public sealed class PublishedProfile(ProfileView view, IRenderedBytes? keeper = null)
{
    /// <summary>
    /// Texts that are kept of one profile. Two forms for each of two kinds of callers are what a busy grid needs; whoever comes
    /// beyond takes the place of the text that was made first.
    /// </summary>
    public const int VariantsMax = 4;

    // Known by its reference: whoever finds it keeps nothing more.
    private static readonly RenderedProfile[] s_dropped = new RenderedProfile[1];
    private RenderedProfile[] _rendered = [];

    public ProfileView View { get; } = view;

    /// <summary>True where a grant that it shows has ended by now: it has to be worked out anew.</summary>
    public bool HasEnded(DateTimeOffset now) => View.Consent.ValidUntil <= now;

    /// <summary>The profile for who sees everything.</summary>
    public RenderedProfile Render(ProfileForm form, MastershipPolicy policy) =>
        Render(form, policy, VisibleFields.Everything);

    /// <summary>
    /// The profile in a form, under a policy, for callers who see these fields. One text is kept for each form and kind of
    /// callers, <see cref="VariantsMax"/> at most: under another policy it takes its predecessor's place, and what was rendered
    /// under that one is never answered again.
    /// </summary>
    public RenderedProfile Render(ProfileForm form, MastershipPolicy policy, VisibleFields fields)
    {
        RenderedProfile[] known = Volatile.Read(ref _rendered);
        if (!ReferenceEquals(known, s_dropped))
        {
            foreach (RenderedProfile one in known)
            {
                if (one.Form == form && ReferenceEquals(one.Policy, policy) && one.Fields == fields)
                {
                    return one;
                }
            }
        }

        byte[] json =
            form == ProfileForm.Plain
                ? ProfileDocument.Render(View, policy, fields)
                : ProfileDocument.RenderVerbose(View, policy, fields);
        return Keep(new RenderedProfile(form, policy, fields, json));
    }

    /// <summary>Nobody finds it any more. A reader that still has it renders for itself.</summary>
    internal void Drop()
    {
        RenderedProfile[] kept = Interlocked.Exchange(ref _rendered, s_dropped);
        if (!ReferenceEquals(kept, s_dropped))
        {
            keeper?.Kept(-SizeOf(kept));
        }
    }

    private RenderedProfile Keep(RenderedProfile rendered)
    {
        RenderedProfile[] known = Volatile.Read(ref _rendered);
        while (!ReferenceEquals(known, s_dropped))
        {
            RenderedProfile[] next =
            [
                .. known.Where(one => !one.IsOfTheKindOf(rendered)).TakeLast(VariantsMax - 1),
                rendered,
            ];
            RenderedProfile[] found = Interlocked.CompareExchange(ref _rendered, next, known);
            if (ReferenceEquals(found, known))
            {
                keeper?.Kept(SizeOf(next) - SizeOf(known));
                break;
            }

            known = found;
        }

        return rendered;
    }

    private static long SizeOf(RenderedProfile[] rendered)
    {
        long bytes = 0;
        foreach (RenderedProfile one in rendered)
        {
            // What stands behind the bytes in their buffer is in memory, too.
            bytes += MemoryMarshal.TryGetArray(one.Json, out ArraySegment<byte> buffer) ? buffer.Array!.Length : 0;
        }

        return bytes;
    }
}

/// <summary>Who counts the bytes of rendered profiles.</summary>
public interface IRenderedBytes
{
    /// <summary>So many bytes more are kept, or fewer.</summary>
    void Kept(long bytes);
}
