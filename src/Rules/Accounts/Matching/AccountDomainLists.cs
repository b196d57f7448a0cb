using System.Collections.Frozen;

namespace Customer360.Rules.Accounts;

/// <summary>Domains that say nothing of a company. A policy adds to them.</summary>
internal static class AccountDomainLists
{
    public static FrozenSet<string> FreeMail { get; } =
        Of(
            """
            126.com 163.com 189.cn abv.bg aim.com alice.it aol.com aol.de arcor.de att.net bellsouth.net bigpond.com bluewin.ch
            bol.com.br bt.com btinternet.com charter.net comcast.net cox.net daum.net earthlink.net email.com email.cz fastmail.com
            fastmail.fm free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com
            hotmail.be hotmail.ca hotmail.co.uk hotmail.com hotmail.com.br hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com
            icloud.com ig.com.br inbox.lv inbox.ru interia.pl juno.com kpnmail.nl laposte.net libero.it list.ru live.be live.ca
            live.co.uk live.com live.de live.fr live.it live.nl mac.com mail.com mail.de mail.ru me.com msn.com naver.com nate.com
            neuf.fr ntlworld.com o2.pl online.de onet.pl orange.fr outlook.com outlook.de outlook.es outlook.fr pm.me posteo.de
            proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com sapo.pt sbcglobal.net seznam.cz
            sfr.fr shaw.ca sina.com sky.com sohu.com t-online.de talktalk.net telenet.be telia.com terra.com.br tiscali.it tutanota.com
            tuta.io uol.com.br verizon.net vip.qq.com virgilio.it virginmedia.com wanadoo.fr web.de wp.pl xs4all.nl yahoo.ca
            yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.de yahoo.es
            yahoo.fr yahoo.in yahoo.it yandex.com yandex.ru yeah.net ymail.com zoho.com ziggo.nl
            """
        );

    public static FrozenSet<string> Disposable { get; } =
        Of(
            """
            10minutemail.com 20minutemail.com dispostable.com emailondeck.com fakeinbox.com getairmail.com getnada.com
            guerrillamail.com guerrillamail.de guerrillamail.net guerrillamail.org mailcatch.com maildrop.cc mailinator.com
            mailinator.net mailnesia.com mintemail.com moakt.com mohmal.com mytemp.email sharklasers.com spamgourmet.com
            temp-mail.org tempmail.com tempr.email throwawaymail.com trash-mail.com trashmail.com trashmail.de yopmail.com yopmail.fr
            """
        );

    /// <summary>
    /// The registries' own second levels that matter in business, and hosts that give names away. The Public Suffix List has
    /// thousands more, nearly all of which no company stands under.
    /// </summary>
    public static FrozenSet<string> Suffixes { get; } =
        Of(
            """
            ac.at ac.id ac.il ac.in ac.jp ac.kr ac.nz ac.th ac.uk ac.za co.at co.hu co.id co.il co.in co.jp co.ke co.kr co.nz co.th
            co.tz co.ug co.uk co.za co.zw com.ar com.au com.bd com.bo com.br com.cn com.co com.cy com.do com.ec com.eg com.es com.gh
            com.gr com.gt com.hk com.hr com.kw com.lb com.mt com.mx com.my com.ng com.np com.pa com.pe com.ph com.pk com.pl com.pt
            com.py com.qa com.ro com.ru com.sa com.sg com.tr com.tw com.ua com.uy com.ve com.vn edu.au edu.cn edu.in edu.sg firm.in
            gen.in go.id go.jp go.kr gob.mx gov.au gov.br gov.cn gov.il gov.in gov.sg gov.tr gov.uk govt.nz gv.at id.au in.th ind.in
            ltd.uk me.uk ne.jp net.au net.br net.cn net.in net.nz net.pl net.uk net.za nom.es or.at or.id or.jp or.ke or.kr org.au
            org.br org.cn org.es org.il org.in org.mx org.nz org.pl org.tr org.tw org.uk org.za plc.uk sch.uk
            azurewebsites.net blogspot.com github.io gitlab.io herokuapp.com myshopify.com netlify.app onmicrosoft.com pages.dev
            vercel.app web.app wixsite.com wordpress.com
            """
        );

    private static FrozenSet<string> Of(string names) =>
        names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
