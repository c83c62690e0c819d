package themes

import (
	"html/template"
	"slices"
	"strings"
	"time"
)

// Sample is a page of made-up content.
type Sample struct {
	Name string // full, empty or hostile
	Page Page
}

// hostile is what no template may let through: a tag, an end of an attribute,
// and a word that is too long for a line.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>` + "' 超长" + "词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词词VeryLongWordWithoutAnyBreak"

// Samples are pages of every kind: full ones with everything set, empty ones
// with nothing but what is always there, and hostile ones.
func Samples() []Sample {
	var list []Sample
	add := func(name string, pages ...Page) {
		for _, p := range pages {
			list = append(list, Sample{name, p})
		}
	}
	add("full", fullPages(sampleSite(), func(s string) string { return s })...)
	add("empty", emptyPages()...)
	add("hostile", fullPages(hostileSite(), func(s string) string { return s + hostile })...)
	return list
}

func sampleSite() Site {
	return Site{
		URL: "https://sfj.example.gov.cn", Name: "示例区司法局", Tagline: "送法 · 务工法律指南",
		Hotline: "12348", Phone: "0000-6100000", Address: "示例区新城街道和平路 1 号", Organizer: "示例区司法局",
		IDCode: "0000000000", ICP: "示例ICP备00000000号-1", Police: "示例公网安备00000000000000号",
	}
}

func hostileSite() Site {
	s := sampleSite()
	s.Name += hostile
	s.Tagline, s.Mark, s.Address, s.Police, s.Note = hostile, hostile, hostile, hostile, hostile
	s.Accent, s.Phone = `red;}</style>`, `0000-6100000"><b>`
	return s
}

func emptyPages() []Page {
	sh := func(path, title string) Shell {
		return Shell{Site: Site{URL: "https://sfj.example.gov.cn", Name: "示例区司法局"}, Path: path, Title: title}
	}
	now := sampleTime(10, 18, 30)
	pages := []Page{
		&HomePage{Shell: sh("/", "")},
		&TopicPage{Shell: sh("/topics/wages/", "工资")},
		&ListPage{Shell: sh("/guides/", "指南")},
		&GuidePage{Shell: sh("/guides/x", "一篇指南"), Body: "<p>正文。</p>"},
		&StaticPage{Shell: sh("/pages/x", "关于我们"), Body: "<p>正文。</p>"},
		&LawsPage{Shell: sh("/laws/", "法规")},
		&LawPage{Shell: sh("/laws/x", "某法")},
		&ArticlePage{Shell: sh("/laws/x/1", "某法 第一条"), Law: LawHead{Href: "/laws/x"}, Provision: Provision{Label: "第一条", ID: "1", Paragraphs: []Paragraph{{Line: Plain("条文。")}}}},
		&EventsPage{Shell: sh("/events/", "普法活动日程")},
		&SessionPage{Shell: sh("/events/SF-2026-00001", "一场活动"), Session: Session{Starts: now, Ends: now.Add(time.Hour)}},
		&StationsPage{Shell: sh("/stations/", "站点")},
		&SearchPage{Shell: sh("/search", "搜索")},
		&SearchPage{Shell: withQuery(sh("/search?q=x", "搜索"), "押金条丢了")},
		&SearchPage{Shell: withQuery(sh("/search?q=x", "搜索"), "押金条丢了"), Away: true},
		&SearchPage{Shell: withQuery(sh("/search?q=x", "搜索"), "押金条丢了"), Problem: "没有这么多页，请回到列表第一页。"},
		&SearchPage{Shell: withQuery(sh("/search?q=x", "搜索"), "押金条丢了"), Promoted: []Hit{{Title: Plain("请律师来讲"), Href: "/organize/"}}},
		&ErrorPage{Shell: sh("/x", "没有找到这个页面"), Status: 404, Message: "请检查地址。"},
	}
	return slices.Concat(pages, emptySignUpPages(sh), emptyDeskPages(sh), emptyApprovePages(sh), emptyOrganizePages(sh), emptyMyPages(sh))
}

