using System.Diagnostics;
using System.Globalization;
using System.Text;
using Customer360.Phones;
using Customer360.Rules.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Silo.Policies;

namespace Customer360.Benchmarks.Rules;

/// <summary>What it costs to read a message of twenty fields on one thread, without contracts and by 200 contracts of twenty fields.</summary>
internal static class ContractsBenchmark
{
    private const int ContractCount = 200;
    private const int FieldCount = 20;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(3);
    private static readonly DateTimeOffset s_noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public static void Run()
    {
        byte[] body = Body();
        double without = Read("a message of 20 fields, no contracts", contracts: null, body);
        double with = Read("the same, 200 contracts of 20 fields", Policy(), body);
        Report.Line(
            "reading a message: what contracts add",
            string.Create(CultureInfo.InvariantCulture, $"{with - without:N2} µs"),
            "",
            "",
            ""
        );
    }

    /// <summary>Microseconds a message.</summary>
    private static double Read(string what, IPolicy<ContractsPolicy>? contracts, byte[] body)
    {
        var reader = new EnvelopeReader(
            new FixedPolicy<IdentityRules>(IdentityRules.Default, IdentityRules.Default.Version),
            new LibPhoneNumbers(),
            consent: null,
            contracts
        );
        var context = new MessageContext("benchmark", s_noon, null, null, "r", 0);
        long read = 0;
        int held = 0;
        Round();
        (read, held) = (0, 0);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_time)
        {
            Round();
        }

        double micros = Stopwatch.GetElapsedTime(start).TotalMicroseconds / read;
        Report.Line(
            $"reading a message: {what}",
            string.Create(CultureInfo.InvariantCulture, $"{micros:N2} µs on one thread"),
            string.Create(CultureInfo.InvariantCulture, $"{held:N0} held"),
            "",
            ""
        );
        return micros;

        void Round()
        {
            using SentBody sent = SentBody.OfBatch(body);
            for (int index = 0; index < sent.Count; index++)
            {
                held += reader.Read(sent[index], context).Value!.IsHeld ? 1 : 0;
            }

            read += sent.Count;
        }
    }

    private static FixedPolicy<ContractsPolicy> Policy()
    {
        var file = new StringBuilder(
            "owner: {team: data, contact: data}\nmodes: {violations: quarantine, unplannedProperties: annotate}\ncontracts:\n"
        );
        for (int number = 0; number < ContractCount; number++)
        {
            string fields = string.Join(", ", Enumerable.Range(0, FieldCount).Select(Field));
            file.Append(CultureInfo.InvariantCulture, $"  - name: Event {number}\n    versions:\n")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"      - {{version: 1.0.0, schema: {{required: [field_0, field_1], properties: {{{fields}}}}}}}\n"
                );
        }

        PolicyReading<ContractsPolicy> reading = PolicyServices.KnownKinds().Read<ContractsPolicy>(file.ToString());
        return new FixedPolicy<ContractsPolicy>(reading.Body!.Base, reading.Body.Version);
    }

    private static string Field(int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"field_{number}: {(number % 4) switch
            {
                0 => "{type: string, minLength: 1, maxLength: 100}",
                1 => "{type: number, minimum: 0}",
                2 => "{enum: [gold, silver, free]}",
                _ => "{type: string, pattern: \"^[a-z]+-[0-9]+$\"}",
            }}"
        );

    private static byte[] Body()
    {
        var batch = new StringBuilder("{\"batch\":[");
        for (int number = 0; number < 500; number++)
        {
            string fields = string.Join(
                ',',
                Enumerable
                    .Range(0, FieldCount)
                    .Select(field =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"\"field_{field}\":{(field % 4) switch
                            {
                                0 => "\"a text of some words\"",
                                1 => "12.5",
                                2 => "\"silver\"",
                                _ => "\"order-1234\"",
                            }}"
                        )
                    )
            );
            batch.Append(
                CultureInfo.InvariantCulture,
                $"{(number == 0 ? "" : ",")}{{\"type\":\"track\",\"messageId\":\"m-{number}\",\"userId\":\"u-{number}\",\"event\":\"Event {number % ContractCount}\",\"properties\":{{{fields}}}}}"
            );
        }

        return Encoding.UTF8.GetBytes(batch.Append("]}").ToString());
    }
}
