package themes

// DeskPage is /desk/…: the check-in desk on site, on the telephone of whoever
// stands there. With a script it works without network; without one, every
// button is a form. Three faces: the PIN, the desk, and the shell that a browser
// without network falls back on.
type DeskPage struct {
	Shell
	Base     string // root-relative, /desk/
	Action   string // where all forms go; "" for the shell
	Offline  bool   // the shell: the script fills it from what the telephone holds
	AskPIN   bool
	Problem  FieldProblem // of what was sent
	Done     string       // what just happened: 张*签到成功。
	Typed    string       // in the field for codes
	Event    string       // title of the session
	When     string
	Place    string
	Until    string // when the desk closes
	Key      string // makes what is sent once count once
	Total    int    // 人 present
	SignedUp int
	WalkIns  int
	Expected int // 人 with places
	Names    bool
	People   []DeskPerson
}

// DeskPerson is a line of the list, masked.
type DeskPerson struct {
	ID       string
	Name     string // 张*
	LastFour string
	Party    int
	Waiting  bool
	Present  bool
	At       string // 14:02
	Of       string // names the check-in that an undo takes back
}

// DeskNotePage is what somebody sees who scanned a code at a session: the sign-up's
// own, for the desk to confirm, or the poster's, to check in oneself.
type DeskNotePage struct {
	Shell
	Event   string
	When    string
	Text    string
	Good    bool // it has worked
	Person  *DeskPerson
	Action  string // "" without a form
	Hidden  []Hidden
	AskLast bool // ask for the last four digits
	Problem FieldProblem
	Submit  string
	Back    Link
}

func (*DeskPage) template() string     { return "desk" }
func (*DeskNotePage) template() string { return "desk-note" }
