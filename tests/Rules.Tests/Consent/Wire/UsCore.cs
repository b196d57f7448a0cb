namespace Customer360.Rules.Tests.Consent.Wire;

/// <summary>The core of a US section, written field by field in the order of the specifications.</summary>
/// <param name="Section">Its id.</param>
/// <param name="Fields">
/// The version (V), notices (n) and opt-outs (o) of sale (s), sharing (h), targeted advertising (t) and sensitive data (l),
/// kinds of sensitive data (S), children (C), secondary use (u), and others (- and m).
/// </param>
/// <param name="Sensitive">How many kinds of sensitive data.</param>
/// <param name="Children">How many fields for children.</param>
internal sealed record UsCore(int Section, string Fields, int Sensitive, int Children)
{
    public const int No = 1;
    public const int Yes = 2;

    public static readonly UsCore EarlyNation = new(7, "V - ns nh nt - - os oh ot S C u m m m", 12, 2);

    public static IReadOnlyDictionary<int, UsCore> All { get; } =
        new UsCore[]
        {
            new(7, "V - ns nh nt - - os oh ot S C u m m m", 16, 3),
            new(8, "V ns nh nl os oh S C u m m m", 9, 2),
            new(9, "V - ns nt os ot S C m m m", 8, 1),
            new(10, "V - ns nt os ot S C m m m", 7, 1),
            new(11, "V - ns nt nl os ot S C m m m", 8, 1),
            new(12, "V - ns nt os ot S C m m m", 8, 3),
            new(13, "V - ns nt os ot S C u m m m", 8, 3),
            new(14, "V - ns nt os ot S C u m m m", 8, 3),
            new(15, "V - ns nt os ot S C u m m m", 11, 3),
            new(16, "V - ns nt os ot S C u m m m", 8, 1),
            new(17, "V - ns nt os ot S C u m m m", 9, 5),
            new(18, "V - ns nt nl os ot S C m m m", 8, 1),
            new(19, "V - ns nt os ot S C u m m m", 8, 1),
            new(20, "V - ns nt os ot S C u m m m", 8, 3),
            new(21, "V - ns nt os ot S C u m m m", 10, 5),
            new(22, "V - ns nt os ot S C u m m m", 8, 1),
            new(23, "V - ns nt os ot S C u m m m", 8, 1),
            new(24, "V m m - ns nt os ot u", 0, 0),
            new(25, "V m m - ns nt os ot C u", 0, 1),
            new(26, "V m m - ns nt os ot C u", 0, 1),
            new(27, "V m m - ns nt os ot C u", 0, 1),
        }.ToDictionary(core => core.Section);

    public bool Has(string field) => Fields.Split(' ').Contains(field);

    /// <summary>What a string says whose core has these values and, in the other fields, all that can be allowed.</summary>
    public string[] Read(Dictionary<string, int>? values = null, int fill = 6) => ReadText(Write(values ?? [], fill));

    public string[] ReadText(string text)
    {
        string header = new BitText()
            .Write(3, 6)
            .Write(1, 6)
            .Write(1, 12)
            .Write(false)
            .WriteFibonacci(Section)
            .ToText();
        return Said.Text("gpp", $"{header}~{text}");
    }

    /// <summary>
    /// Writes a core. Without a value a notice was given, an opt-out was not used, a consent was given, and no child is known.
    /// </summary>
    public string Write(Dictionary<string, int> values, int fill = 6)
    {
        var bits = new BitText();
        foreach (string field in Fields.Split(' '))
        {
            switch (field[0])
            {
                case 'V':
                    bits.Write(values.GetValueOrDefault(field, 1), 6);
                    break;
                case 'n':
                    bits.Write(values.GetValueOrDefault(field, 1), 2);
                    break;
                case 'S':
                    WriteEach("S", Sensitive, Yes);
                    break;
                case 'C':
                    WriteEach("C", Children, 0);
                    break;
                default:
                    bits.Write(values.GetValueOrDefault(field, Yes), 2);
                    break;
            }
        }

        return bits.ToText(fill);

        void WriteEach(string name, int count, int usual)
        {
            for (int i = 0; i < count; i++)
            {
                bits.Write(values.GetValueOrDefault($"{name}{i}", usual), 2);
            }
        }
    }
}
