package themes

import (
	"html/template"
	"time"
)

// Page is one of the page structs below. The file that shows it in a theme is
// named after it: HomePage by home.html, GuidePage by guide.html.
type Page interface {
	template() string
	shell() *Shell
}

// Shell is what every page has around its own matter; every page struct embeds
// it. Addresses in page structs are root-relative (/guides/qianxin) and without
// the base path, also those inside Body: the theme adds it (functions url and
// body), so a page struct is the same wherever the site is mounted.
type Shell struct {
	Site        Site
	Path        string   // this page's own address, with ?page=2 where that is another page
	Title       string   // the h1; the window's title adds the site's name
	Description string   // a sentence or two for search engines and share cards; "" takes the tagline
	Image       string   // picture for share cards; "" for none
	Crumbs      []Link   // the way here, without the home page and without this page
	Column      Column   // for the government's page metas
	Keywords    []string // the same; topics will do
	Feed        Link     // Atom feed of this page; zero for none
	Query       string   // what stands in the search box
	Elder       bool     // 长者版
	Paper       bool     // on a screen, what a printer would get
	Bare        bool     // printed without masthead and foot: posters
	NoIndex     bool     // search results, previews: not for search engines
}

func (s *Shell) shell() *Shell { return s }

// StyleSheet is the name of the page's style sheet.
func (s *Shell) StyleSheet() string {
	if s.Paper {
		return paperSheet
	}
	return "site.css"
}

// Site is the bureau as the settings describe it. Empty fields are left out of
// the page.
type Site struct {
	URL       string // of the home page as the public sees it, without the last slash: https://sfj.example.gov.cn/pufa
	Name      string // 示例区司法局
	Tagline   string // 送法 · 务工法律指南
	Mark      string // one or two characters in the badge; "" is 送法
	Accent    string // #0d5f54; "" or nonsense takes the theme's own
	Hotline   string // 12348; "" is 12348
	Phone     string // the bureau's own
	Address   string
	Organizer string // 主办单位; "" is Name
	IDCode    string // 网站标识码
	ICP       string // ICP备案号
	Police    string // 公安备案号
	Note      string // last line of the foot; "" takes the theme's own
	Static    bool   // the pages are files: nothing can be sent, and who searches does it in the browser
	Nav       []Link // main menu; nil takes the theme's own
	Foot      []Link // links in the foot; nil takes the theme's own
}

// Link is a text with an address. Without an address it is shown as text.
type Link struct {
	Text string
	Href string // root-relative, or whole for other sites
}

// Column is a 栏目: a list page and the section its documents belong to.
type Column struct {
	Name string // 通知公告
	Href string // /notices/
	Type string // 栏目类型 in the page metas: 政策文件, 工作动态 …; may be ""
}

// Span is a piece of a line: plain, marked as a search hit, or a link. Lines
// come as spans and not as HTML, so nothing in them can be taken for a tag.
type Span struct {
	Text string
	Mark bool   // the highlighter
	Href string // a link, usually to an article
}

// Plain is a line without marks.
func Plain(text string) []Span { return []Span{{Text: text}} }

// Card is a document in a list.
type Card struct {
	Title   string
	Href    string
	Kind    string    // 指南, 通知公告; shown where kinds are mixed
	Answer  string    // 一句话答案; "" for kinds without
	Excerpt string    // shown when there is no Answer
	Date    time.Time // when it was published
	Origin  string    // 来源
	Cover   Picture   // zero for none
}

// Picture is an image in the sizes there are of it.
type Picture struct {
	Src           string
	SrcSet        string // "/media/ab12/480.webp 480w, …"; may be ""
	Width, Height int    // pixels, so that the page does not jump; 0 when unknown
	Alt           string
	Focus         string // classes that keep the focal point when it is cropped: focus-x25 focus-y75; "" for the middle
}

// Topic is what a reader may be here for.
type Topic struct {
	Name     string // 工资
	Href     string // /topics/wages/
	Glyph    string // 薪
	Question string // 老板不给工资
	Hint     string // 拖欠、克扣、只打欠条
	Count    int    // documents in it; 0 is not shown
}

// Pager leads through a list that is longer than a page. Its zero value shows
// nothing.
type Pager struct {
	Page, Pages, Total int
	Prev, Next         string // "" at the ends
}

// Tone is how a badge looks; its text says it too.
type Tone string

// The tones.
const (
	Quiet Tone = ""
	Good  Tone = "ok"
	Due   Tone = "due"
	Warn  Tone = "warn"
	Info  Tone = "proof"
)