func withQuery(s Shell, q string) Shell {
	s.Query, s.NoIndex = q, true
	return s
}

func sampleTime(day, hour, minute int) time.Time {
	return time.Date(2026, 9, day, hour, minute, 0, 0, Zone)
}

// fullPages has one page of every kind with every field set. Each text goes
// through say.
func fullPages(site Site, say func(string) string) []Page {
	m := maker{site: site, say: say}
	pages := []Page{m.home(), m.topic(), m.list(), m.notices(), m.guide(), m.withdrawn(), m.static(), m.laws(), m.law(), m.article(),
		m.events(), m.month(), m.session(), m.cancelled(), m.stations(), m.search(), m.failure()}
	return slices.Concat(pages, m.signUpPages(), m.deskPages(), m.approvePages(), m.organizePages(), m.myPages())
}

type maker struct {
	site Site
	say  func(string) string
}

func (m maker) shell(path, title string, crumbs ...Link) Shell {
	for i := range crumbs {
		crumbs[i].Text = m.say(crumbs[i].Text)
	}
	return Shell{Site: m.site, Path: path, Title: m.say(title), Crumbs: crumbs, Keywords: []string{m.say("工资"), m.say("欠薪")}}
}

// all says each of the texts.
func (m maker) all(texts ...string) []string {
	for i := range texts {
		texts[i] = m.say(texts[i])
	}
	return texts
}

func (m maker) topics() []Topic {
	rows := [][5]string{
		{"工资", "wages", "薪", "老板不给工资", "拖欠、克扣、只打欠条、加班费"},
		{"工伤", "work-injury", "伤", "干活受了伤", "工伤认定、医药费、伤残赔偿"},
		{"劳动合同", "labour-contract", "约", "没签合同，或者合同有问题", "二倍工资、试用期、押金、违约金"},
		{"辞退与补偿", "termination", "辞", "被辞退，或者想辞职", "提前几天说、补偿怎么算"},
		{"社会保险", "social-insurance", "保", "没交社会保险", "怎么查、怎么补、能领什么"},
		{"法律援助", "legal-aid", "援", "请不起律师", "免费律师、带什么材料、去哪里申请"},
		{"劳动仲裁", "arbitration", "裁", "谈不拢，想去仲裁", "怎么申请、要多久、不收费"},
		{"女职工与未成年工", "women-minors", "女", "怀孕生孩子，或者没满18岁", "产假、哺乳期、不能干的活"},
		{"派遣与新就业形态", "flexible-work", "派", "劳务派遣、送外卖、跑快递", "该找谁、受伤怎么办、平台扣款"},
	}
	list := make([]Topic, len(rows))
	for i, r := range rows {
		list[i] = Topic{Name: m.say(r[0]), Href: "/topics/" + r[1] + "/", Glyph: r[2], Question: m.say(r[3]), Hint: m.say(r[4]), Count: i + 2}
	}
	return list
}

func (m maker) cards() []Card {
	return []Card{
		{Title: m.say("老板拖欠工资，怎么要回来"), Href: "/guides/tuoqian-gongzi", Answer: m.say("留好证据，先向人社部门投诉；解决不了，离职之日起一年内申请劳动仲裁，仲裁不收费。")},
		{Title: m.say("上班受伤了，头一个月要做什么"), Href: "/guides/gongshang-diyigeyue", Answer: m.say("先看病留好病历；单位应当在三十日内申请工伤认定，单位不办，您自己一年内可以办。")},
		{Title: m.say("一直没签劳动合同，能要什么"), Href: "/guides/mei-qian-hetong", Answer: m.say("干满一个月还没签书面合同，从第二个月起可以要求每月二倍工资，最多算到满一年。")},
		{Title: m.say("被欠薪想走人，有补偿吗"), Href: "/guides/bei-qianxin-cizhi", Answer: m.say("因为单位没有及时足额发工资而辞职的，可以要求经济补偿，书面写清辞职理由。")},
	}
}

