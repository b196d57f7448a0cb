using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Policies;

/// <summary>A kind of policy file and the type that its files are read to.</summary>
/// <typeparam name="T">Immutable. Each kind has a type of its own.</typeparam>
public abstract class PolicyKind<T>(string name, string builtIn) : PolicyKind(name, builtIn)
    where T : class
{
    private const int VersionBytes = 6;

    private static readonly ConfigFault s_silent = new(
        1,
        "file",
        "The file says nothing. To go back to the built-in policy, roll back to its version."
    );

    public sealed override PolicyReading Read(string text, IConfigFormat format) => ReadFile(text, format);

    /// <inheritdoc cref="PolicyKind.Read"/>
    public PolicyReading<T> ReadFile(string text, IConfigFormat format)
    {
        if (text.Length > CharactersMax)
        {
            return Unreadable(new ConfigFault(0, "file", $"It has over {CharactersMax} characters."));
        }

        (ConfigNode? file, ConfigFault? fault) = format.Read(text);
        return file is null ? Unreadable(fault!.Value) : ReadFile(new PolicyFile(file));
    }

    public sealed override bool HasSameGround(PolicyReading before, PolicyReading next) =>
        before is PolicyReading<T> { Body.Base: { } one }
        && next is PolicyReading<T> { Body.Base: { } other }
        && HasSameGround(one, other);

    /// <summary>Reads the file's own sections; what is wrong with them becomes a fault of the file. Null after a fault.</summary>
    protected abstract T? Read(PolicyFile file);

    /// <summary>Writes the canonical form: one JSON value, the same bytes for equal policies.</summary>
    protected abstract void Write(Utf8JsonWriter writer, T policy);

    /// <summary>
    /// What the policy comes to for an example's input: names and texts that <c>expect</c> may have, a list as its items with
    /// <c>", "</c> between them. Null (the default): the kind has no examples.
    /// </summary>
    protected virtual IReadOnlyDictionary<string, string>? Decide(T policy, PolicyExample example) => null;

    /// <summary>What a region may not make of the policy, beside what it may not override. Default: nothing is wrong.</summary>
    protected virtual IEnumerable<PolicyFault> OverrideFaults(T policy, T regional) => [];

    /// <inheritdoc cref="PolicyKind.HasSameGround(PolicyReading, PolicyReading)"/>
    protected virtual bool HasSameGround(T before, T next) => true;

    private static PolicyReading<T> Unreadable(params ConfigFault[] faults) => new(null, [.. faults], []);

    private PolicyReading<T> ReadFile(PolicyFile file)
    {
        T? policy = Read(file);
        var overrides = ImmutableSortedDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        if (policy is not null && file.Faults.Count == 0)
        {
            foreach ((string region, PolicyFile regional) in PolicyOverrides.Of(file, Overridable))
            {
                T? own = Read(regional);
                file.Faults.AddRange(
                    regional.Faults.Select(fault => fault with { Rule = $"overrides.{region}.{fault.Rule}" })
                );
                if (own is not null)
                {
                    overrides[region] = own;
                    file.Faults.AddRange(
                        OverrideFaults(policy, own)
                            .Select(fault => new ConfigFault(
                                PolicyOverrides.LineOf(file, region),
                                $"overrides.{region}.{fault.Rule}",
                                fault.Message
                            ))
                    );
                }
            }
        }

        if (policy is null || file.Faults.Count > 0)
        {
            return Unreadable(file.SaysNothing ? [s_silent] : [.. file.Faults.OrderBy(fault => fault.Line)]);
        }

        ReadOnlyMemory<byte> json = Canonical(policy, overrides);
        string version = Convert.ToHexStringLower(SHA256.HashData(json.Span).AsSpan(0, VersionBytes));
        var body = new PolicyBody<T>(policy, version, json, overrides.ToImmutable(), file.Owner);

        // From here on it is understood; what follows keeps it from being put in force.
        if (file.SaysNothing)
        {
            file.Faults.Add(s_silent);
        }

        if (NeedsOwner && file.Owner is null)
        {
            file.Faults.Add(
                new ConfigFault(1, "owner", "It decides by itself, so it must name its owner: team and contact.")
            );
        }

        file.Faults.AddRange(PolicyExample.Check(file, body, Decide));
        if (WantsExamples && !file.HasExamples)
        {
            file.Warnings.Add(new ConfigFault(1, "examples", "The file has no example."));
        }

        return new PolicyReading<T>(
            body,
            [.. file.Faults.OrderBy(fault => fault.Line)],
            [.. file.Warnings.OrderBy(warning => warning.Line)]
        );
    }

    private byte[] Canonical(T policy, ImmutableSortedDictionary<string, T>.Builder overrides)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        if (overrides.Count == 0)
        {
            Write(writer, policy);
            writer.Flush();
            return buffer.WrittenSpan.ToArray();
        }

        writer.WriteStartObject();
        writer.WritePropertyName("base"u8);
        Write(writer, policy);
        writer.WriteStartObject("overrides"u8);
        foreach ((string region, T own) in overrides)
        {
            writer.WritePropertyName(region);
            Write(writer, own);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>What is wrong with a policy at a place of it.</summary>
/// <param name="Rule">The path of the rule: <c>roles.sales.read</c>.</param>
/// <param name="Message">One sentence.</param>
public readonly record struct PolicyFault(string Rule, string Message);
