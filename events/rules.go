package events

import "time"

// Rules are the bureau's own numbers. The zero of each is its default; days are
// working days of [Calendar] unless said otherwise.
type Rules struct {
	LeadDays      int  // a request should come so many days ahead; 5
	ReviewDays    int  // an answer is due so many days after a request was taken; 3
	HoldDays      int  // a venue is held so long while a request is under review; 5
	ReportDays    int  // the outcome is due so many days after the session; 3
	ArchiveDays   int  // calendar days from verified to archived; 30
	DraftDays     int  // calendar days an organizer's draft is kept; 30
	BufferMinutes int  // a person needs between two places; 30
	SettleMinutes int  // a move is told only after so long without another; 10
	IdentityDays  int  // calendar days after the session until names and numbers of sign-ups are wiped; 180
	CancelledDays int  // the same for those who cancelled; 30
	ContactDays   int  // calendar days after the session until the host's contact is wiped; 365
	PhoneDaily    int  // live sign-ups of one phone a day; 2
	AddressHourly int  // sign-ups from one address an hour; 20
	QueueCap      int  // entries that may wait for places of a new session; 20
	TwoPerson     bool // who publishes is not who wrote
}

func (r Rules) orDefaults() Rules {
	for _, f := range []struct {
		n        *int
		standard int
	}{
		{&r.LeadDays, 5}, {&r.ReviewDays, 3}, {&r.HoldDays, 5}, {&r.ReportDays, 3}, {&r.ArchiveDays, 30}, {&r.DraftDays, 30},
		{&r.BufferMinutes, 30}, {&r.SettleMinutes, 10}, {&r.IdentityDays, 180}, {&r.CancelledDays, 30}, {&r.ContactDays, 365},
		{&r.PhoneDaily, 2}, {&r.AddressHourly, 20}, {&r.QueueCap, 20},
	} {
		if *f.n == 0 {
			*f.n = f.standard
		}
	}
	return r
}

func (r Rules) settle() time.Duration { return time.Duration(r.SettleMinutes) * time.Minute }

func (r Rules) buffer() time.Duration { return time.Duration(r.BufferMinutes) * time.Minute }
