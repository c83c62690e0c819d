package events

import (
	"net/url"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
)

// Part is one half of an outcome report: each has an author of its own.
type Part string

// The parts.
const (
	HostPart  Part = "host"  // the organizer: attendance, hand-outs, photos
	LegalPart Part = "legal" // the lead lawyer: consultations, documents, what came of them
)

// Parts are both.
func Parts() []Part { return []Part{HostPart, LegalPart} }

// Label is the Chinese name.
func (p Part) Label() string {
	if p == LegalPart {
		return "律师填的部分"
	}
	return "主办单位填的部分"
}

// ReportState is how far a part has come.
type ReportState string

// The states of a part.
const (
	PartDraft      ReportState = "draft"      // being typed; kept half-filled
	PartSubmitted  ReportState = "submitted"  // handed in, or an amendment that waits for approval
	PartReturned   ReportState = "returned"   // something does not add up: see Note
	PartVerified   ReportState = "verified"   // facts stand on it
	PartSuperseded ReportState = "superseded" // an amendment took its place
)

// Label is the Chinese name.
func (s ReportState) Label() string {
	switch s {
	case PartSubmitted:
		return "已交"
	case PartReturned:
		return "退回"
	case PartVerified:
		return "已核实"
	case PartSuperseded:
		return "已被更正"
	}
	return "草稿"
}

// Sections of a form that must be filled in or marked 无 (ReportForm.None).
const (
	NoHandouts      = "handouts"
	NoConsultations = "consultations"
	NoDocuments     = "documents"
)

// ReportForm is a part as it is typed: numbers are text, because a draft keeps
// whatever is in it. Each part uses its own half of the fields.
type ReportForm struct {
	// The organizer's half.
	Attendance string // 人 who came, all together
	WalkIns    string // of them without signing up
	Migrants   string // of them 农民工
	Women      string
	Minors     string // under 18
	Elders     string // 60 and over
	Estimate   bool   // those four are estimates
	Handouts   []HandoutLine
	Posts      []TallyLine // posted in other channels; Category is the channel
	Media      string      // reports in the press
	Text       string      // at most 200 characters, without names
	Trouble    string      // what to mend next time
	Waiver     string      // why there is neither a photo nor a signed list

	// The lawyer's half.
	Consultations []TallyLine // by subject: People is 人次
	Documents     []TallyLine // by kind: People is 人次, Copies 份
	Leads         string      // 线索
	Applications  string      // for legal aid
	Disputes      string      // settled on the spot, 起
	DisputeYuan   string      // what they were about, in yuan

	None []string // sections that were empty: NoHandouts …
}

// HandoutLine is one title that was handed out.
type HandoutLine struct {
	Material string // id in the stock, "" for a title that is not kept there
	Title    string // with the edition: 工资手册（2026 版）
	Handed   string
	Returned string
	Spoiled  string
}

// TallyLine is one number by category.
type TallyLine struct {
	Category     string
	Practitioner string // id of who did it, "" when nobody says
	People       string
	Copies       string
}

// PartReport is one version of one part.
type PartReport struct {
	ID         string
	Session    string
	Part       Part
	Version    int // 1, one more with each amendment; 0 while nothing is saved
	State      ReportState
	Rev        int // SaveReport and SubmitReport want it; 0 while nothing is saved
	Form       ReportForm
	Reason     string // why it was amended
	Note       string // why it was returned
	Override   string // what was said to the warnings
	Author     string // actor id of who wrote it last
	AuthorName string
	Writers    []string // all who ever typed in it
	VerifiedBy string
	Updated    time.Time
	Submitted  time.Time
	Verified   time.Time
	Blocks     []Problem // what keeps it from being handed in
	Warns      []Problem // what wants a word when it is
}

// Saved reports that somebody has typed in it.
func (p PartReport) Saved() bool { return p.Rev > 0 }

// Open reports that it can be typed in.
func (p PartReport) Open() bool { return p.State == PartDraft || p.State == PartReturned }

// Amends reports that it is an amendment that nobody has decided on.
func (p PartReport) Amends() bool { return p.Version > 1 && p.State == PartSubmitted }