func (m maker) news() []Card {
	cover := Picture{Src: "/media/ab12/jishi.webp", SrcSet: "/media/ab12/320.webp 320w, /media/ab12/640.webp 640w", Width: 640, Height: 480, Alt: m.say("律师在集市上看合同")}
	return []Card{
		{Title: m.say("云岭镇茶场：四十三位乡亲出门前听了一堂课"), Href: "/news/yunling-chachang", Kind: m.say("工作动态"), Excerpt: m.say("十一月，周海涛律师到茶场讲外出打工前要知道的几件事，现场看了十一份合同。"), Date: sampleTime(7, 9, 0), Origin: m.say("云岭镇司法所"), Cover: cover},
		{Title: m.say("国庆、中秋期间法律援助窗口值班安排"), Href: "/notices/zhiban", Kind: m.say("通知公告"), Excerpt: m.say("10 月 1 日至 7 日，区中心一楼 3 号窗口每天 9:00—16:00 有人值班。"), Date: sampleTime(1, 8, 30), Origin: m.say("示例区司法局")},
		{Title: m.say("石桥镇工作站搬到便民服务中心一楼"), Href: "/notices/shiqiao", Date: sampleTime(1, 8, 30)},
	}
}

func (m maker) sessions() []Session {
	site := SessionType{"site", m.say("法律进工地"), "工"}
	return []Session{
		{Title: m.say("东湖镇安置房工地：工资怎么发、怎么要"), Href: "/events/SF-2026-00147", Type: site, Starts: sampleTime(10, 18, 30), Ends: sampleTime(10, 20, 0), Town: m.say("东湖镇"), Venue: m.say("项目部食堂"), Status: Badge{m.say("还有 12 个名额"), Good}},
		{Title: m.say("秋季招聘会：签合同前先看这五条"), Href: "/events/SF-2026-00148", Type: SessionType{"jobfair", m.say("招聘会普法"), "聘"}, Starts: sampleTime(12, 9, 0), Ends: sampleTime(12, 11, 30), Town: m.say("北园街道"), Venue: m.say("区人才市场"), Status: Badge{m.say("不用报名，直接来"), Good}},
		{Title: m.say("永安纺织：加班、调休和工伤"), Href: "/events/SF-2026-00149", Type: SessionType{"enterprise", m.say("送法进企业"), "企"}, Starts: sampleTime(16, 14, 0), Ends: sampleTime(16, 15, 30), Town: m.say("柳林街道"), Venue: m.say("厂区会议室"), Status: Badge{m.say("已满，可候补"), Due}},
		{Title: m.say("石桥水厂：包工头跑了找谁"), Href: "/events/SF-2026-00150", Type: site, Starts: sampleTime(29, 18, 30), Ends: sampleTime(29, 19, 30), Town: m.say("石桥镇"), Venue: m.say("工地会议室"), Status: Badge{m.say("已取消"), Warn}, Off: true},
	}
}

func (m maker) station(name, tier, town string) Station {
	return Station{ID: "s-" + town, Name: m.say(name), Tier: m.say(tier), Town: m.say(town), Address: m.say(town + "湖滨路 18 号司法所一楼"), Phone: "0000-6101001",
		Hours: m.say("周一至周五 8:30—12:00 13:30—17:30"), Bus: m.say("5 路东湖镇政府站"), Note: m.say("每周三下午有律师值班")}
}

func (m maker) options(names ...string) []Option {
	list := make([]Option, len(names))
	for i, n := range names {
		list[i] = Option{Value: m.say(n), Name: m.say(n), Selected: i == 1}
	}
	return list
}

func (m maker) towns() []Option {
	return m.options("东湖镇", "北园街道", "柳林街道", "南山镇", "河口镇", "石桥镇")
}

func (m maker) home() Page {
	center := m.station("示例区公共法律服务中心", "中心", "新城街道")
	return &HomePage{Shell: m.shell("/", m.site.Name), Topics: m.topics(), Popular: m.cards(), Latest: m.cards()[:2], Notices: m.news()[1:], News: m.news()[:2],
		Sessions: m.sessions()[:3], Center: &center, Towns: m.towns()}
}

