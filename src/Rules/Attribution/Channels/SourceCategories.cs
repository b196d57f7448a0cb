using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Customer360.Rules.Attribution;

/// <summary>What kind of site a source is.</summary>
public enum SourceCategory
{
    None = 0,
    Search = 1,
    Shopping = 2,
    Social = 3,
    Video = 4,
}

/// <summary>
/// The categories of sources, after Google's published list for channel groups. A source is met by its host, or by the name that people
/// write into <c>utm_source</c>: <c>facebook</c>, <c>m.facebook.com</c>, <c>l.facebook.com</c>.
/// </summary>
public static class SourceCategories
{
    /// <summary>Names of search engines, which stand for all their hosts: <c>google.co.uk</c> is <c>google</c>.</summary>
    private static readonly FrozenSet<string> s_searchHosts = new[]
    {
        "www",
        "search",
        "news",
        "images",
        "video",
        "suche",
        "busca",
        "recherche",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_engines = new[]
    {
        "google",
        "bing",
        "yahoo",
        "yandex",
        "baidu",
        "duckduckgo",
        "ecosia",
        "naver",
        "qwant",
        "startpage",
        "seznam",
        "ask",
        "aol",
        "sogou",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <param name="source">Cleaned: in lower case.</param>
    public static SourceCategory Of(string? source)
    {
        if (string.IsNullOrEmpty(source))
        {
            return SourceCategory.None;
        }

        if (s_categories.TryGetValue(source, out SourceCategory found))
        {
            return found;
        }

        // Of a host the parts behind: m.facebook.com, news.google.co.uk.
        ReadOnlySpan<char> rest = source;
        for (int dot = rest.IndexOf('.'); dot >= 0; dot = rest.IndexOf('.'))
        {
            rest = rest[(dot + 1)..];
            if (rest.Contains('.') && s_categories.TryGetValue(rest.ToString(), out found))
            {
                // Of a search engine not everything searches: docs.google.com is a site like others.
                return found != SourceCategory.Search || IsSearchHost(source[..^(rest.Length + 1)])
                    ? found
                    : SourceCategory.None;
            }
        }

        return EngineOf(source) is null ? SourceCategory.None : SourceCategory.Search;
    }

    /// <summary>The search engine that a host is of: <c>www.google.co.uk</c> → <c>google</c>; null: of none.</summary>
    public static string? EngineOf(string host)
    {
        string[] labels = host.Split('.');
        for (int index = 0; index < labels.Length - 1; index++)
        {
            // The name before the country's end, com or co.uk: of maps.example.google.evil.com it is none.
            bool isBeforeEnd = labels.Length - index <= 3 && labels[(index + 1)..].All(label => label.Length <= 3);
            if (isBeforeEnd && s_engines.Contains(labels[index]))
            {
                return IsSearchHost(string.Join('.', labels[..index])) ? labels[index] : null;
            }
        }

        return null;
    }

    /// <summary>What stands before an engine's name says nothing, or what is searched: www, news, a country.</summary>
    private static bool IsSearchHost(string before) =>
        before.Length == 0 || before.Split('.').All(label => label.Length <= 2 || s_searchHosts.Contains(label));

    private static FrozenDictionary<string, SourceCategory> Build()
    {
        var all = new Dictionary<string, SourceCategory>(StringComparer.Ordinal);
        Add(SourceCategory.Search, s_search);
        Add(SourceCategory.Shopping, s_shopping);
        Add(SourceCategory.Social, s_social);
        Add(SourceCategory.Video, s_video);
        return all.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(SourceCategory category, ImmutableArray<string> sources)
        {
            foreach (string source in sources)
            {
                all[source] = category;
            }
        }
    }

    private static readonly ImmutableArray<string> s_search =
    [
        .. """
            360.cn alice aol aol.com ask ask.com auone avg babylon baidu baidu.com bing bing.com biglobe biglobe.co.jp cn.bing.com
            cnn comcast conduit daum daum.net duckduckgo duckduckgo.com ecosia ecosia.org eniro excite globo go.mail.ru google
            google-play incredimail kvasir lycos lycos.com mail.ru msn naver naver.com ntp.msn.com onet onet.pl onelaunch.com
            qwant qwant.com rakuten rambler rambler.ru search.aol.com search.brave.com search-results search.smt.docomo.ne.jp
            search.ukr.net seznam seznam.cz so.com sogou sogou.com startpage startpage.com startsiden startsiden.no terra
            tut.by ukr ut.search virgilio virgilio.it wap.sogou.com yahoo yahoo.co.jp yahoo.com yandex yandex.com yandex.by yandex.ru
            zen.yandex.ru baidu-mobile presearch.com swisscows.com mojeek.com dogpile.com petalsearch.com kagi.com metager.de
            """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly ImmutableArray<string> s_shopping =
    [
        .. """
            aliexpress aliexpress.com amazon amazon.com amazon.co.uk amazon.de amazon.fr amazon.it amazon.es amazon.ca amazon.co.jp
            alibaba alibaba.com ebay ebay.com ebay.de ebay.co.uk ebay.com.au etsy etsy.com igshopping idealo idealo.de walmart
            walmart.com mercadolibre mercadolibre.com mercadolivre.com.br shop.app shopify shopify.com shopping.google.com
            shopping.yahoo.com shopzilla shopzilla.com simplycodes simplycodes.com wish wish.com zalando zalando.de otto.de
            rakuten.com target.com bestbuy.com twenga twenga.com kelkoo kelkoo.com pricegrabber pricerunner pricerunner.com
            price.ru nextag bizrate slickdeals slickdeals.net honey joinhoney.com geizhals.de geizhals.at billiger.de
            """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly ImmutableArray<string> s_social =
    [
        .. """
            facebook facebook.com m.facebook.com l.facebook.com lm.facebook.com fb fb.com fb.me web.facebook.com facebookads instagram
            instagram.com l.instagram.com ig threads threads.net l.threads.com linkedin linkedin.com lnkd.in twitter twitter.com t.co x.com
            tweetdeck tweetdeck.com mobile.twitter.com pinterest pinterest.com pin.it pinterest.de pinterest.co.uk reddit reddit.com
            old.reddit.com out.reddit.com quora quora.com snapchat snapchat.com tumblr tumblr.com t.umblr.com vk vk.com vkontakte
            vkontakte.ru tiktok tiktok.com weibo weibo.com wechat weixin.qq.com whatsapp whatsapp.com web.whatsapp.com telegram
            telegram.org t.me web.telegram.org discord discord.com messenger messenger.com mastodon mastodon.social bsky bsky.app
            bluesky bluesky.social nextdoor nextdoor.com medium.com news.ycombinator.com hackernews stackoverflow stackoverflow.com
            stackexchange.com github.com producthunt producthunt.com meetup meetup.com flickr flickr.com livejournal livejournal.com
            ok.ru odnoklassniki.ru xing xing.com slideshare slideshare.net delicious digg digg.com foursquare foursquare.com goodreads
            goodreads.com yelp yelp.com tripadvisor tripadvisor.com trustpilot trustpilot.com disqus disqus.com blogger blogspot.com
            wordpress.com blogspot glassdoor glassdoor.com line line.me kakao kakaotalk kakao.com mixi mixi.jp hatena hatena.ne.jp
            skype skype.com slack slack.com viber viber.com zalo zalo.me truthsocial.com gab.com parler.com myspace myspace.com
            deviantart deviantart.com gravatar gravatar.com hootsuite hootsuite.com buffer buffer.com linktr.ee plurk plurk.com
            renren renren.com taringa taringa.net viadeo viadeo.com social sprinklr wattpad wattpad.com workplace workplace.com
            """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly ImmutableArray<string> s_video =
    [
        .. """
            youtube youtube.com m.youtube.com youtu.be vimeo vimeo.com dailymotion dailymotion.com twitch twitch.tv netflix netflix.com
            disneyplus disneyplus.com hulu hulu.com crunchyroll crunchyroll.com bilibili bilibili.com iqiyi iqiyi.com youku youku.com
            wistia wistia.com ted ted.com veoh veoh.com vevo vevo.com rumble rumble.com odysee odysee.com niconico nicovideo.jp
            utreon utreon.com viddler viddler.com tv.naver.com
            """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
    ];

    // Behind the lists that it is made of: fields are made in the order in which they stand here.
    private static readonly FrozenDictionary<string, SourceCategory> s_categories = Build();
}
