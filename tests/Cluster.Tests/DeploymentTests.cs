using System.Text.RegularExpressions;
using Customer360.Silo.Hosting;
using Customer360.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Customer360.Cluster.Tests;

/// <summary>This can be shown without Docker and Kubernetes: the files that deploy the grid fit each other and the program.</summary>
public sealed partial class DeploymentTests
{
    private const string Prefix = "CUSTOMER360__CLUSTER__";

    [Fact]
    public void Dockerfile_OfItsLastStage_RunsSmallAndWithoutRights()
    {
        string[] lines = Instructions();
        int last = Array.FindLastIndex(lines, line => line.StartsWith("FROM ", StringComparison.Ordinal));
        string[] stage = lines[last..];

        Assert.StartsWith("FROM mcr.microsoft.com/dotnet/aspnet:10.0 ", stage[0], StringComparison.Ordinal);
        Assert.Equal("USER $APP_UID", Assert.Single(stage, line => line.StartsWith("USER ", StringComparison.Ordinal)));
        Assert.Single(stage, line => line.EndsWith("""CMD ["customer360", "health"]""", StringComparison.Ordinal));
        Assert.Contains("""ENTRYPOINT ["customer360"]""", stage);
    }

    [Fact]
    public void Dockerfile_OfWhatItCopies_NamesWhatIsThere()
    {
        string[] lines = Instructions();
        string[] stages =
        [
            .. lines
                .Where(line => line.StartsWith("FROM ", StringComparison.Ordinal))
                .Select(line => line.Split(" AS ")[1]),
        ];
        string[] ignored = File.ReadAllLines(Repository.Path(".dockerignore"));
        foreach (
            string[] copy in lines
                .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal))
                .Select(line => line.Split(' '))
        )
        {
            if (copy[1].StartsWith("--from=", StringComparison.Ordinal))
            {
                Assert.Contains(copy[1]["--from=".Length..], stages);
            }
            else
            {
                Assert.True(Path.Exists(Repository.Path(copy[1])), copy[1]);
                Assert.DoesNotContain(copy[1], ignored);
            }
        }

        // What the build needs is not left out of its context.
        Assert.DoesNotContain(ignored, line => line is "silo" or "api" or "src" or "grains" or "deploy");
    }

    [Fact]
    public void Compose_OfItsNodes_BuildsChecksAndStopsThem()
    {
        YamlMappingNode compose = Assert.Single(Yaml.Read(Repository.Path("docker-compose.yml")));
        IReadOnlyDictionary<string, YamlNode> services = compose.At("services").Members();

        Assert.Equal(["api", "postgres", "silo-1", "silo-2"], services.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, YamlNode service) in services)
        {
            Assert.NotEmpty(service.List("healthcheck", "test"));
            foreach ((string needed, YamlNode how) in service.At("depends_on").Members())
            {
                Assert.Contains(needed, services.Keys);
                Assert.Equal("service_healthy", how.Text("condition"));
            }

            if (name != "postgres")
            {
                Assert.Equal(".", service.Text("build", "context"));
                Assert.Equal("30s", service.Text("stop_grace_period"));
                Assert.Equal(
                    name == "api" ? "api" : "silo",
                    (service.List("command").Single() as YamlScalarNode)!.Value
                );
                Assert.Contains(
                    "Host=postgres;",
                    service.Text("environment", "ConnectionStrings__Customer360"),
                    StringComparison.Ordinal
                );
                AssertSettings(service.At("environment").Members().Keys);
            }
        }

        Assert.Equal("false", services["api"].Text("environment", "CUSTOMER360__CLUSTER__COHOST"));
        foreach (
            string volume in services
                .Values.SelectMany(service => service.List("volumes"))
                .Select(volume => $"{volume}".Split(':')[0])
        )
        {
            Assert.Contains(volume, compose.At("volumes").Members().Keys);
        }
    }

    [Fact]
    public void Compose_OfItsSecrets_HoldsNone()
    {
        string text = File.ReadAllText(Repository.Path("docker-compose.yml"));

        Assert.All(
            text.Split('\n').Where(line => SecretLine().IsMatch(line)),
            line => Assert.Contains(":?set it}", line, StringComparison.Ordinal)
        );
        Assert.Matches(SecretLine(), text);
    }

    [Fact]
    public void Kubernetes_OfItsObjects_RefersToWhatIsThere()
    {
        YamlMappingNode[] objects =
        [
            .. Directory.GetFiles(Repository.Path("deploy", "kubernetes"), "*.yaml").SelectMany(Yaml.Read),
        ];
        string[] names = [.. objects.Select(one => $"{one.Text("kind")} {one.Text("metadata", "name")}")];
        Assert.Equal(names.Distinct(), names);

        YamlMappingNode silo = Of(objects, "Deployment", "customer360-silo");
        YamlMappingNode api = Of(objects, "Deployment", "customer360-api");
        foreach (YamlMappingNode deployment in new[] { silo, api })
        {
            YamlNode pod = deployment.At("spec", "template")!;
            AssertSelects(deployment.At("spec", "selector", "matchLabels"), pod);
            YamlNode container = Assert.Single(pod.List("spec", "containers"));
            string[] ports = [.. container.List("ports").Select(port => port.Text("name")!)];
            foreach (string probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
            {
                Assert.Contains(container.Text(probe, "httpGet", "port"), ports);
                Assert.Equal(
                    probe == "readinessProbe" ? "/health/ready" : "/health/live",
                    container.Text(probe, "httpGet", "path")
                );
            }

            Assert.Equal("true", pod.Text("spec", "securityContext", "runAsNonRoot"));
            Assert.True(
                int.Parse(
                    pod.Text("spec", "terminationGracePeriodSeconds")!,
                    System.Globalization.CultureInfo.InvariantCulture
                ) > 30
            );
            AssertSettings(container.List("env").Select(one => one.Text("name")!));
        }

        // By these labels Orleans finds its pods, and in this namespace it looks.
        IReadOnlyDictionary<string, string?> environment = Environment(silo);
        YamlNode labels = silo.At("spec", "template", "metadata", "labels")!;
        Assert.Equal(environment["CUSTOMER360__CLUSTER__CLUSTERID"], labels.Text("orleans/clusterId"));
        Assert.Equal(environment["CUSTOMER360__CLUSTER__SERVICEID"], labels.Text("orleans/serviceId"));
        Assert.Equal(environment["ORLEANS_CLUSTER_ID"], environment["CUSTOMER360__CLUSTER__CLUSTERID"]);
        Assert.Equal(
            Environment(api)["CUSTOMER360__CLUSTER__CLUSTERID"],
            environment["CUSTOMER360__CLUSTER__CLUSTERID"]
        );
        Assert.Equal("true", environment["CUSTOMER360__CLUSTER__KUBERNETES"]);
        Assert.All(new[] { "POD_NAME", "POD_NAMESPACE", "POD_IP" }, name => Assert.Contains(name, environment.Keys));
        YamlNode siloContainer = silo.List("spec", "template", "spec", "containers").Single();
        var siloPorts = siloContainer
            .List("ports")
            .ToDictionary(port => port.Text("name")!, port => port.Text("containerPort"), StringComparer.Ordinal);
        Assert.Equal(environment["CUSTOMER360__CLUSTER__SILOPORT"], siloPorts["silo"]);
        Assert.Equal(environment["CUSTOMER360__CLUSTER__GATEWAYPORT"], siloPorts["gateway"]);
        Assert.Equal(environment["CUSTOMER360__CLUSTER__HEALTHPORT"], siloPorts["health"]);

        // The account that the silos run as has the right to see pods, and nothing else.
        string account = silo.Text("spec", "template", "spec", "serviceAccountName")!;
        Of(objects, "ServiceAccount", account);
        YamlMappingNode binding = Of(objects, "RoleBinding", account);
        Assert.Equal(account, Assert.Single(binding.List("subjects")).Text("name"));
        YamlNode rule = Assert.Single(Of(objects, "Role", binding.Text("roleRef", "name")!).List("rules"));
        Assert.Equal(["pods"], rule.List("resources").Select(one => $"{one}"));
        Assert.Equal(
            ["delete", "get", "list", "watch"],
            rule.List("verbs").Select(one => $"{one}").Order(StringComparer.Ordinal)
        );
        Assert.Equal("false", api.Text("spec", "template", "spec", "automountServiceAccountToken"));

        AssertSelects(Of(objects, "Service", "customer360-api").At("spec", "selector"), api.At("spec", "template")!);
        foreach (YamlMappingNode deployment in new[] { silo, api })
        {
            AssertSelects(
                Of(objects, "PodDisruptionBudget", deployment.Text("metadata", "name")!)
                    .At("spec", "selector", "matchLabels"),
                deployment.At("spec", "template")!
            );
        }
    }

    private static string[] Instructions() =>
        [
            .. File.ReadAllText(Repository.Path("Dockerfile"))
                .Replace("\\\n", "", StringComparison.Ordinal)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith('#')),
        ];

    /// <summary>A misspelt setting would be ignored in silence.</summary>
    private static void AssertSettings(IEnumerable<string> names)
    {
        string[] known =
        [
            .. typeof(ClusterSettings)
                .GetProperties()
                .Select(property => $"{Prefix}{property.Name.ToUpperInvariant()}"),
        ];
        Assert.All(
            names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)),
            name => Assert.Contains(name, known)
        );
    }

    private static YamlMappingNode Of(YamlMappingNode[] objects, string kind, string name) =>
        Assert.Single(objects, one => one.Text("kind") == kind && one.Text("metadata", "name") == name);

    private static void AssertSelects(YamlNode? selector, YamlNode pod)
    {
        Assert.NotEmpty(selector.Members());
        foreach ((string label, YamlNode value) in selector.Members())
        {
            Assert.Equal($"{value}", pod.Text("metadata", "labels", label));
        }
    }

    private static Dictionary<string, string?> Environment(YamlMappingNode deployment) =>
        deployment
            .List("spec", "template", "spec", "containers")
            .Single()
            .List("env")
            .ToDictionary(one => one.Text("name")!, one => one.Text("value"), StringComparer.Ordinal);

    [GeneratedRegex("Password=|PASSWORD:|__KEY:", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SecretLine();
}
