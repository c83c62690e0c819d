package events

import "time"

// RegistrationState is what has become of a sign-up. Attendance is not part of
// it: who came is what check-in says.
type RegistrationState string

// The states. A sign-up is live while it is confirmed or waiting.
const (
	RegConfirmed        RegistrationState = "confirmed"         // has its places
	RegWaiting          RegistrationState = "waiting"           // stands in the queue
	RegCancelledByUser  RegistrationState = "cancelled_by_user" // 来不了
	RegCancelledByStaff RegistrationState = "cancelled_by_staff"
	RegExpired          RegistrationState = "expired"           // still waiting when the session was over
	RegSessionCancelled RegistrationState = "session_cancelled" // the session fell out
)

// Label is the Chinese name.
func (s RegistrationState) Label() string {
	switch s {
	case RegConfirmed:
		return "已报名"
	case RegWaiting:
		return "候补中"
	case RegCancelledByUser:
		return "已取消"
	case RegCancelledByStaff:
		return "已由工作人员取消"
	case RegExpired:
		return "候补已结束"
	case RegSessionCancelled:
		return "场次已取消"
	}
	return string(s)
}

// Live reports that places are held or waited for.
func (s RegistrationState) Live() bool { return s == RegConfirmed || s == RegWaiting }

// Registration is one sign-up: one person who answers for a party.
type Registration struct {
	ID       string
	Session  string // id
	Party    int    // people
	State    RegistrationState
	Position int    // place in the queue while waiting, 1 is next
	Pool     string // code of the pool it came with, "" none

	Name  string // masked (张*) unless the owner or Reveal asked; "" once wiped
	Phone string // E.164, masked (138****5678) as Name; "" for people without

	// Code and QR are only set in answers to the owner: the ten characters to keep,
	// and the token of the desk's link.
	Code string
	QR   string

	Town        string
	WorkerKind  string
	Question    string // only for the owner, staff who revealed, and the lawyer's list
	Access      string
	Origin      Origin
	VerifyLevel VerifyLevel // what was done
	Created     time.Time
	Wiped       bool // identity deleted after the retention period
}