func (m maker) topic() Page {
	return &TopicPage{Shell: m.shell("/topics/wages/", "工资", Link{"指南", "/guides/"}), Topic: m.topics()[0], Guides: m.cards(), More: m.news()[:1],
		Sessions: m.sessions()[:1], Topics: m.topics()[1:], Pager: Pager{Page: 1, Pages: 2, Total: 24, Next: "/topics/wages/?page=2"}}
}

func (m maker) list() Page {
	return &ListPage{Shell: m.shell("/guides/?page=2", "指南"), Intro: m.say("遇到事了先看这里。每一篇都写明依据，由律师核对。"), Items: m.cards(), Topics: m.topics(),
		Pager: Pager{Page: 2, Pages: 3, Total: 52, Prev: "/guides/", Next: "/guides/?page=3"}}
}

func (m maker) notices() Page {
	p := &ListPage{Shell: m.shell("/notices/", "通知公告"), Items: m.news(), Dated: true}
	p.Column = Column{Name: m.say("通知公告"), Href: "/notices/", Type: m.say("通知公告")}
	p.Feed = Link{m.say("通知公告"), "/feeds/notices.xml"}
	return p
}

// sampleBody is what internal/markdown makes of a guide.
const sampleBody = `<p>证据不用“齐全”才去投诉，有多少先拿多少。手机里的东西不要删，换手机前先存一份。</p>
<div class="note due"><strong>期限</strong><p>还在这家单位干着，要工资没有一年的限制。已经离开的，要在离职之日起<strong>一年内</strong>申请仲裁，见《劳动争议调解仲裁法》<a class="cite" href="/laws/ldzytjzc/27">第二十七条</a>。</p></div>
<h2 id="先把证据留好">先把证据留好</h2>
<div class="note proof"><strong>证据</strong><ul><li>劳动合同、工资条、欠条、结算单</li><li>银行卡或微信、支付宝的收款记录</li><li>考勤、工牌、工服、进出工地的记录</li></ul></div>
<p>有些材料在单位手里，比如工资台账。争议事项有关的证据由单位掌握的，单位应当拿出来，见《劳动争议调解仲裁法》<a class="cite" href="/laws/ldzytjzc/6">第六条</a>。</p>
<h2 id="一步一步怎么要">一步一步怎么要</h2>
<ol><li><strong>先要一次，留下记录。</strong> 用微信或短信写清：哪几个月、一共多少、请哪天之前付。对方回了话，截图存好。</li><li><strong>向人社部门投诉。</strong> 到干活所在地的劳动保障监察机构投诉，也可以打 12333，或者用“全国根治欠薪线索反映平台”。</li><li><strong>申请劳动仲裁。</strong> 向劳动合同履行地（一般就是干活的地方）或者单位所在地的劳动人事争议仲裁委员会申请。</li><li><strong>对结果不服，或者赢了对方不给。</strong> 收到裁决书之日起<strong>十五日内</strong>可以起诉。</li></ol>
<div class="note tip"><strong>提示</strong><p>请不起律师，可以<a href="/guides/falv-yuanzhu">申请法律援助</a>，不收钱。</p></div>
<h2 id="找谁多久花多少钱">找谁、多久、花多少钱</h2>
<div class="scroll" role="group" aria-label="表格" tabindex="0"><table class="stack"><thead><tr><th scope="col">办法</th><th scope="col">找谁</th><th scope="col">期限</th><th scope="col">费用</th></tr></thead><tbody><tr><th scope="row">投诉</th><td data-t="找谁">干活所在地的劳动保障监察机构</td><td data-t="期限">欠薪发生后 2 年内</td><td data-t="费用">不收费</td></tr><tr><th scope="row">仲裁</th><td data-t="找谁">劳动人事争议仲裁委员会</td><td data-t="期限">离职之日起 1 年内</td><td data-t="费用">不收费</td></tr></tbody></table></div>
<figure><img src="/media/ab12/gongdi.webp" srcset="/media/ab12/480.webp 480w, /media/ab12/960.webp 960w" sizes="(min-width: 45em) 41rem, 100vw" width="960" height="540" alt="工地门口的维权信息告示牌" loading="lazy" decoding="async"><figcaption>工地门口的维权信息告示牌，写着总承包单位和投诉电话。</figcaption></figure>
<div class="note warn"><strong>警告</strong><p>不要堵门、爬塔吊、打人、扣老板的东西。这样要不到钱，自己还可能受处罚。</p></div>`