// ReportSheet is everything about the outcome of a session.
type ReportSheet struct {
	Session  Session
	Host     PartReport // the newest version
	Legal    PartReport
	Versions []PartReport // all, the newest first
	Photos   []ReportPhoto
	Present  int        // who signed up and was checked in
	WalkIns  int        // who was checked in without
	Issued   []Issued   // materials given out for the session
	Due      time.Time  // by when it is owed
	Tallies  []TallyRow // what lawyers tapped on the spot
}

// Part is one of the two.
func (s *ReportSheet) Part(p Part) *PartReport {
	if p == LegalPart {
		return &s.Legal
	}
	return &s.Host
}

// Issued is what the stock gave out for a session.
type Issued struct {
	Material, Title string
	Unit            string // 册, 份, 张
	Qty             int    // that left the store
}

// TallyRow is what one person counted on the spot.
type TallyRow struct {
	Kind         string // consultation, document
	Category     string
	Practitioner string
	Qty          int
}

// OrganizerActor is who acts with the code of a request. The page has checked
// that the person may open it.
func OrganizerActor(request string) auth.Actor {
	return auth.Actor{ID: "organizer:" + request, Name: "主办单位"}
}

// PractitionerActor is who acts by a personal link. The page has checked it.
func PractitionerActor(id string) auth.Actor {
	return auth.Actor{ID: "practitioner:" + id, Name: "服务人员"}
}

// ParseReportForm reads a form by the names its pages share: attendance,
// walkins, migrants, women, minors, elders, estimate, media, text, trouble,
// waiver, leads, applications, disputes, dispute_yuan, none (several), and the
// columns handout_material, handout_title, handout_handed, handout_returned,
// handout_spoiled, consult_category, consult_practitioner, consult_people,
// document_category, document_practitioner, document_people, document_copies,
// post_category, post_people. A row of a table with nothing typed in is left out.
func ParseReportForm(v url.Values) ReportForm {
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	f := ReportForm{Attendance: get("attendance"), WalkIns: get("walkins"), Migrants: get("migrants"), Women: get("women"),
		Minors: get("minors"), Elders: get("elders"), Estimate: get("estimate") != "", Media: get("media"), Text: get("text"),
		Trouble: get("trouble"), Waiver: get("waiver"), Leads: get("leads"), Applications: get("applications"),
		Disputes: get("disputes"), DisputeYuan: get("dispute_yuan"), None: v["none"]}
	cell := func(name string, i int) string {
		if list := v[name]; i < len(list) {
			return strings.TrimSpace(list[i])
		}
		return ""
	}
	for i := range min(len(v["handout_title"]), maxLines) {
		l := HandoutLine{cell("handout_material", i), cell("handout_title", i), cell("handout_handed", i), cell("handout_returned", i), cell("handout_spoiled", i)}
		if l.Title != "" || l.Handed+l.Returned+l.Spoiled != "" {
			f.Handouts = append(f.Handouts, l)
		}
	}
	tally := func(prefix string) (list []TallyLine) {
		for i := range min(len(v[prefix+"_category"]), maxLines) {
			l := TallyLine{cell(prefix+"_category", i), cell(prefix+"_practitioner", i), cell(prefix+"_people", i), cell(prefix+"_copies", i)}
			if l.People+l.Copies != "" {
				list = append(list, l)
			}
		}
		return list
	}
	f.Consultations, f.Documents, f.Posts = tally("consult"), tally("document"), tally("post")
	return f
}

// maxLines is how many rows one table of a form has at most.
const maxLines = 100

// ConsultationCategories are offered by the form; others can be typed.
func ConsultationCategories() []string {
	return []string{"工资报酬", "劳动合同", "工伤", "社会保险", "辞退补偿", "女职工保护", "工程欠款", "婚姻家庭", "交通事故", "其他"}
}

// DocumentCategories are the kinds of documents the form offers.
func DocumentCategories() []string {
	return []string{"起诉状", "仲裁申请书", "法律援助申请表", "投诉举报信", "调解协议", "其他"}
}

// PostChannels are the channels the form offers.
func PostChannels() []string {
	return []string{"微信公众号", "微博", "短视频", "电子屏", "宣传栏", "其他"}
}
