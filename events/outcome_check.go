package events

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/db"
)

// ReportBasis is what a report is judged by.
type ReportBasis struct {
	Capacity int // whom it was meant for; 0: nobody said
	Minutes  int // how long the session was
	Present  int // checked in
	Photos   int // and signed lists
	Issued   []Issued
}

// Basis is what the parts of this session are judged by.
func (s *ReportSheet) Basis() ReportBasis {
	return ReportBasis{Capacity: s.Session.room(), Minutes: int(s.Session.Ends.Sub(s.Session.Starts).Minutes()),
		Present: s.Present + s.WalkIns, Photos: len(s.Photos), Issued: s.Issued}
}

// room is how many people a session is meant for: those who sign up, or all the
// host expects where it keeps only some places for others.
func (s Session) room() int { return max(s.Capacity, s.Expected) }

// What makes somebody ask whether a zero too many was typed.
const (
	crowdedTimes   = 3  // attendance beyond so many times the places
	hastyQuestions = 60 // consultations per lawyer and hour
	maxReported    = 1_000_000
)

// Problems says what keeps a part from being handed in (blocks) and what wants
// a word (warns). Fields are the names of ParseReportForm; a row of a table has
// its number behind: handout_handed-0.
func (f *ReportForm) Problems(part Part, b ReportBasis) (blocks, warns []Problem) {
	var c reportCheck
	if part == HostPart {
		c.host(f, b)
	} else {
		c.legal(f, b)
	}
	return c.blocks, c.warns
}

type reportCheck struct{ blocks, warns problems }

// number reads what was typed, -1 for what is none. An empty field is 0.
func (c *reportCheck) number(field, name, typed string) int {
	typed = strings.ReplaceAll(strings.TrimSpace(narrow(typed)), ",", "")
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 0 || n > maxReported {
		c.blocks.add(field, "%s“%s”应是 0 至 %d 的整数。", name, clip(typed), maxReported)
		return -1
	}
	return n
}

func (c *reportCheck) host(f *ReportForm, b ReportBasis) {
	if strings.TrimSpace(f.Attendance) == "" {
		c.blocks.add("attendance", "请填写到场人数，没有人来就写 0。")
	}
	all := c.number("attendance", "到场人数", f.Attendance)
	c.number("walkins", "现场来的人数", f.WalkIns)
	for _, part := range []struct{ field, name, typed string }{{"walkins", "现场来的", f.WalkIns}, {"migrants", "农民工", f.Migrants},
		{"women", "妇女", f.Women}, {"minors", "未成年人", f.Minors}, {"elders", "60 岁以上", f.Elders}} {
		n := 0
		if part.field == "walkins" {
			n, _ = figure(part.typed)
		} else {
			n = c.number(part.field, part.name, part.typed)
		}
		if all >= 0 && n > all {
			c.blocks.add(part.field, "%s %d 人，比到场的 %d 人还多，请核对。", part.name, n, all)
		}
	}
	if b.Capacity > 0 && all > crowdedTimes*b.Capacity {
		c.warns.add("attendance", "到场 %d 人，是名额 %d 的 %d 倍多，请看看是不是多写了零。", all, b.Capacity, crowdedTimes)
	}
	if all >= 0 && b.Present > all {
		c.warns.add("attendance", "签到的有 %d 人，比您填的到场 %d 人多。", b.Present, all)
	}
	c.handouts(f, b)
	for i, p := range f.Posts {
		c.tally("post", i, p, "渠道")
	}
	c.number("media", "媒体报道", f.Media)
	c.length("text", "活动情况", f.Text)
	c.length("trouble", "需要改进的问题", f.Trouble)
	if b.Photos == 0 && utf8.RuneCountInString(strings.TrimSpace(f.Waiver)) < 4 {
		c.blocks.add("waiver", "请传一张现场照片或签到表；都没有的，写明原因（4 个字以上）。")
	}
}

func (c *reportCheck) handouts(f *ReportForm, b ReportBasis) {
	if len(f.Handouts) == 0 && !slices.Contains(f.None, NoHandouts) {
		c.blocks.add("handout_handed-0", "请填写发放了哪些资料；没有发的，请勾“没有发放”。")
	}
	seen := map[string]bool{}
	for i, h := range f.Handouts {
		at := "-" + strconv.Itoa(i)
		if h.Title == "" {
			c.blocks.add("handout_title"+at, "请填写发放资料的书名。")
			continue
		}
		if seen[h.Material+"/"+h.Title] {
			c.blocks.add("handout_title"+at, "《%s》填了两行，请合成一行。", h.Title)
		}
		seen[h.Material+"/"+h.Title] = true
		if h.Handed+h.Returned+h.Spoiled == "" {
			c.blocks.add("handout_handed"+at, "请填写《%s》发了多少份，没有发就写 0。", h.Title)
		}
		out := c.number("handout_handed"+at, "《"+h.Title+"》发放数", h.Handed)
		back := c.number("handout_returned"+at, "《"+h.Title+"》退回数", h.Returned)
		spoiled := c.number("handout_spoiled"+at, "《"+h.Title+"》损坏数", h.Spoiled)
		if k := slices.IndexFunc(b.Issued, func(is Issued) bool { return h.Material != "" && is.Material == h.Material }); k >= 0 {
			if out+back+spoiled > b.Issued[k].Qty {
				c.blocks.add("handout_handed"+at, "《%s》领出 %d 份，发放、退回和损坏合起来是 %d 份，多了。", h.Title, b.Issued[k].Qty, out+back+spoiled)
			}
		}
	}
}

