namespace Customer360.Rules.Attribution;

/// <summary>Reads the parameters of an address that say where a visit came from: behind <c>?</c>, and behind <c>#</c>.</summary>
internal sealed class VisitAddress
{
    /// <summary>Of an address so many characters are read.</summary>
    private const int LengthMax = 64 * 1024;

    private const int ParametersMax = 200;

    private readonly Dictionary<string, string> _campaign = new(StringComparer.Ordinal);

    private VisitAddress() { }

    /// <summary>Of several one that proves, then the first.</summary>
    public ClickId? ClickId { get; private set; }

    public CampaignFaults Faults { get; private set; }

    /// <summary>The host, in lower case; null: it has none.</summary>
    public string? Host { get; private set; }

    /// <summary>A parameter as it stands there: <c>utm_source</c>; null: it does not stand there.</summary>
    public string? this[string name] => _campaign.GetValueOrDefault(name);

    public static VisitAddress Read(string? address)
    {
        var read = new VisitAddress();
        if (string.IsNullOrEmpty(address))
        {
            return read;
        }

        string text = address.Length > LengthMax ? address[..LengthMax] : address;
        read.Host = Referrers.HostOf(text);
        int hash = text.IndexOf('#', StringComparison.Ordinal);
        int question = text.IndexOf('?', StringComparison.Ordinal);
        if (question >= 0 && (hash < 0 || question < hash))
        {
            read.ReadAll(text.AsSpan(question + 1, (hash < 0 ? text.Length : hash) - question - 1));
        }

        if (hash >= 0)
        {
            ReadOnlySpan<char> fragment = text.AsSpan(hash + 1);
            // A single page app has its own address there: #/pricing?utm_source=x.
            int inner = fragment.IndexOf('?');
            read.ReadAll(inner >= 0 ? fragment[(inner + 1)..] : fragment);
        }

        return read;
    }

    private void ReadAll(ReadOnlySpan<char> query)
    {
        int count = 0;
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> part = query[range];
            int equals = part.IndexOf('=');
            if (equals <= 0 || count++ == ParametersMax)
            {
                continue;
            }

            string name = part[..equals].ToString().ToLowerInvariant();
            if (name.StartsWith("amp;", StringComparison.Ordinal))
            {
                // An address that was written into HTML, and copied out of it.
                name = name[4..];
            }

            string value = part[(equals + 1)..].ToString();
            if (name.StartsWith("utm_", StringComparison.Ordinal))
            {
                // An empty one says nothing, and hides no other.
                if (value.Length > 0 && !_campaign.TryAdd(name, value))
                {
                    Faults |= CampaignFaults.Repeated;
                }
            }
            else if (value.Length > 0 && ClickIds.Find(name) is { } id && ClickId is not { IsProof: true })
            {
                ClickId = id.IsProof ? id : ClickId ?? id;
            }
        }
    }
}
