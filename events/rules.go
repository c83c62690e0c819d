package events

import "time"

// Rules are the bureau's own numbers. The zero of each is its default; days are
// working days of [Calendar] unless said otherwise.
type Rules struct {
	LeadDays      int  `toml:"lead_days"`      // a request should come so many days ahead; 5
	ReviewDays    int  `toml:"review_days"`    // an answer is due so many days after a request was taken; 3
	HoldDays      int  `toml:"hold_days"`      // a venue is held so long while a request is under review; 5
	ReportDays    int  `toml:"report_days"`    // the outcome is due so many days after the session; 3
	ArchiveDays   int  `toml:"archive_days"`   // calendar days from verified to archived; 30
	DraftDays     int  `toml:"draft_days"`     // calendar days an organizer's draft is kept; 30
	BufferMinutes int  `toml:"buffer_minutes"` // a person needs between two places; 30
	SettleMinutes int  `toml:"settle_minutes"` // a move is told only after so long without another; 10
	IdentityDays  int  `toml:"identity_days"`  // calendar days after the session until names and numbers of sign-ups are wiped; 180
	CancelledDays int  `toml:"cancelled_days"` // the same for those who cancelled; 30
	ContactDays   int  `toml:"contact_days"`   // calendar days after the session until the host's contact is wiped; 365
	PhotoDays     int  `toml:"photo_days"`     // calendar days after the session until photos that nobody made public, and signed lists, are deleted; 365
	PhotoYears    int  `toml:"photo_years"`    // a public photo is looked at again after so many years; 3
	PersonDays    int  `toml:"person_days"`    // calendar days after the last day of service until name, telephone and licence are wiped; 1095
	PhoneDaily    int  `toml:"phone_daily"`    // live sign-ups of one phone a day; 2
	AddressHourly int  `toml:"address_hourly"` // sign-ups from one address an hour; 20
	QueueCap      int  `toml:"queue_cap"`      // entries that may wait for places of a new session; 20
	TwoPerson     bool `toml:"-"`              // who publishes is not who wrote
}

// DefaultRules are those of a bureau that has said nothing.
func DefaultRules() Rules { return Rules{}.orDefaults() }

func (r Rules) orDefaults() Rules {
	for _, f := range []struct {
		n        *int
		standard int
	}{
		{&r.LeadDays, 5}, {&r.ReviewDays, 3}, {&r.HoldDays, 5}, {&r.ReportDays, 3}, {&r.ArchiveDays, 30}, {&r.DraftDays, 30},
		{&r.BufferMinutes, 30}, {&r.SettleMinutes, 10}, {&r.IdentityDays, 180}, {&r.CancelledDays, 30}, {&r.ContactDays, 365},
		{&r.PhotoDays, 365}, {&r.PhotoYears, 3}, {&r.PersonDays, 1095},
		{&r.PhoneDaily, 2}, {&r.AddressHourly, 20}, {&r.QueueCap, 20},
	} {
		if *f.n == 0 {
			*f.n = f.standard
		}
	}
	return r
}

// Rules are the bureau's, as configured.
func (s *Store) Rules() Rules { return s.rules }

func (r Rules) settle() time.Duration { return time.Duration(r.SettleMinutes) * time.Minute }

func (r Rules) buffer() time.Duration { return time.Duration(r.BufferMinutes) * time.Minute }