func (m maker) guide() *GuidePage {
	p := &GuidePage{Shell: m.shell("/guides/tuoqian-gongzi", "老板拖欠工资，怎么要回来", Link{"指南", "/guides/"}, Link{"工资", "/topics/wages/"}),
		Kind: "guide", KindName: m.say("指南"), Answer: m.say("留好证据，先向人社部门投诉；解决不了，离职之日起一年内申请劳动仲裁，仲裁不收费。"),
		Summary: m.say("拖欠工资怎么一步一步要回来。"), Audience: m.all("被欠薪的工友", "工友家属"), Body: template.HTML(sampleBody),
		TOC: []Heading{{2, "先把证据留好", m.say("先把证据留好")}, {2, "一步一步怎么要", m.say("一步一步怎么要")}, {2, "找谁多久花多少钱", m.say("找谁、多久、花多少钱")}},
		Sources: []Source{
			{Text: m.say("《劳动争议调解仲裁法》第二十七条"), Href: "/laws/ldzytjzc/27", Card: m.provision()},
			{Text: m.say("《保障农民工工资支付条例》第三十条"), Href: "/laws/bznmg/30"},
			{Text: m.say("《诉讼费用交纳办法》第十三条")},
		},
		Attachments: []Attachment{{m.say("工资欠款确认书（样本）"), "/media/cd34/qiantiao.docx", "DOCX，23 KB"}},
		Checked:     "2026-09-01", Written: "2026-08-20", Published: sampleTime(1, 9, 30), Updated: sampleTime(5, 10, 0),
		Author: m.say("李国平律师"), Origin: m.say("示例区法律援助中心"), Minutes: 4, Related: m.cards()[1:], Latest: m.cards()[2:], Topics: m.topics()[:1],
		Changes: []Change{{sampleTime(12, 9, 0), m.say("最低工资标准调到每月 2400 元")}, {sampleTime(10, 9, 0), m.say("首次发布")}}}
	p.Image, p.Column = "/media/ab12/gongdi.jpg", Column{m.say("指南"), "/guides/", ""}
	return p
}

func (m maker) withdrawn() Page {
	p := m.guide()
	p.Path = "/notices/jiu"
	p.Kind, p.KindName, p.Answer = "notice", m.say("通知公告"), ""
	p.Cover = m.news()[0].Cover
	p.Withdrawn = &Notice{Text: m.say("所依据的文件已经废止。"), Date: sampleTime(6, 9, 0), Link: Link{m.say("看新的一篇"), "/notices/xin"}}
	p.Superseded = &Notice{Text: m.say("2026-09-05 有了新版本。"), Link: Link{m.say("看现在的版本"), "/notices/jiu"}}
	p.Preview = &Notice{Text: m.say("第 3 版，待审。"), Date: sampleTime(6, 9, 0)}
	return p
}

func (m maker) static() Page {
	return &StaticPage{Shell: m.shell("/pages/about", "关于本站"), Body: template.HTML(sampleBody), Updated: sampleTime(1, 9, 0),
		TOC: m.guide().TOC, Preview: &Notice{Text: m.say("第 2 版，草稿。")}}
}

