package events

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// Bounds of what a request may ask for; what is beyond them is a slip.
const (
	maxWishes   = 3
	maxExpected = 100_000
	maxCarried  = 100_000 // brochures
	maxLawyers  = 50
)

// Wish is one time the organizer would like, the best first. Of a start that is
// not whole yet, Day (2006-01-02) or Clock (15:04) keeps what is there: a draft
// loses nothing.
type Wish struct {
	Starts, Ends time.Time
	Day, Clock   string // "" once Starts is set
}

// zero reports that nothing was filled in.
func (w Wish) zero() bool {
	return w.Starts.IsZero() && w.Ends.IsZero() && w.Day == "" && w.Clock == ""
}

// RequestForm is what an organizer fills in, page by page. Contact and Phone are
// personal: they are sealed in the database and masked for staff.
type RequestForm struct {
	Unit     string // name of the organizer
	UnitKind string // 企业, 建筑工地, 人社部门 …
	USCC     string // 统一社会信用代码 (GB 32100), "" when not at hand
	Contact  string // a person
	Phone    string // as typed; E.164 once it is readable

	Type  Type
	Title string // "" is made from unit and topic
	Topic string // what they want to hear about

	Wishes  []Wish // one to three
	Minutes int    // how long; gives the Ends of wishes that have none
	Town    string // code
	Venue   string
	VenueID string // of the list, "" for a place that is typed
	Address string // how to get there, once inside too

	Expected int  // people
	Open     bool // others may sign up
	Places   int  // for them

	Equipment []string // what is there: 投影, 话筒
	Brochures int      // 册 to bring
	Lawyers   int      // how many to send
	Notes     string
	Publish   bool // contact may be shown to those who sign up
}

// Problems says what keeps the form from being handed in (blocks) and what would
// want a reason (warns), after clearing up what was typed. A draft with blocks
// can be saved all the same. Fields: unit, uscc, contact, phone, type, title,
// topic, wish1 to wish3, minutes, town, venue, address, expected, places,
// equipment, brochures, lawyers, notes. What needs the database (the unit is
// suspended, has asked already) is found by SubmitRequest.
func (f *RequestForm) Problems(now time.Time, cal *Calendar) (blocks, warns []Problem) {
	return f.problems(now, cal, defaultLeadDays)
}

// defaultLeadDays is how many working days ahead a request should come.
const defaultLeadDays = 5

func (f *RequestForm) problems(now time.Time, cal *Calendar, leadDays int) (blocks, warns problems) {
	f.clean()
	blocks.who(f)
	blocks.what(f)
	blocks.wishes(f, now)
	warns.days(f, now, cal, leadDays)
	blocks.needed(f)
	return blocks, warns
}

// clean clears up spaces and widths, and gives wishes the end that Minutes says.
func (f *RequestForm) clean() {
	for _, field := range []*string{&f.Unit, &f.UnitKind, &f.Contact, &f.Title, &f.Topic, &f.Town, &f.Venue, &f.VenueID, &f.Address} {
		*field = oneLine(*field)
	}
	f.Notes = paragraphs(f.Notes)
	f.USCC = cleanUSCC(f.USCC)
	f.Phone = oneLine(f.Phone)
	if e164, err := vault.Phone(f.Phone); err == nil {
		f.Phone = e164
	}
	var gear []string
	for _, e := range f.Equipment {
		if e = oneLine(e); e != "" {
			gear = append(gear, e)
		}
	}
	f.Equipment = gear
	var wishes []Wish
	for _, w := range f.Wishes {
		if w.zero() {
			continue
		}
		w.Starts, w.Ends = w.Starts.Truncate(time.Minute), w.Ends.Truncate(time.Minute)
		if w.Ends.IsZero() && f.Minutes > 0 {
			w.Ends = w.Starts.Add(time.Duration(f.Minutes) * time.Minute)
		}
		wishes = append(wishes, w)
	}
	f.Wishes = wishes
}

func (ps *problems) who(f *RequestForm) {
	ps.text("unit", "单位名称", f.Unit, 2, 60)
	ps.text("unit_kind", "单位类型", f.UnitKind, 0, 30)
	ps.uscc(f.USCC)
	ps.text("contact", "联系人", f.Contact, 1, 60)
	ps.phone(f.Phone)
}

func (ps *problems) uscc(code string) {
	if code != "" && !validUSCC(code) {
		ps.add("uscc", "统一社会信用代码应是 18 位，请对照营业执照核对；手边没有可以留空。")
	}
}

func cleanUSCC(code string) string {
	return strings.ToUpper(strings.ReplaceAll(narrow(oneLine(code)), " ", ""))
}

func (ps *problems) phone(phone string) {
	if _, err := vault.Phone(phone); err != nil {
		ps.add("phone", "%s", errs.MessageOf(err))
	}
}