// Badge is a state in a word or two.
type Badge struct {
	Text string
	Tone Tone
}

// HomePage is /.
type HomePage struct {
	Shell
	Topics   []Topic
	Popular  []Card // most read in 30 days
	Latest   []Card // newest guides and answers
	Notices  []Card
	News     []Card
	Sessions []Session
	Center   *Station // of the first tier; may be nil
	Towns    []Option // for 就近找人问
}

// TopicPage is /topics/{topic}/.
type TopicPage struct {
	Shell
	Topic    Topic
	Guides   []Card // guides and answers, best first
	More     []Card // notices and news
	Sessions []Session
	Topics   []Topic // the others
	Pager    Pager
}

// ListPage is /guides/, /notices/, /news/ or /qa/.
type ListPage struct {
	Shell
	Intro  string
	Items  []Card
	Dated  bool    // show dates first: notices and news
	Topics []Topic // to narrow by; empty where that makes no sense
	Pager  Pager
}

// GuidePage is a document of any kind but 单页: guide, notice, news, qa.
type GuidePage struct {
	Shell
	Kind        string // guide, notice, news, qa
	KindName    string // 指南
	Answer      string // 一句话答案; "" for none
	Summary     string
	Audience    []string
	TOC         []Heading
	Body        template.HTML // sanitised, with root-relative links
	Cover       Picture
	Attachments []Attachment
	Sources     []Source
	Checked     string    // 核对日期, 2006-01-02; "" for none
	Written     string    // 成文日期, the same
	Published   time.Time // 发布时间
	Updated     time.Time // when this edition was published
	Author      string
	Origin      string // 来源
	Minutes     int    // to read; 0 is not shown
	Related     []Card
	Latest      []Card
	Topics      []Topic  // it belongs to
	Changes     []Change // public history, newest first; empty when only published
	Withdrawn   *Notice  // readable, but taken back: why
	Superseded  *Notice  // an old edition: where the new one is
	Preview     *Notice  // not public yet: what it is a preview of
}

// Change is a line of a document's public history.
type Change struct {
	Date time.Time
	Text string
}

// Heading is an entry of a contents list; Level is 2 or more.
type Heading struct {
	Level int
	ID    string
	Text  string
}

// Attachment is a file to download.
type Attachment struct {
	Name string // what the link says
	Href string
	Note string // DOCX，23 KB; may be ""
}

// Source is an article of law the document rests on.
type Source struct {
	Text string     // 《劳动合同法》第三十条
	Href string     // "" when the law is not loaded
	Card *Provision // its words, to read in place; may be nil
}

// Provision is an article of law as it stands.
type Provision struct {
	Label      string      // 第三十八条; "" for a passage without a number
	Heading    string      // the few articles with a title of their own
	ID         string      // 38, 38-1: last part of its address and its anchor
	Href       string      // /laws/ldht/38
	Paragraphs []Paragraph // 款, and 项 each on its own
	InForce    string      // 2006-01-02; "" when unknown
	CitedBy    int         // guides that cite it
}

// Paragraph is a 款, or a 项 below one.
type Paragraph struct {
	Item bool // （一）…
	Line []Span
}

// Notice is a word from the editors above a page.
type Notice struct {
	Text string
	Date time.Time
	Link Link // where to go instead; may be zero
}

// StaticPage is a 单页: about us, accessibility statement.
type StaticPage struct {
	Shell
	TOC     []Heading
	Body    template.HTML
	Updated time.Time
	Preview *Notice
}

// ErrorPage is what a reader gets instead: 400, 404, 410, 429, 500, 503.
type ErrorPage struct {
	Shell
	Status    int
	Message   string // says what to do next
	RequestID string
	Links     []Link // where to go on
}

func (*HomePage) template() string     { return "home" }
func (*TopicPage) template() string    { return "topic" }
func (*ListPage) template() string     { return "list" }
func (*GuidePage) template() string    { return "guide" }
func (*StaticPage) template() string   { return "static" }
func (*LawsPage) template() string     { return "laws" }
func (*LawPage) template() string      { return "law" }
func (*ArticlePage) template() string  { return "article" }
func (*EventsPage) template() string   { return "events" }
func (*SessionPage) template() string  { return "session" }
func (*StationsPage) template() string { return "stations" }
func (*SearchPage) template() string   { return "search" }
func (*ErrorPage) template() string    { return "error" }
