using System.Reflection;
using Customer360.EmbeddedEngine.Runtime;

namespace Customer360.EmbeddedEngine;

/// <summary>Finds the generated lists of grains.</summary>
internal static class GrainManifests
{
    /// <summary>The lists of these assemblies and of the engine; of all that are in reach if there are none.</summary>
    public static IEnumerable<GrainManifest> Of(IReadOnlyCollection<Assembly> assemblies)
    {
        var own = typeof(GrainManifests).Assembly;
        var all = assemblies.Count == 0 ? InReach() : assemblies;
        return all.Append(own)
            .Distinct()
            .OrderBy(static assembly => assembly.FullName, StringComparer.Ordinal)
            .Select(static assembly => assembly.GetCustomAttribute<GrainManifestAttribute>())
            .OfType<GrainManifestAttribute>()
            .Select(static attribute =>
                (GrainManifest)Activator.CreateInstance(attribute.ManifestType, nonPublic: true)!
            );
    }

    private static HashSet<Assembly> InReach()
    {
        var own = typeof(GrainManifests).Assembly.GetName().Name;
        var reached = new HashSet<Assembly>();
        var open = new Stack<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        while (open.TryPop(out var assembly))
        {
            if (assembly.IsDynamic || !reached.Add(assembly))
            {
                continue;
            }

            foreach (var name in assembly.GetReferencedAssemblies())
            {
                // The framework references no grains, and loading all of it would cost a second.
                if (IsFramework(name.Name!) || name.Name == own)
                {
                    continue;
                }

                try
                {
                    open.Push(Assembly.Load(name));
                }
                catch (Exception exception)
                    when (exception is FileNotFoundException or FileLoadException or BadImageFormatException)
                {
                    // A reference that is not deployed cannot hold grains either.
                }
            }
        }

        return reached;
    }

    private static bool IsFramework(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.", StringComparison.Ordinal)
        || name is "System" or "mscorlib" or "netstandard";
}
