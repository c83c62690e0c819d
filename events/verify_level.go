package events

// VerifyLevel is how surely the phone of somebody who signs up must be theirs,
// before a place is given. The level of a sign-up itself says what was done.
type VerifyLevel int

// The levels. SMS and WeChat need a gateway that is not there yet: until then
// staff ring people, as with VerifyStaff.
const (
	VerifyNone   VerifyLevel = iota // format, proof of work and limits
	VerifyStaff                     // staff rang, or saw the person
	VerifySMS                       // a code by SMS
	VerifyWeChat                    // an account of WeChat
)

// VerifyLevels lists them for forms.
func VerifyLevels() []VerifyLevel {
	return []VerifyLevel{VerifyNone, VerifyStaff, VerifySMS, VerifyWeChat}
}

// Label says in a form what people have to do.
func (l VerifyLevel) Label() string {
	switch l {
	case VerifyNone:
		return "不用核实，网上填好就算报上"
	case VerifyStaff:
		return "工作人员核实：网上不收，打电话或者到窗口报"
	case VerifySMS:
		return "短信验证码（短信没接通以前，照工作人员核实办）"
	case VerifyWeChat:
		return "微信核实（微信没接通以前，照工作人员核实办）"
	}
	return ""
}

// Valid reports whether it is one of the levels.
func (l VerifyLevel) Valid() bool { return VerifyNone <= l && l <= VerifyWeChat }
