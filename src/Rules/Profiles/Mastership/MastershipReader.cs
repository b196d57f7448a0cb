using System.Collections.Immutable;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Profiles.Mastership;

/// <summary>
/// Reads <c>mastership.yaml</c>: <c>default: {strategy, sources}</c> and <c>fields: {name: {strategy, sources,
/// writers}}</c>. A field without a strategy has <c>source-priority</c> where it ranks sources, else the default's.
/// </summary>
internal static class MastershipReader
{
    private const string Default = "default";
    private const string Fields = "fields";
    private const string Strategy = "strategy";
    private const string Sources = "sources";
    private const string Writers = "writers";

    /// <summary>The policy; null after a fault.</summary>
    public static MastershipPolicy? Read(PolicyFile file) => new Reader(file.Faults).Read(file.Root);

    /// <summary>A list of names as it was written: each with its line.</summary>
    private sealed record Names(int Line, ImmutableArray<ConfigNode> Items)
    {
        public ImmutableArray<string> Texts => [.. Items.Select(item => item.Text)];
    }

    /// <summary>A rule as it was written.</summary>
    private sealed record Draft(ConfigMember Written, MasterStrategy? Strategy, int StrategyLine)
    {
        public Names? Sources { get; init; }

        public Names? Writers { get; init; }
    }

    /// <summary>One reading: it goes on after an error, so that one look finds them all.</summary>
    private sealed class Reader(List<ConfigFault> faults)
    {
        public MastershipPolicy? Read(ConfigNode root)
        {
            Draft? others = null;
            List<Draft> drafts = [];
            foreach (ConfigMember member in Members(root, "", Default, Fields))
            {
                if (member.Name == Default)
                {
                    others = ReadDraft(member, Default, Strategy, Sources);
                }
                else
                {
                    drafts = [.. AllMembers(member.Value, Fields).Select(ReadField)];
                }
            }

            MasterStrategy defaultStrategy = others?.Strategy ?? MasterStrategy.Latest;
            ImmutableArray<string> order = others?.Sources?.Texts ?? [];
            var defaultRule = new MastershipRule(MastershipRule.AnyField, defaultStrategy, order);
            if (others is not null)
            {
                Check(defaultRule, others, Default, order);
            }

            List<MastershipRule> rules = [];
            foreach (Draft draft in drafts)
            {
                MasterStrategy strategy =
                    draft.Strategy ?? (draft.Sources is null ? defaultStrategy : MasterStrategy.SourcePriority);
                var rule = new MastershipRule(
                    draft.Written.Name,
                    strategy,
                    draft.Sources?.Texts ?? [],
                    draft.Writers?.Texts
                );
                Check(rule, draft, PathOf(draft.Written), order);
                rules.Add(rule);
            }

            if (rules.Count > MastershipPolicy.FieldCountMax)
            {
                faults.Add(new ConfigFault(root.Line, Fields, $"over {MastershipPolicy.FieldCountMax} fields"));
            }

            return faults.Count > 0 ? null : new MastershipPolicy(defaultRule, rules);
        }

        private static string PathOf(ConfigMember field) => $"{Fields}.{field.Name}";

        private Draft ReadField(ConfigMember field)
        {
            if (field.Name == MastershipRule.AnyField)
            {
                Add(field.Line, PathOf(field), "'*' is no field; write the rule for all other fields under 'default'");
            }

            return ReadDraft(field, PathOf(field), Strategy, Sources, Writers);
        }

        private Draft ReadDraft(ConfigMember written, string path, params string[] known)
        {
            var draft = new Draft(written, null, written.Line);
            foreach (ConfigMember member in Members(written.Value, path, known))
            {
                draft = member.Name switch
                {
                    Strategy => draft with { Strategy = ReadStrategy(member, path), StrategyLine = member.Line },
                    Sources => draft with { Sources = ReadNames(member, path) },
                    _ => draft with { Writers = ReadNames(member, path) },
                };
            }

            return draft;
        }

        private MasterStrategy? ReadStrategy(ConfigMember member, string path)
        {
            if (
                member.Value is { Kind: ConfigKind.Text, IsNothing: false } word
                && MasterStrategies.TryParse(word.Text, out MasterStrategy strategy)
            )
            {
                return strategy;
            }

            Add(member.Line, path, $"the strategy is not known; known: {MasterStrategies.Known}");
            return null;
        }

        private Names ReadNames(ConfigMember member, string path)
        {
            if (member.Value is not { Kind: ConfigKind.List } list)
            {
                Add(member.Line, path, $"'{member.Name}' must be a list of sources");
                return new Names(member.Line, []);
            }

            if (list.Items.IsEmpty && member.Name == Sources)
            {
                Add(member.Line, path, "'sources' is empty; rank at least one source, or leave it out");
            }

            foreach (ConfigNode item in list.Items.Where(item => !IsName(item)))
            {
                Add(item.Line, path, "a source is named by a text");
            }

            return new Names(member.Line, [.. list.Items.Where(IsName)]);
        }

        private static bool IsName(ConfigNode item) => item is { Kind: ConfigKind.Text, IsNothing: false };

        /// <summary>The members of a mapping that are known, each once.</summary>
        private IEnumerable<ConfigMember> Members(ConfigNode node, string path, params string[] known)
        {
            foreach (ConfigMember member in AllMembers(node, path))
            {
                if (known.Contains(member.Name, StringComparer.Ordinal))
                {
                    yield return member;
                }
                else
                {
                    Add(member.Line, path, $"'{Shown(member.Name)}' is not known; known: {string.Join(", ", known)}");
                }
            }
        }

        /// <summary>The members of a mapping, each once; nothing where it is left empty.</summary>
        private IEnumerable<ConfigMember> AllMembers(ConfigNode node, string path)
        {
            if (node.Kind != ConfigKind.Map)
            {
                if (!node.IsNothing)
                {
                    Add(node.Line, path, "a mapping (name: value) is wanted");
                }

                yield break;
            }

            var lines = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (ConfigMember member in node.Members)
            {
                if (lines.TryAdd(member.Name, member.Line))
                {
                    yield return member;
                }
                else
                {
                    Add(
                        member.Line,
                        path,
                        $"'{Shown(member.Name)}' stands here for the second time (first in line {lines[member.Name]})"
                    );
                }
            }
        }

        /// <summary>What the rule can't mean, at the lines where it says so.</summary>
        private void Check(MastershipRule rule, Draft draft, string path, ImmutableArray<string> order)
        {
            foreach (MastershipFault fault in rule.Faults(order))
            {
                Names? names = fault.Member switch
                {
                    Sources => draft.Sources,
                    Writers => draft.Writers,
                    _ => null,
                };
                // Told already, by its own words: the list is empty or no list.
                bool isTold = fault.Member == Strategy && draft.Sources is { Items.IsEmpty: true };
                if (!isTold)
                {
                    Add(LineOf(fault, draft, names), path, fault.Text);
                }
            }
        }

        private static int LineOf(MastershipFault fault, Draft draft, Names? names) =>
            names is null ? (fault.Member == Strategy ? draft.StrategyLine : draft.Written.Line)
            : fault.Item < 0 ? names.Line
            : names.Items[fault.Item].Line;

        private void Add(int line, string path, string message) =>
            faults.Add(new ConfigFault(line, Shown(path), message));

        /// <summary>Somebody may send anything: an error never repeats more than a name's length of it.</summary>
        private static string Shown(string name) =>
            name.Length <= ProfileFold.NameLengthMax ? name : $"{name[..ProfileFold.NameLengthMax]}…";
    }
}