func (m maker) provision() *Provision {
	return &Provision{Label: "第三十八条", ID: "38", Href: "/laws/ldht/38", InForce: "2013-07-01", CitedBy: 4, Paragraphs: []Paragraph{
		{Line: Plain(m.say("用人单位有下列情形之一的，劳动者可以解除劳动合同："))},
		{Item: true, Line: Plain(m.say("（一）未按照劳动合同约定提供劳动保护或者劳动条件的；"))},
		{Item: true, Line: Plain(m.say("（二）未及时足额支付劳动报酬的；"))},
		{Item: true, Line: []Span{{Text: m.say("（五）因本法")}, {Text: m.say("第二十六条第一款"), Href: "/laws/ldht/26"}, {Text: m.say("规定的情形致使劳动合同无效的；")}}},
		{Line: Plain(m.say("用人单位以暴力、威胁或者非法限制人身自由的手段强迫劳动者劳动的，劳动者可以立即解除劳动合同，不需事先告知用人单位。"))},
	}}
}

func (m maker) lawHead() LawHead {
	now := Badge{m.say("现行有效"), Good}
	return LawHead{Title: m.say("中华人民共和国劳动合同法"), Short: m.say("劳动合同法"), Href: "/laws/ldht", Status: now, InForce: "2013-07-01", History: m.all("2012-12-28 修正"),
		Versions: []LawVersion{{"2012-12-28", "2013-07-01", "/laws/ldht", now, true}, {"2007-06-29", "2008-01-01", "/laws/ldht?version=2007-06-29", Badge{m.say("旧版本"), Quiet}, false}}}
}

func (m maker) laws() Page {
	item := LawItem{Title: m.say("中华人民共和国劳动合同法"), Href: "/laws/ldht", InForce: "2013-07-01", Articles: 98, Status: Badge{m.say("现行有效"), Good}}
	old := LawItem{Title: m.say("企业职工工伤保险试行办法"), Href: "/laws/qyzg", Articles: 63, Status: Badge{m.say("已废止"), Warn}}
	return &LawsPage{Shell: m.shell("/laws/", "法规"), Groups: []LawGroup{{m.say("法律"), []LawItem{item, item, item}}, {m.say("行政法规"), []LawItem{item, old}}}}
}

func (m maker) law() Page {
	next := m.provision()
	next.ID, next.Label, next.Href, next.CitedBy = "39", "第三十九条", "/laws/ldht/39", 0
	parts := []LawPart{
		{Provisions: []Provision{{Paragraphs: []Paragraph{{Line: Plain(m.say("（2007年6月29日第十届全国人民代表大会常务委员会第二十八次会议通过）"))}}}}},
		{Level: 2, ID: "c4", Heading: m.say("第四章 劳动合同的解除和终止"), Range: "第三十六条至第五十条", Provisions: []Provision{*m.provision()}},
		{Level: 3, ID: "c4s1", Heading: m.say("第一节 解除"), Range: "第三十九条", Provisions: []Provision{*next}},
	}
	head := m.lawHead()
	head.Notice = &Notice{Text: m.say("这是 2007 年的旧版本，现在不用了。"), Link: Link{m.say("看现行版本"), "/laws/ldht"}}
	return &LawPage{Shell: m.shell("/laws/ldht", "中华人民共和国劳动合同法", Link{"法规", "/laws/"}), Law: head, Contents: parts, Parts: parts, CitedBy: m.cards()}
}

func (m maker) article() Page {
	return &ArticlePage{Shell: m.shell("/laws/ldht/38", "劳动合同法 第三十八条", Link{"法规", "/laws/"}, Link{"劳动合同法", "/laws/ldht"}), Law: m.lawHead(),
		Chapter: m.all("第四章 劳动合同的解除和终止"), Provision: *m.provision(), CitedBy: m.cards(), Sessions: m.sessions()[:1],
		Prev: &Link{"第三十七条", "/laws/ldht/37"}, Next: &Link{"第三十九条", "/laws/ldht/39"}}
}

func (m maker) types() []Option {
	return m.options("送法进企业", "法律进工地", "法律进乡村", "招聘会普法")
}

