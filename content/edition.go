package content

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/markdown"
)

// Document is an identity: it keeps its id for ever and its address until it is
// renamed, which leaves a redirect.
type Document struct {
	ID      string
	Kind    Kind
	Slug    string
	Created time.Time

	HeadID string // the newest edition
	LiveID string // the edition readers get, or got before it was taken away; "" when never published

	Live    State     // Published, Withdrawn, Unpublished, or "" when never published
	First   time.Time // 发布时间: when the first edition was published; zero before
	MovedTo string    // where readers of an unpublished document are sent; "" is gone
}

// Address is the document's root-relative address.
func (d Document) Address() string { return Address(d.Kind, d.Slug) }

// State of an edition.
type State string

// The states. Draft, Submitted and Scheduled are work; the others were public.
const (
	Draft       State = "draft"       // 草稿
	Submitted   State = "submitted"   // 待审
	Scheduled   State = "scheduled"   // 定时发布
	Published   State = "published"   // 已发布
	Withdrawn   State = "withdrawn"   // 已撤回: readable under a notice that says why
	Unpublished State = "unpublished" // 已下线: gone, or redirected
	Superseded  State = "superseded"  // 旧版本
)

// States lists them in the order of filters.
var States = []State{Draft, Submitted, Scheduled, Published, Withdrawn, Unpublished, Superseded}

// Label is the Chinese name.
func (s State) Label() string {
	switch s {
	case Draft:
		return "草稿"
	case Submitted:
		return "待审"
	case Scheduled:
		return "定时发布"
	case Published:
		return "已发布"
	case Withdrawn:
		return "已撤回"
	case Unpublished:
		return "已下线"
	case Superseded:
		return "旧版本"
	}
	return string(s)
}

// Work reports whether staff still work on an edition in this state.
func (s State) Work() bool { return s == Draft || s == Submitted || s == Scheduled }

// Text is what an editor writes.
type Text struct {
	Title       string
	Answer      string // 一句话答案, at most MaxAnswer characters
	Summary     string
	Body        string // Markdown
	Topics      []string
	Column      string
	Audience    []string
	Sources     []string // citations as written: 《劳动合同法》第三十条
	Checked     string   // 核对日期, 2006-01-02 or ""
	Written     string   // 成文日期, 2006-01-02 or ""
	Author      string
	Origin      string // 来源
	Cover       string // /media/{key}/{name} or ""
	CoverAlt    string
	Attachments []Attachment
}

// MaxAnswer is how many characters the one-sentence answer may have.
const MaxAnswer = 60

// Attachment is a file beside the text.
type Attachment struct {
	File string `json:"file" yaml:"file"` // /media/{key}/{name}
	Name string `json:"name" yaml:"name"` // what the link says
}

// Equal reports whether two texts are the same; nil and empty lists are.
func (t Text) Equal(u Text) bool {
	return t.Title == u.Title && t.Answer == u.Answer && t.Summary == u.Summary && t.Body == u.Body &&
		slices.Equal(t.Topics, u.Topics) && t.Column == u.Column && slices.Equal(t.Audience, u.Audience) &&
		slices.Equal(t.Sources, u.Sources) && t.Checked == u.Checked && t.Written == u.Written &&
		t.Author == u.Author && t.Origin == u.Origin && t.Cover == u.Cover && t.CoverAlt == u.CoverAlt &&
		slices.Equal(t.Attachments, u.Attachments)
}

// Rendered is what is made of a Text when it is saved.
type Rendered struct {
	HTML      string             // safe, with root-relative links
	TOC       []markdown.Heading // contents list
	Plain     string             // for search
	Excerpt   string             // the summary, or the beginning of Plain
	Basis     []Basis            // Sources with their links
	Citations []Citation         // of the sources and the body, in order
}

// Basis is one source as a page shows it.
type Basis struct {
	Text string `json:"text"`           // 《劳动合同法》第三十条
	Href string `json:"href,omitempty"` // /laws/ldht/30; "" when the law is not loaded
}

// Characters counts what there is to read, for the reading time.
func (r Rendered) Characters() int { return utf8.RuneCountInString(r.Plain) }

// Edition is one text of a document.
type Edition struct {
	ID         string
	DocumentID string
	Number     int   // 1, 2, 3 … in its document
	Version    int64 // grows with each write; a form carries the one it showed
	State      State
	Text
	Rendered

	Created   time.Time
	Updated   time.Time
	Due       time.Time // when a Scheduled edition will be published
	Published time.Time // when this edition was; the document's First is when its first was
	Reason    string    // why it was returned, withdrawn or unpublished
	Trail     []Step    // what happened to it, oldest first
	Change    Amendment // what it changed, as readers are told
	Review    Walk      // where it is in the review of its column; only from Edition and from steps
}

// Step is one transition an edition went through.
type Step struct {
	Action Action    `json:"action"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"` // account id
	Name   string    `json:"name"`
	Reason string    `json:"reason,omitempty"`
}

// Last finds the newest step of an action: who submitted, and when.
func (e Edition) Last(a Action) (Step, bool) {
	for _, s := range slices.Backward(e.Trail) {
		if s.Action == a {
			return s, true
		}
	}
	return Step{}, false
}

// Label names the edition for people: 第 3 版.
func (e Edition) Label() string { return "第 " + strconv.Itoa(e.Number) + " 版" }
