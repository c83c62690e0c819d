package themes

// SignUpPage is /events/{no}/signup: the form, or why there is none now.
type SignUpPage struct {
	Shell
	Session  Session
	No       string
	Address  string
	Phase    Badge   // 报名中, 候补中, 已满
	Promise  string  // what a sign-up brings: a place, or a number in the queue
	Why      *Notice // why nobody can sign up now; nil shows the form
	Action   string
	Ticket   Ticket
	Hidden   []Hidden
	Problems []FieldProblem
	Groups   []FormGroup // what must be answered
	More     []FormGroup // what may be
	MoreOpen bool        // something of it was answered
	Consent  FormField
	Privacy  []string // what is kept and how long, a paragraph each
	Policy   Link     // the whole notice
	Submit   string
	Phone    string // to sign up by telephone
	Others   []Session
}

// Ticket goes with a form that strangers may send. static/proof.js finds the
// answer; without it the form works too.
type Ticket struct {
	Token string
	Bits  int // how hard the proof of work is
}

// SignedPage is the answer to a sign-up, and what the look-up shows: a screen to
// save. It is shown to its owner alone and never kept. Code, Raw, Name and QR.Path
// are set into a page that was rendered before (Theme.RenderWith): show them as
// text, and do not compute with them. Session.Status is empty.
type SignedPage struct {
	Shell
	Session  Session
	No       string
	Address  string
	Said     string // what has just been done: 已取消报名; "" for nothing
	Lead     string // what the state means for the person
	State    Badge
	Code     string // 报名码, ABCDE-FGHJK; "" when the sign-up no longer holds
	Raw      string // the same without the dash, for the forms
	QR       QR
	Name     string
	Party    int
	Position int // in the queue, 1 is next; 0 does not wait
	Next     []string
	ICS      string
	Phone    string         // to call about the session
	Action   string         // where the forms go; "" when nothing can be changed
	Fewer    []Option       // smaller parties; empty for one person
	Problems []FieldProblem // of those forms
	Others   []Session      // where else to go, when this one is off or full
}

// QR is a QR code, drawn by the template as an SVG.
type QR struct {
	Size int    // side of the view box; 0: no code
	Path string // d of the black modules
	Text string // what it is, for those who do not see it
}

// FindPage is /signup/: look up a sign-up by its code.
type FindPage struct {
	Shell
	Problems []FieldProblem
	Groups   []FormGroup
	Action   string
	Phone    string
}

// PosterPage is /events/{no}/poster: a sheet to print and put up.
type PosterPage struct {
	Shell
	Session   Session
	No        string
	Summary   string
	Audience  []string
	Address   string
	Organizer string
	Lawyers   string
	Phone     string
	Call      string // what the code is for: 扫码报名
	Link      string // address of the session's page, to type
	QR        QR
	A3        bool
	Other     Link // the other size
	Picture   Link // the same as an image
	NoFont    bool // the image has no Chinese text, for want of a font
	Back      Link
}

func (*SignUpPage) template() string { return "signup" }
func (*SignedPage) template() string { return "signed" }
func (*FindPage) template() string   { return "find" }
func (*PosterPage) template() string { return "poster" }