func (m maker) events() Page {
	return &EventsPage{Shell: m.shell("/events/", "普法活动日程"), Sessions: m.sessions(), Total: 4, Towns: m.towns(), Types: m.types(), Audiences: []Option{{Value: "家属", Name: m.say("家属"), Selected: true}}, Lawyer: true, Filtered: true,
		Toggle: Link{m.say("看月历"), "/events/?month=2026-09"}, Past: Link{m.say("办过的活动"), "/events/?past=1"}, Calendar: Link{m.say("订阅日历（.ics）"), "/events/feed.ics"},
		Pager: Pager{Page: 1, Pages: 2, Total: 24, Next: "/events/?page=2"}}
}

func (m maker) month() Page {
	p := m.events().(*EventsPage)
	p.Path, p.Month = "/events/?month=2026-09", sampleTime(1, 0, 0)
	p.Title = m.say("2026 年 9 月普法活动")
	p.Prev, p.Next = Link{"8 月", "/events/?month=2026-08"}, Link{"10 月", "/events/?month=2026-10"}
	p.Toggle = Link{m.say("只看列表"), "/events/"}
	p.Holidays = []Holiday{{m.say("中秋节"), sampleTime(25, 0, 0), sampleTime(27, 0, 0)}}
	p.Pager = Pager{}
	lunar := strings.Fields("十九 二十 廿一 廿二 廿三 廿四 廿五 白露 廿七 廿八 廿九 八月 初二 初三 初四 初五 初六 初七 初八 初九 初十 十一 十二 秋分 十四 中秋 十六 十七 十八 十九 二十 国庆 廿二 廿三 廿四")
	for i := range 35 {
		d := Day{Date: sampleTime(i, 0, 0), Out: i == 0 || i > 30, Today: i == 8, Off: i%7 > 4, Lunar: m.say(lunar[i])}
		if i >= 25 && i <= 27 || i > 30 {
			d.Off, d.Mark = true, "休"
		}
		if i == 20 {
			d.Off, d.Mark = false, "班"
		}
		for _, s := range p.Sessions {
			if s.Starts.In(Zone).Day() == i {
				d.Sessions = append(d.Sessions, s)
			}
		}
		if i%7 == 0 {
			p.Weeks = append(p.Weeks, Week{})
		}
		p.Weeks[i/7][i%7] = d
	}
	return p
}

func (m maker) session() *SessionPage {
	s := m.sessions()[0]
	return &SessionPage{Shell: m.shell("/events/SF-2026-00147", "东湖镇安置房工地：工资怎么发、怎么要", Link{"活动", "/events/"}), Session: s, No: "SF-2026-00147",
		Summary: m.say("工资专用账户怎么看，欠薪怎么投诉，包工头跑了找谁。律师现场看欠条、工资表和手机里的聊天记录。"), Audience: m.all("在东湖镇各工地干活的工友", "家属也可以来"),
		Address: m.say("东湖镇环湖西路，从 2 号门进"), Station: Link{m.say("东湖镇安置房联络点"), "/stations/?town=donghu"}, Organizer: m.say("东湖镇司法所、安置房二期项目部"),
		Lawyers: m.say("李国平律师"), ContactPhone: "0000-6101001", Capacity: 60, Free: 12, CanSignUp: true, Find: Link{m.say("查报名"), "/signup/"}, Poster: Link{m.say("海报"), "/events/SF-2026-00147/poster"}, ICS: "/events/SF-2026-00147.ics",
		Moves:   []Move{{Starts: sampleTime(3, 18, 30), Ends: sampleTime(3, 20, 0), Venue: m.say("工地会议室"), At: sampleTime(1, 9, 0)}},
		Outcome: &Outcome{57, 60, 14, 3}, Photos: []Picture{{Src: "/media/ab12/p.jpg", Width: 640, Height: 480, Alt: "现场照片 1"}}, Guides: m.cards()[:2], Others: m.sessions()[1:], Updated: sampleTime(1, 9, 0), Previous: []time.Time{sampleTime(3, 18, 30)}}
}

func (m maker) cancelled() Page {
	p := m.session()
	p.Path, p.Session = "/events/SF-2026-00150", m.sessions()[3]
	p.Change = &Notice{Text: m.say("因工地停工检修取消。"), Date: sampleTime(20, 9, 0)}
	p.CanSignUp, p.Outcome, p.Moves = false, nil, nil
	p.EventStatus = "https://schema.org/EventCancelled"
	return p
}

