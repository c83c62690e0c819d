package themes

import "html/template"

// ApprovePage is /approve/{token}: a leader decides on a text, on the telephone,
// without an account. Three faces: the code, the text with the decision, and
// what was decided. It needs no script.
type ApprovePage struct {
	Shell
	Action   string // where the forms go
	Name     string // who is asked
	Stage    string // 终审
	Question string // what the person answers for
	AskCode  bool
	Password bool // the account's own password is asked, not a code
	Problem  FieldProblem
	Done     string // what was decided; then there is nothing else

	Kind, Column, Edition string // of the text, in words
	Sender                string // who asks
	Until                 string
	Since                 string // what the changes are against
	Changes               []ApproveChange
	Text                  string // title
	Answer                string
	Body                  template.HTML // sanitised, with root-relative links
	Sources               []string
	Note                  string // what readers will be told of the change
	Findings              []string
	Marks                 []string // open remarks of other reviewers
	Reasons               []Option
	Remark                string // typed
}

// ApproveChange is one field that has changed, in pieces.
type ApproveChange struct {
	Label string
	Runs  []ApproveRun
}

// ApproveRun is a piece of it: Side is "", "new" or "old".
type ApproveRun struct{ Side, Text string }

func (*ApprovePage) template() string { return "approve" }
