using System.Globalization;
using System.Text;
using Customer360.Benchmarks.Http;

namespace Customer360.Benchmarks.Grid;

/// <summary>Batches of 100 messages as an SDK sends them, about 700 bytes each.</summary>
internal static class CollectLoad
{
    public const int BatchMessages = 100;
    private const int IdLength = 24;

    /// <summary>
    /// Sends <paramref name="customers"/> identify messages, each a new user with an anonymous id, an e-mail address and
    /// <paramref name="traits"/> traits, and waits until all are applied.
    /// </summary>
    public static async Task FillAsync(int port, int customers, int traits, int from = 0)
    {
        const int Connections = 16;
        int batches = (customers + BatchMessages - 1) / BatchMessages;
        LoadResult result = await HttpLoad.RunAsync(
            port,
            Connections,
            TimeSpan.Zero,
            Timeout.InfiniteTimeSpan,
            (connection, number) =>
            {
                long batch = connection + (number * Connections);
                // A bare null would become an empty request, because null converts to an array.
                return batch < batches
                    ? Request(IdentifyBatch(from + (int)(batch * BatchMessages), traits))
                    : (ReadOnlyMemory<byte>?)null;
            }
        );
        if (result.Failures > 0)
        {
            throw new InvalidOperationException($"{result.Failures} of {result.Requests} requests failed.");
        }
    }

    /// <summary>Track messages of random known users; the answer comes when the profiles show them.</summary>
    /// <param name="batchesMax">Ends after so many batches. Default: never, the time ends it.</param>
    public static async Task<LoadResult> TrackAsync(
        int port,
        int connections,
        int customers,
        TimeSpan warmUp,
        TimeSpan measured,
        int seed,
        long batchesMax = long.MaxValue
    )
    {
        Template[] templates =
        [
            .. Enumerable.Range(0, connections).Select(connection => new Template(connection, customers, seed)),
        ];
        return await HttpLoad.RunAsync(
            port,
            connections,
            warmUp,
            measured,
            (connection, number) =>
                connection + (number * connections) < batchesMax
                    ? templates[connection].Next()
                    : (ReadOnlyMemory<byte>?)null
        );
    }

    /// <summary>The body of one batch of track messages, for whoever needs the same payloads elsewhere.</summary>
    public static string TrackBatch(Random random, int customers, Func<int, string> messageId)
    {
        var body = new StringBuilder("{\"batch\":[");
        for (int index = 0; index < BatchMessages; index++)
        {
            int user = random.Next(customers);
            body.Append(index == 0 ? "" : ",")
                .Append(
                    CultureInfo.InvariantCulture,
                    $$$"""
                    {"type":"track","messageId":"{{{messageId(
                        index
                    )}}}","userId":"user-{{{user}}}","anonymousId":"anon-{{{user}}}","event":"Product Viewed","timestamp":"2026-11-22T10:00:00.000Z","context":{"library":{"name":"@segment/analytics-node","version":"2.2.1"},"ip":"203.0.113.7","locale":"en-US","page":{"path":"/products/{{{user
                        % 1000}}}","referrer":"https://shop.example.com/","title":"A product","url":"https://shop.example.com/products/{{{user
                        % 1000}}}"},"userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"},"properties":{"product_id":"p-{{{user
                        % 1000}}}","sku":"sku-{{{user
                        % 1000}}}","category":"garden","name":"A product of the shop","price":{{{user
                        % 100}}}.95,"quantity":1,"currency":"EUR","position":3}}
                    """
                );
        }

        return body.Append("],\"sentAt\":\"2026-11-22T10:00:01.000Z\"}").ToString();
    }

    private static string IdentifyBatch(int first, int traits)
    {
        var body = new StringBuilder("{\"batch\":[");
        for (int index = first; index < first + BatchMessages; index++)
        {
            body.Append(index == first ? "" : ",")
                .Append(
                    CultureInfo.InvariantCulture,
                    $$"""{"type":"identify","messageId":"fill-{{index}}","userId":"user-{{index}}","anonymousId":"anon-{{index}}","traits":{"email":"user-{{index}}@example.com" """
                );
            for (int trait = 1; trait < traits; trait++)
            {
                body.Append(CultureInfo.InvariantCulture, $",\"trait_{trait}\":\"value {index % 97} of {trait}\"");
            }

            body.Append("}}");
        }

        return body.Append("]}").ToString();
    }

    private static ReadOnlyMemory<byte> Request(string body)
    {
        string head =
            "POST /v1/batch?wait=applied HTTP/1.1\r\nHost: localhost\r\n"
            + $"Authorization: Bearer {GridServer.Key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n";
        return Encoding.UTF8.GetBytes(head + body);
    }

    /// <summary>
    /// A few batches of one connection, made once; before each sending only the message ids are written anew, so that
    /// making load costs next to nothing.
    /// </summary>
    private sealed class Template
    {
        private const int Batches = 40;
        private readonly (byte[] Bytes, int[] IdPlaces)[] _batches;
        private readonly string _prefix;
        private long _sent;
        private int _next;

        public Template(int connection, int customers, int seed)
        {
            _prefix = string.Create(CultureInfo.InvariantCulture, $"{seed:x6}{connection:x4}");
            var random = new Random((seed * 1_000) + connection);
            string mark = new('#', IdLength);
            _batches = new (byte[], int[])[Batches];
            for (int batch = 0; batch < Batches; batch++)
            {
                byte[] bytes = Request(TrackBatch(random, customers, _ => mark)).ToArray();
                _batches[batch] = (bytes, Places(bytes, Encoding.ASCII.GetBytes(mark)));
            }
        }

        public ReadOnlyMemory<byte> Next()
        {
            (byte[] bytes, int[] places) = _batches[_next];
            _next = (_next + 1) % Batches;
            foreach (int place in places)
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"{_prefix}{_sent++:x14}");
                Encoding.ASCII.GetBytes(id, bytes.AsSpan(place));
            }

            return bytes;
        }

        private static int[] Places(byte[] bytes, byte[] mark)
        {
            List<int> places = [];
            for (int at = 0; ; at += mark.Length)
            {
                int found = bytes.AsSpan(at).IndexOf(mark);
                if (found < 0)
                {
                    return [.. places];
                }

                at += found;
                places.Add(at);
            }
        }
    }
}