func (m maker) stations() Page {
	town := m.station("东湖镇公共法律服务工作站", "镇街工作站", "东湖镇")
	point := m.station("安置房二期工地联络点", "联络点", "安置房")
	return &StationsPage{Shell: m.shell("/stations/?town=donghu", "公共法律服务站点"), Centers: []Station{m.station("示例区公共法律服务中心", "中心", "新城街道")},
		Towns: []StationGroup{{m.say("东湖镇"), "t-donghu", []Station{town, point}}}, Departments: []Station{m.station("区总工会工作站", "部门工作站", "总工会")},
		Options: m.towns(), Town: m.say("东湖镇")}
}

func (m maker) search() Page {
	p := &SearchPage{Shell: withQuery(m.shell("/search?q=x", "搜索"), m.say("老板不给钱")), Total: 23,
		Meant: Link{m.say("拖欠工资"), "/search?q=y"}, Verbatim: "/search?q=x&exact=1",
		Promoted: []Hit{{Title: Plain(m.say("老板拖欠工资，怎么要回来")), Href: "/guides/tuoqian-gongzi", Kind: m.say("指南"), Answer: Plain(m.say("先留好证据，再向人社部门投诉。"))}},
		Related:  []Link{{m.say("讨薪"), "/search?q=z"}}, Sessions: m.sessions()[:1], Nearby: []Station{m.station("东湖镇工作站", "镇街工作站", "东湖镇")},
		Exact: &Hit{Title: Plain(m.say("《劳动合同法》第三十条")), Href: "/laws/ldht/30", Kind: m.say("法条"), Status: Badge{m.say("现行有效"), Good}, Snippet: []Span{{Text: m.say("用人单位应当及时足额")}, {Text: m.say("支付劳动报酬"), Mark: true}, {Text: "。"}}},
		Hits: []Hit{
			{Title: []Span{{Text: m.say("包工头跑了，")}, {Text: m.say("工资"), Mark: true}, {Text: m.say("找谁要")}}, Href: "/guides/baogongtou", Kind: m.say("指南"), Date: sampleTime(1, 9, 0), Answer: Plain(m.say("总承包单位先清偿。")), Snippet: []Span{{Text: m.say("分包单位")}, {Text: m.say("拖欠"), Mark: true}, {Text: m.say("农民工工资的，由施工总承包单位先行清偿……")}}},
			{Title: Plain(m.say("东湖镇安置房工地：工资怎么发、怎么要")), Href: "/events/SF-2026-00147", Kind: m.say("活动"), Note: m.say("9 月 10 日 周四 18:30 · 东湖镇"), Snippet: Plain(m.say("现场有律师看合同、看欠条，不收费。"))},
		},
		Kinds:  []Facet{{m.say("全部"), "/search?q=x", 23, true}, {m.say("指南"), "/search?q=x&kind=guide", 6, false}, {m.say("法条"), "/search?q=x&kind=law", 5, false}},
		Topics: []Facet{{m.say("工资"), "/search?q=x&topic=wages", 9, false}, {m.say("劳动合同"), "/search?q=x&topic=labour-contract", 3, true}},
		Pager:  Pager{Page: 1, Pages: 3, Total: 23, Next: "/search?q=x&page=2"}, Popular: m.cards(), Try: []Link{{m.say("押金"), "/search?q=%E6%8A%BC%E9%87%91"}}}
	return p
}

func (m maker) failure() Page {
	return &ErrorPage{Shell: withQuery(m.shell("/guides/nothing", "没有找到这个页面"), ""), Status: 404, Message: m.say("没有找到这个页面，请检查地址，或从首页重新查找。"),
		RequestID: m.say("01JD3Z8K2V"), Links: []Link{{m.say("老板拖欠工资，怎么要回来"), "/guides/tuoqian-gongzi"}, {m.say("全部指南"), "/guides/"}}}
}
