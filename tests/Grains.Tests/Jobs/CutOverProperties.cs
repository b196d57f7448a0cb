using System.Globalization;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using static Customer360.Grains.Tests.Support.Messages;

namespace Customer360.Grains.Tests.Jobs;

/// <summary>
/// Random events under random rules, cut over to others and rolled back, give the former customers with the former profiles. And
/// after the cut-over the rules have nothing more to change. A failure names its seed; <c>CUSTOMER360_CUTOVER_SEEDS=1-500</c>
/// runs more of them.
/// </summary>
public sealed class CutOverProperties
{
    private const string Setting = "CUSTOMER360_CUTOVER_SEEDS";

    [Fact]
    public async Task ApplyThenRollBack_WhenEventsAndRulesAreRandom_ReturnsTheFormerGraph()
    {
        foreach (int seed in Seeds())
        {
            await using TestGrid grid = await CutOverTests.StartAsync();
            try
            {
                await new Run(grid, seed).Go();
            }
            catch (Exception error)
            {
                Assert.Fail($"Seed {seed}: {error}");
            }
        }
    }

    private static IEnumerable<int> Seeds()
    {
        string[] ends = (Environment.GetEnvironmentVariable(Setting) ?? "1-12").Split('-');
        int first = int.Parse(ends[0], CultureInfo.InvariantCulture);
        return Enumerable.Range(first, int.Parse(ends[^1], CultureInfo.InvariantCulture) - first + 1);
    }

    private sealed class Run(TestGrid grid, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly HashSet<string> _pool = new(StringComparer.Ordinal);
        private readonly JobClient _client = new(grid);
        private int _messages;

        public async Task Go()
        {
            string before = Rules();
            string after = Rules();
            await grid.PutRules(before);
            await Collect(_random.Next(5, 40));
            string[] former = await GridPicture.Of(grid, _pool);
            (string dryRun, JsonObject found) = await _client.Run(JobKind.DryRun, after);

            (string cutOver, JsonObject report) = await _client.Run(JobKind.CutOver, null, dryRun);

            IReadOnlyList<JsonObject> steps = await _client.Steps(cutOver);
            Assert.True(
                (int)report["refused"]! + (int)report["unforeseen"]! == 0,
                $"{report.ToJsonString()} {string.Join("; ", steps.Select(step => step.ToJsonString()))}"
            );
            int affected = (int)found["affected"]!;
            Assert.Equal(affected > 0, (int)report["merged"]! + (int)report["split"]! > 0);
            await CutOverTests.AssertAtRest(_client, after);
            bool goesOn = _random.Next(2) == 0;
            if (goesOn)
            {
                await Collect(_random.Next(1, 10));
                await CutOverTests.AssertAtRest(_client, after);
            }

            (string rollBack, JsonObject back) = await _client.Run(JobKind.RollBack, null, cutOver);

            (_, JsonObject check) = await _client.Run(JobKind.Check, null);
            Assert.Equal(0, (int)check["differenceCount"]!);
            if (!goesOn)
            {
                Assert.Equal(0, (int)back["refused"]! + (int)back["changed"]!);
                Assert.Equal(former, await GridPicture.Of(grid, _pool));
            }
        }

        /// <summary>They are sent one by one, because messages that are handled together may be decided in another order.</summary>
        private async Task Collect(int messages)
        {
            for (int number = 0; number < messages; number++)
            {
                string? user = _random.Next(3) > 0 ? $"u-{_random.Next(5)}" : null;
                string? device = user is null || _random.Next(3) > 0 ? $"a-{_random.Next(6)}" : null;
                string? email = _random.Next(3) == 0 ? $"e{_random.Next(4)}@x.example" : null;
                var traits = new JsonObject { ["plan"] = $"p-{_random.Next(3)}" };
                if (email is not null)
                {
                    traits["email"] = email;
                    _pool.Add($"email:{email}");
                }

                _pool.UnionWith(new[] { $"user_id:{user}", $"anonymous_id:{device}" }.Where(one => one[^1] != ':'));
                await grid.CollectApplied(Identify($"m-{++_messages}", user, device, traits));
            }
        }

        private string Rules() =>
            $$"""
                defaultRegion: US
                identifiers:
                  user_id: { priority: 1, limit: {{_random.Next(1, 4)}}, window: ever, normalisation: exact }
                  email: { priority: 2, limit: {{_random.Next(1, 4)}}, window: ever, normalisation: email }
                  anonymous_id: { priority: 3, limit: {{_random.Next(1, 4)}}, window: ever, normalisation: exact }
                containment:
                  quarantineDegree:
                    email: {{_random.Next(2, 6)}}
                    anonymous_id: {{_random.Next(2, 6)}}
                  profile:
                    identifiersMax: {{_random.Next(3, 12)}}
                """;
    }
}
