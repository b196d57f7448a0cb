using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Streams
{
    /// <summary>Says which namespaces a grain class is subscribed to.</summary>
    public interface IStreamNamespacePredicate
    {
        /// <summary>The predicate as text.</summary>
        string PredicatePattern { get; }

        bool IsMatch(string streamNamespace);
    }

    /// <summary>One namespace.</summary>
    public sealed class ExactMatchStreamNamespacePredicate(string targetStreamNamespace) : IStreamNamespacePredicate
    {
        /// <inheritdoc />
        public string PredicatePattern => $"namespace:{targetStreamNamespace}";

        /// <inheritdoc />
        public bool IsMatch(string streamNamespace) =>
            string.Equals(targetStreamNamespace, streamNamespace?.Trim(), StringComparison.Ordinal);
    }

    /// <summary>All namespaces.</summary>
    public sealed class AllStreamNamespacesPredicate : IStreamNamespacePredicate
    {
        /// <inheritdoc />
        public string PredicatePattern => "*";

        /// <inheritdoc />
        public bool IsMatch(string streamNamespace) => true;
    }

    /// <summary>Namespaces that match a regular expression; matching takes at most a second.</summary>
    public sealed class RegexStreamNamespacePredicate([StringSyntax(StringSyntaxAttribute.Regex)] string regex)
        : IStreamNamespacePredicate
    {
        private readonly Regex _regex = new(regex, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

        /// <inheritdoc />
        public string PredicatePattern => $"regex:{regex}";

        /// <inheritdoc />
        public bool IsMatch(string streamNamespace) => _regex.IsMatch(streamNamespace);
    }
}

namespace Orleans
{
    /// <summary>
    /// On a grain class: each stream of the namespace has a subscriber of this class, whose key is the stream's key. Its
    /// grain attaches an observer in <c>OnActivateAsync</c>, or when <c>IStreamSubscriptionObserver</c> offers it.
    /// </summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class ImplicitStreamSubscriptionAttribute : Attribute
    {
        public ImplicitStreamSubscriptionAttribute() => Predicate = new AllStreamNamespacesPredicate();

        public ImplicitStreamSubscriptionAttribute(string streamNamespace)
        {
            ArgumentNullException.ThrowIfNull(streamNamespace);
            Predicate = new ExactMatchStreamNamespacePredicate(streamNamespace.Trim());
        }

        public ImplicitStreamSubscriptionAttribute(Type predicateType) =>
            Predicate = (IStreamNamespacePredicate)Activator.CreateInstance(predicateType)!;

        protected ImplicitStreamSubscriptionAttribute(IStreamNamespacePredicate predicate) => Predicate = predicate;

        /// <summary>Which namespaces.</summary>
        public IStreamNamespacePredicate Predicate { get; }
    }

    /// <summary>The same with a regular expression.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class RegexImplicitStreamSubscriptionAttribute(
        [StringSyntax(StringSyntaxAttribute.Regex)] string pattern
    ) : ImplicitStreamSubscriptionAttribute(new RegexStreamNamespacePredicate(pattern))
    {
        public string Pattern { get; } = pattern;
    }
}

namespace Orleans.Runtime
{
    /// <summary>A GUID as an object.</summary>
    public sealed class GuidId : IEquatable<GuidId>
    {
        private GuidId(Guid guid) => Guid = guid;

        public Guid Guid { get; }

        public static GuidId GetGuidId(Guid guid) => new(guid);

        /// <inheritdoc />
        public bool Equals(GuidId? other) => other is not null && Guid == other.Guid;

        /// <inheritdoc />
        public override bool Equals(object? obj) => Equals(obj as GuidId);

        /// <inheritdoc />
        public override int GetHashCode() => Guid.GetHashCode();

        /// <inheritdoc />
        public override string ToString() => Guid.ToString();
    }
}

namespace Orleans.Streams.Core
{
    /// <summary>On a grain class: is asked to attach an observer when an event comes that nothing in it takes.</summary>
    public interface IStreamSubscriptionObserver
    {
        Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory);
    }

    /// <summary>The subscription that is offered.</summary>
    public interface IStreamSubscriptionHandleFactory
    {
        StreamId StreamId { get; }

        string ProviderName { get; }

        GuidId SubscriptionId { get; }

        StreamSubscriptionHandle<T> Create<T>();
    }
}
