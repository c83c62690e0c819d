package events

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// Origin is the way a sign-up came in.
type Origin string

// The origins.
const (
	FromWeb   Origin = "web"   // the person's own phone
	FromStaff Origin = "staff" // somebody rang or stood at the counter
	FromPaper Origin = "paper" // a list filled in by hand
)

// Label is the Chinese name for staff.
func (o Origin) Label() string {
	switch o {
	case FromWeb:
		return "网上"
	case FromStaff:
		return "代报"
	case FromPaper:
		return "纸表"
	}
	return string(o)
}

// MaxParty is the most people one sign-up may bring.
const MaxParty = 5

// SignUp is what somebody fills in to take part in a session.
type SignUp struct {
	Session    string // id
	Name       string // at most 60 characters
	Phone      string // as typed, E.164 after Problems; staff may leave it empty
	Party      int    // people who come, 1 to MaxParty
	Town       string // code, "" when not asked
	Pool       string // code of kept places, from the link; "" none
	WorkerKind string // 工种 or line of work, "" when not asked
	Question   string // what the person wants to ask, at most 200 characters
	Access     string // 轮椅, 手语 …, at most 100 characters
	Consent    string // version of the privacy notice that was agreed to
	Origin     Origin
	IdemKey    string // minted with the form: the same key again gives the same answer
	Address    string // the client's; only a hash is kept, for 30 days
}

var idemShape = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// Problems lists everything that keeps the form from being accepted, after
// clearing up spaces, full-width digits and the many dots of names in it. Fields:
// name, phone, party, town, worker_kind, question, access, consent, key.
func (f *SignUp) Problems() []Problem {
	f.clean()
	var ps problems
	ps.personName("name", f.Name)
	f.phone(&ps)
	if f.Party < 1 || f.Party > MaxParty {
		ps.add("party", "一次最多报 %d 人，请填写 1 至 %d 之间的人数；人更多请再报一次或致电主办单位。", MaxParty, MaxParty)
	}
	if f.Town != "" && !codeShape.MatchString(f.Town) {
		ps.add("town", "没有这个镇街，请从列表中选择。")
	}
	ps.text("worker_kind", "工种", f.WorkerKind, 0, 20)
	ps.text("question", "想问的问题", f.Question, 0, 200)
	ps.text("access", "需要的帮助", f.Access, 0, 100)
	if f.Consent == "" {
		ps.add("consent", "请先阅读个人信息处理说明，并勾选同意。")
	}
	if f.Origin == FromWeb && !idemShape.MatchString(f.IdemKey) {
		ps.add("key", "表单已经过期，请刷新页面后再提交，已填的内容请先抄下。")
	}
	return ps
}

func (f *SignUp) clean() {
	for _, field := range []*string{&f.Town, &f.WorkerKind, &f.Access, &f.Consent, &f.IdemKey, &f.Pool} {
		*field = oneLine(*field)
	}
	f.Name = cleanName(f.Name)
	f.Phone = strings.TrimSpace(f.Phone)
	f.Question = paragraphs(f.Question)
	if f.Origin == "" {
		f.Origin = FromWeb
	}
}

// nameDots are the signs that stand for the one between the parts of a name
// (阿卜杜拉·买买提), as different keyboards give them.
var nameDots = strings.NewReplacer("•", "·", "‧", "·", "∙", "·", "・", "·", "･", "·", "．", "·", "●", "·")

func cleanName(s string) string { return nameDots.Replace(oneLine(s)) }

// personName takes what names are written with in any script, rare characters
// too, and refuses signs, digits and emoji: a list read aloud cannot say them.
func (ps *problems) personName(field, name string) {
	ps.text(field, "姓名", name, 1, 60)
	letter := false
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			letter = true
		case unicode.IsMark(r), strings.ContainsRune("· .'’-", r):
		case unicode.IsDigit(r):
			ps.add(field, "姓名里有数字，请只填写姓名，电话填在下一栏。")
			return
		default:
			ps.add(field, "姓名里的“%c”无法登记，请删去后再提交。", r)
			return
		}
	}
	if name != "" && !letter {
		ps.add(field, "请填写姓名，怎么称呼您都可以。")
	}
}

// phone turns what was typed into E.164. Only staff may leave it out: people
// without a phone are signed up at the counter.
func (f *SignUp) phone(ps *problems) {
	if f.Phone == "" && f.Origin != FromWeb {
		return
	}
	e164, err := vault.Phone(f.Phone)
	if err != nil {
		ps.add("phone", "%s", errs.MessageOf(err))
		return
	}
	f.Phone = e164
}
