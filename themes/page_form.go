package themes

// FormField is one question of a form, with what was answered and what is wrong
// with the answer. partials/field.html shows it; its id is "f-", Name and Row.
type FormField struct {
	Name     string
	Row      string // sets ids apart where a name comes several times: -0
	Label    string
	Hint     string
	Kind     FieldKind
	Value    string
	Options  []Option // of Choice, Picks and Ticks
	Error    string   // a sentence; "" when nothing is wrong
	Complete string   // autocomplete token: tel, name, organization; "" for off
	Max      int      // characters; 0 for no limit
	Unit     string   // stands behind a number: 人, 份
	Width    string   // s, m or l; "" is m
	Must     bool     // said beside the label where it is not so
}

// FieldKind is how a question is asked.
type FieldKind string

// The kinds. On phones each brings the keyboard that fits it.
const (
	TextField  FieldKind = ""       // a line
	AreaField  FieldKind = "area"   // several lines
	PhoneField FieldKind = "tel"    // digits, however they are written
	CountField FieldKind = "number" // a whole number, as text: 全角 digits are understood too
	DateField  FieldKind = "date"
	TimeField  FieldKind = "time"
	Choice     FieldKind = "select"
	Picks      FieldKind = "radio" // one of a few
	Ticks      FieldKind = "check" // any of a few
	Tick       FieldKind = "tick"  // yes, or not said: Label stands beside the box, Value is "1" when ticked
)

// ID is what labels and error lists point at.
func (f FormField) ID() string { return "f-" + f.Name + f.Row }

// Describes names what explains the field, for aria-describedby.
func (f FormField) Describes() string {
	switch {
	case f.Hint != "" && f.Error != "":
		return f.ID() + "-h " + f.ID() + "-e"
	case f.Hint != "":
		return f.ID() + "-h"
	case f.Error != "":
		return f.ID() + "-e"
	}
	return ""
}

// Fieldset reports that it is several inputs under one question.
func (f FormField) Fieldset() bool { return f.Kind == Picks || f.Kind == Ticks }

// Hidden is a value that travels with a form.
type Hidden struct{ Name, Value string }

// FormGroup is a part of a form: several questions that belong together, or,
// without Legend, questions each on its own.
type FormGroup struct {
	Legend string
	Hint   string
	Row    bool // beside each other where there is room
	Fold   bool // closed until somebody asks for it; never with answers or errors in it
	Hidden []Hidden
	Fields []FormField
}

// FieldProblem is an entry of the list above a form that was not accepted; it
// leads to the field.
type FieldProblem struct {
	Field string // id of the field; "" for the whole form
	Text  string
}