func (ps *problems) what(f *RequestForm) {
	if !f.Type.Valid() {
		ps.add("type", "请选择活动类型。")
	}
	ps.text("title", "活动名称", f.Title, 0, 60)
	ps.text("topic", "想听什么", f.Topic, 2, 120)
	if f.Town == "" {
		ps.add("town", "请选择在哪个镇街。")
	}
	if f.VenueID == "" {
		ps.text("venue", "地点", f.Venue, 1, 60)
	}
	ps.text("address", "具体地点", f.Address, 0, 120)
	ps.text("notes", "其他说明", f.Notes, 0, 500)
}

// wishes judges each wish by itself.
func (ps *problems) wishes(f *RequestForm, now time.Time) {
	if f.Minutes < 0 || f.Minutes > int(maxDuration/time.Minute) {
		ps.add("minutes", "一场不能超过 12 小时，请重新填写讲多久。")
	}
	if len(f.Wishes) == 0 {
		ps.add("wish1", "请填写希望的日期和时间。")
	}
	if len(f.Wishes) > maxWishes {
		ps.add("wish3", "最多写 %d 个时间，请删去几个。", maxWishes)
	}
	for i, w := range f.Wishes {
		field := wishField(i)
		switch {
		case w.Starts.IsZero() && w.Day == "":
			ps.add(field, "请填写%s的日期。", wishName(i))
		case w.Starts.IsZero():
			ps.add(field, "请填写%s的开始时间。", wishName(i))
		case w.Ends.IsZero():
			ps.add(field, "请填写%s的结束时间，或者讲多久。", wishName(i))
		case !w.Ends.After(w.Starts):
			ps.add(field, "%s的结束时间应晚于开始时间。", wishName(i))
		case w.Ends.Sub(w.Starts) > maxDuration:
			ps.add(field, "一场不能超过 12 小时，请检查%s的日期和时间。", wishName(i))
		case !w.Starts.After(now):
			ps.add(field, "%s已经过去了，请改成以后的时间。", wishName(i))
		}
	}
}

// days warns of what the calendar has against a wish. A year without a notice
// only says so: it never stands in the way.
func (ps *problems) days(f *RequestForm, now time.Time, cal *Calendar, leadDays int) {
	for i, w := range f.Wishes {
		if w.Starts.IsZero() {
			continue
		}
		if earliest := cal.AddWorkingDays(now, leadDays); dateOf(w.Starts) < dateOf(earliest) && w.Starts.After(now) {
			ps.add(wishField(i), "%s离今天不足 %d 个工作日，最早可以是 %s。确实着急，请写明原因。",
				wishName(i), leadDays, dayInWords(earliest))
		}
		if d, ok := cal.Day(w.Starts); ok && d.Kind != WorkDay {
			ps.add(wishField(i), "%s（%s）是%s放假，请确认当天有人到场。", wishName(i), dayInWords(w.Starts), d.Name)
		}
	}
}

func (ps *problems) needed(f *RequestForm) {
	if f.Expected < 1 || f.Expected > maxExpected {
		ps.add("expected", "请填写大约多少人，1 至 %d 之间。", maxExpected)
	}
	if f.Open && (f.Places < 1 || f.Places > maxCapacity) {
		ps.add("places", "可以对外报名的，请填写留多少名额，1 至 %d 之间。", maxCapacity)
	}
	if f.Brochures < 0 || f.Brochures > maxCarried {
		ps.add("brochures", "普法册数应在 0 至 %d 之间。", maxCarried)
	}
	if f.Lawyers < 0 || f.Lawyers > maxLawyers {
		ps.add("lawyers", "需要的律师人数应在 0 至 %d 之间。", maxLawyers)
	}
	ps.text("equipment", "现场条件", strings.Join(f.Equipment, "、"), 0, 200)
}

func wishField(i int) string { return fmt.Sprintf("wish%d", i+1) }

func wishName(i int) string {
	return [...]string{"首选时间", "备选时间", "第三个时间"}[min(i, maxWishes-1)]
}

// dayInWords is a date in a sentence: 11月21日周六.
func dayInWords(t time.Time) string {
	t = t.In(Zone)
	return fmt.Sprintf("%d月%d日周%s", t.Month(), t.Day(), weekdays[t.Weekday()])
}

var usccShape = regexp.MustCompile(`^[0-9A-HJ-NP-RTUWXY]{18}$`)

// validUSCC checks the check character of GB 32100-2015.
func validUSCC(code string) bool {
	if !usccShape.MatchString(code) {
		return false
	}
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	sum, weight := 0, 1
	for i := range 17 {
		sum += strings.IndexByte(alphabet, code[i]) * weight
		weight = weight * 3 % 31
	}
	return code[17] == alphabet[(31-sum%31)%31]
}

// heading is the title of the session that comes of it.
func (f *RequestForm) heading() string {
	title := f.Title
	if title == "" {
		title = f.Unit + "：" + f.Topic
	}
	for utf8.RuneCountInString(title) > 60 {
		_, size := utf8.DecodeLastRuneInString(title)
		title = title[:len(title)-size]
	}
	return title
}