func (c *reportCheck) legal(f *ReportForm, b ReportBasis) {
	people := 0
	if len(f.Consultations) == 0 && !slices.Contains(f.None, NoConsultations) {
		c.blocks.add("consult_people-0", "请填写解答了多少人次咨询；没有人问的，请勾“没有咨询”。")
	}
	lawyers := map[string]bool{}
	for i, l := range f.Consultations {
		people += max(0, c.tally("consult", i, l, "类别"))
		lawyers[l.Practitioner] = true
	}
	if len(f.Documents) == 0 && !slices.Contains(f.None, NoDocuments) {
		c.blocks.add("document_people-0", "请填写代写了多少文书；没有代写的，请勾“没有代写”。")
	}
	for i, l := range f.Documents {
		c.tally("document", i, l, "文书")
		c.number("document_copies-"+strconv.Itoa(i), "份数", l.Copies)
	}
	if limit := hastyQuestions * max(1, len(lawyers)) * max(1, b.Minutes) / 60; people > max(limit, hastyQuestions) {
		c.warns.add("consult_people-0", "咨询 %d 人次，每位律师每小时超过 %d 人次，请看看是不是多写了零。", people, hastyQuestions)
	}
	c.number("leads", "线索", f.Leads)
	c.number("applications", "援助申请", f.Applications)
	n := c.number("disputes", "当场调解的纠纷", f.Disputes)
	if fen, ok := yuan(f.DisputeYuan); !ok {
		c.blocks.add("dispute_yuan", "金额“%s”应写成 12000 或 12000.50，单位是元。", clip(f.DisputeYuan))
	} else if fen > 0 && n == 0 {
		c.blocks.add("disputes", "写了金额，请把当场调解了几起也写上。")
	}
	c.length("text", "活动情况", f.Text)
	c.length("trouble", "需要改进的问题", f.Trouble)
}

// tally judges a row of a table; it returns its people, or -1.
func (c *reportCheck) tally(prefix string, i int, l TallyLine, name string) int {
	at := "-" + strconv.Itoa(i)
	if l.Category == "" {
		c.blocks.add(prefix+"_category"+at, "请填写第 %d 行的%s。", i+1, name)
	}
	return c.number(prefix+"_people"+at, "数量", l.People)
}

func (c *reportCheck) length(field, name, text string) {
	if n := utf8.RuneCountInString(text); n > 200 {
		c.blocks.add(field, "%s有 %d 个字，请控制在 200 个字以内。", name, n)
	}
}

// figure reads a number that may be missing.
func figure(typed string) (n int, given bool) {
	n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(narrow(typed)), ",", ""))
	return max(0, n), err == nil
}

// yuan reads money in yuan with at most two decimals into fen. Nothing is 0.
func yuan(typed string) (fen int64, ok bool) {
	typed = strings.TrimSuffix(strings.ReplaceAll(strings.TrimSpace(narrow(typed)), ",", ""), "元")
	if typed == "" {
		return 0, true
	}
	whole, cents, _ := strings.Cut(typed, ".")
	if whole == "" || len(whole) > 10 || len(cents) > 2 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(cents + "00")[:2], 10, 64)
	return n, err == nil && n >= 0 && !strings.ContainsAny(typed, "+-")
}

// onTheSpot reads what check-in, stock and tallies know of the session.
func (s *Store) onTheSpot(ctx context.Context, q db.Queryer, sh *ReportSheet) (err error) {
	if sh.Issued, err = s.issued(ctx, q, sh.Session.ID); err != nil {
		return err
	}
	if sh.Tallies, err = tallies(ctx, q, sh.Session.ID); err != nil {
		return err
	}
	there, err := presence(ctx, q, sh.Session.ID)
	sh.Present, sh.WalkIns = there.SignedUp, there.WalkIns
	return err
}

// serves reports whether a practitioner is assigned to a session.
func (s *Store) serves(ctx context.Context, q db.Queryer, practitioner, session string) (bool, error) {
	var n int
	err := db.Get(ctx, q, &n, `SELECT count(*) FROM assignment WHERE session = $1 AND practitioner = $2 AND state IN ('accepted', 'moved', 'present')`,
		session, practitioner)
	return n > 0, err
}

// prefilled is an empty part with what is known already.
func (s *ReportSheet) prefilled(part Part) ReportForm {
	var f ReportForm
	if part == HostPart {
		if n := s.Present + s.WalkIns; n > 0 {
			f.Attendance, f.WalkIns = strconv.Itoa(n), strconv.Itoa(s.WalkIns)
		}
		for _, i := range s.Issued {
			f.Handouts = append(f.Handouts, HandoutLine{Material: i.Material, Title: i.Title, Handed: strconv.Itoa(i.Qty), Returned: "0"})
		}
		return f
	}
	for _, t := range s.Tallies {
		l := TallyLine{Category: t.Category, Practitioner: t.Practitioner, People: strconv.Itoa(t.Qty)}
		switch t.Kind {
		case "consultation":
			f.Consultations = append(f.Consultations, l)
		case "document":
			l.Copies = l.People
			f.Documents = append(f.Documents, l)
		}
	}
	return f
}
