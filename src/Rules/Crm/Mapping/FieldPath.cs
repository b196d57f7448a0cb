using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Customer360.Rules.Crm.Mapping;

/// <summary>
/// A place in a JSON value: <c>$.customer.emails[0]</c>. A list of names with values is entered by a name,
/// <c>$.Attributes[key=emailaddress1].value</c>, and <c>[*]</c> stands for every item, where several values may be meant.
/// </summary>
/// <remarks>A member whose name has a dot, a bracket or a quote is written <c>$['first.name']</c>.</remarks>
public sealed class FieldPath
{
    private const int StepsMax = 20;

    private readonly ImmutableArray<Step> _steps;

    private FieldPath(string text, ImmutableArray<Step> steps) => (Text, _steps) = (text, steps);

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>True where it may stand for several values.</summary>
    public bool IsMany => _steps.Any(step => step.Kind == StepKind.Every);

    /// <summary>Reads a path; what is wrong with it is one sentence.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out FieldPath? path,
        [NotNullWhen(false)] out string? fault
    )
    {
        path = null;
        fault = null;
        var steps = ImmutableArray.CreateBuilder<Step>();
        int at = 1;
        bool isRead = text.StartsWith('$');
        while (isRead && at < text.Length)
        {
            isRead = steps.Count < StepsMax && TryReadStep(text, ref at, out Step step) && Add(steps, step);
        }

        if (!isRead)
        {
            fault = "It must be a path such as $.customer.emails[0], $.items[*] or $.fields[key=email].value.";
            return false;
        }

        path = new FieldPath(text, steps.DrainToImmutable());
        return true;
    }

    /// <summary>The first value that stands there; null where none does.</summary>
    public JsonElement? Find(JsonElement root)
    {
        foreach (JsonElement found in FindAll(root))
        {
            return found;
        }

        return null;
    }

    /// <summary>All values that stand there, in their order.</summary>
    public IEnumerable<JsonElement> FindAll(JsonElement root) => FindAll(root, 0);

    private IEnumerable<JsonElement> FindAll(JsonElement value, int depth)
    {
        if (depth == _steps.Length)
        {
            return [value];
        }

        Step step = _steps[depth];
        IEnumerable<JsonElement> next = step.Kind switch
        {
            StepKind.Member => value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty(step.Name, out JsonElement member)
                ? [member]
                : [],
            StepKind.Item => value.ValueKind == JsonValueKind.Array && step.Place < value.GetArrayLength()
                ? [value[step.Place]]
                : [],
            StepKind.Named => Items(value).Where(item => IsNamed(item, step)),
            _ => Items(value),
        };
        return next.SelectMany(one => FindAll(one, depth + 1));
    }

    private static IEnumerable<JsonElement> Items(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (JsonElement item in value.EnumerateArray())
        {
            yield return item;
        }
    }

    private static bool IsNamed(JsonElement item, Step step) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty(step.Name, out JsonElement name)
        && name.ValueKind == JsonValueKind.String
        && name.ValueEquals(step.Value);

    private static bool Add(ImmutableArray<Step>.Builder steps, Step step)
    {
        steps.Add(step);
        return true;
    }

    private static bool TryReadStep(string text, ref int at, out Step step)
    {
        step = default;
        if (text[at] == '.')
        {
            int end = text.AsSpan(at + 1).IndexOfAny('.', '[');
            string name = end < 0 ? text[(at + 1)..] : text.Substring(at + 1, end);
            at += 1 + name.Length;
            step = new Step(StepKind.Member, name);
            return name.Length > 0;
        }

        int close = text[at] == '[' ? CloseOf(text, at) : -1;
        if (close < 0)
        {
            return false;
        }

        string inside = text[(at + 1)..close];
        at = close + 1;
        int equals = inside.IndexOf('=', StringComparison.Ordinal);
        if (inside.Length > 2 && inside[0] == '\'' && inside[^1] == '\'')
        {
            step = new Step(StepKind.Member, inside[1..^1]);
        }
        else if (inside == "*")
        {
            step = new Step(StepKind.Every, "");
        }
        else if (int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out int place))
        {
            step = new Step(StepKind.Item, "") { Place = place };
        }
        else
        {
            step = new Step(StepKind.Named, equals > 0 ? inside[..equals] : "") { Value = inside[(equals + 1)..] };
            return equals > 0 && equals < inside.Length - 1;
        }

        return true;
    }

    /// <summary>Where a bracket ends; one in quotes ends behind its quote.</summary>
    private static int CloseOf(string text, int at)
    {
        bool isQuoted = at + 1 < text.Length && text[at + 1] == '\'';
        int found = isQuoted ? text.IndexOf("']", at + 2, StringComparison.Ordinal) : text.IndexOf(']', at);
        return isQuoted && found >= 0 ? found + 1 : found;
    }

    private enum StepKind
    {
        Member,
        Item,
        Named,
        Every,
    }

    private readonly record struct Step(StepKind Kind, string Name)
    {
        public int Place { get; init; }

        public string? Value { get; init; }
    }
}
