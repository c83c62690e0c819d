package site

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/search"
	"github.com/songfa/songfa/themes"
)

// apiSessionItem is an outreach session.
type apiSessionItem struct {
	No        string      `json:"no"`
	UID       string      `json:"uid"`
	URL       string      `json:"url"`
	Title     string      `json:"title"`
	Summary   string      `json:"summary,omitempty"`
	Type      string      `json:"type"`
	TypeName  string      `json:"type_name"`
	Status    string      `json:"status"`
	Starts    string      `json:"starts"`
	Ends      string      `json:"ends"`
	Town      string      `json:"town,omitempty"`
	TownName  string      `json:"town_name,omitempty"`
	Venue     string      `json:"venue,omitempty"`
	Address   string      `json:"address,omitempty"`
	Organizer string      `json:"organizer,omitempty"`
	Lawyers   string      `json:"lawyers,omitempty"`
	Phone     string      `json:"phone,omitempty"`
	Reason    string      `json:"reason,omitempty"`
	Capacity  int         `json:"capacity,omitempty"`
	Free      *int        `json:"free,omitempty"`
	Waiting   int         `json:"waiting,omitempty"`
	SignUp    string      `json:"signup"`
	SignUpURL string      `json:"signup_url,omitempty"`
	Audience  []string    `json:"audience,omitempty"`
	Outcome   *apiOutcome `json:"outcome,omitempty"`
}

type apiOutcome struct {
	Attendance    int `json:"attendance"`
	Brochures     int `json:"brochures"`
	Consultations int `json:"consultations"`
	Documents     int `json:"documents"`
}

func (s *Site) apiSessionItem(e *events.Session) apiSessionItem {
	out := apiSessionItem{No: e.No, UID: e.UID, URL: s.srv.URL(sessionPath(e.No)), Title: e.Title, Summary: e.Summary,
		Type: string(e.Type), TypeName: e.Type.Label(), Status: string(e.Status(s.cfg.Now())),
		Starts: jsonTime(e.Starts), Ends: jsonTime(e.Ends), Town: e.Town, TownName: e.TownName, Venue: e.Venue, Address: e.Address,
		Organizer: e.Organizer, Lawyers: e.Lawyers, Phone: e.ContactPhone, Reason: e.Reason, Capacity: e.Capacity}
	if free, counted := e.Free(s.cfg.Now()); counted {
		out.Free = &free
	}
	phase := e.SignUpPhase(s.cfg.Now())
	out.Waiting, out.SignUp, out.Audience = e.Waiting, string(phase), e.Audience
	if phase == events.SignUpOpen || phase == events.SignUpQueue {
		out.SignUpURL = s.srv.URL(signUpPath(e.No))
	}
	if o := e.PublicOutcome(); o != nil {
		out.Outcome = &apiOutcome{o.Attendance, o.Brochures, o.Consultations, o.Documents}
	}
	return out
}

// apiSessions answers /api/v1/sessions?town=&type=&audience=&lawyer=&past=&page=: what is coming,
// or what has been.
func (s *Site) apiSessions(ctx context.Context, c *fiber.Ctx) error {
	towns, err := s.cfg.Events.Towns(ctx)
	if err != nil {
		return err
	}
	q, err := s.eventQuery(c, towns)
	if err != nil {
		return err
	}
	part, err := s.sessionsOf(ctx, q)
	if err != nil {
		return err
	}
	out := apiList[apiSessionItem]{Items: []apiSessionItem{}, Total: part.total, Page: q.page, Pages: part.pages}
	for i := range part.items {
		out.Items = append(out.Items, s.apiSessionItem(&part.items[i]))
	}
	cacheableFresh(c, !q.past, "town", "type", "audience", "lawyer", "past", "page")
	return c.JSON(out)
}

// apiSession answers /api/v1/sessions/{no}.
func (s *Site) apiSession(ctx context.Context, c *fiber.Ctx) error {
	e, err := s.cfg.Events.Session(ctx, c.Params("no"))
	if err != nil {
		return err
	}
	cacheableFresh(c, true)
	return c.JSON(s.apiSessionItem(&e))
}

type apiStation struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Tier     string `json:"tier"`
	TierName string `json:"tier_name"`
	Parent   string `json:"parent,omitempty"`
	Town     string `json:"town,omitempty"`
	TownName string `json:"town_name,omitempty"`
	Address  string `json:"address"`
	Phone    string `json:"phone,omitempty"`
	Hours    string `json:"hours,omitempty"`
	Bus      string `json:"bus,omitempty"`
	Note     string `json:"note,omitempty"`
}

// apiStations answers /api/v1/stations?town=.
func (s *Site) apiStations(ctx context.Context, c *fiber.Ctx) error {
	towns, err := s.cfg.Events.Towns(ctx)
	if err != nil {
		return err
	}
	town, err := chosenTown(towns, c.Query("town"))
	if err != nil {
		return err
	}
	all, err := s.cfg.Events.Stations(ctx, events.StationFilter{Town: town.Code})
	if err != nil {
		return err
	}
	out := make([]apiStation, len(all))
	for i, st := range all {
		out[i] = apiStation{Code: st.Code, Name: st.Name, Tier: string(st.Tier), TierName: st.Tier.Label(), Parent: st.Parent,
			Town: st.Town, TownName: st.TownName, Address: st.Address, Phone: st.Phone, Hours: st.Hours, Bus: st.Bus, Note: st.Note}
	}
	cacheable(c, "town")
	return c.JSON(map[string]any{"items": out})
}

// apiHit is something found.
type apiHit struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	URL     string `json:"url"`
	Title   string `json:"title"`
	Snippet string `json:"snippet"`
}

// apiSearch answers /api/v1/search?q=&kind=&topic=&page=.
func (s *Site) apiSearch(ctx context.Context, c *fiber.Ctx) error {
	topics, err := s.cfg.Content.Topics(ctx)
	if err != nil {
		return err
	}
	q, err := searchQuery(c, topics)
	if err != nil {
		return err
	}
	found, err := s.cfg.Search.Search(ctx, q)
	if err != nil {
		return err
	}
	out := struct {
		apiList[apiHit]
		Exact *apiHit `json:"exact,omitempty"`
	}{apiList: apiList[apiHit]{Items: []apiHit{}, Total: found.Total, Page: q.Page, Pages: max(1, (found.Total+q.Size-1)/q.Size)}}
	for _, h := range found.Hits {
		out.Items = append(out.Items, s.apiHit(h))
	}
	if found.Exact != nil {
		hit := s.apiHit(*found.Exact)
		out.Exact = &hit
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.JSON(out)
}

func (s *Site) apiHit(h search.Hit) apiHit {
	return apiHit{Kind: h.Kind, ID: h.ID, URL: s.srv.URL(h.Path), Title: plain(spans(h.Title)), Snippet: plain(spans(h.Snippet))}
}

// plain is a line without marks.
func plain(line []themes.Span) string {
	var b strings.Builder
	for _, sp := range line {
		b.WriteString(sp.Text)
	}
	return b.String()
}
