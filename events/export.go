package events

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// ExportTree writes calendar.csv, stations.csv and sessions.csv; create opens
// each for writing. Imported into an empty installation they give the same
// stations and sessions at the same addresses.
func (s *Store) ExportTree(ctx context.Context, create func(name string) (io.WriteCloser, error)) (err error) {
	defer errs.Wrap(&err, "export sessions and stations")
	for _, file := range []struct {
		name  string
		write func(context.Context, io.Writer) error
	}{{CalendarFile, s.ExportCalendar}, {StationsFile, s.ExportStations}, {SessionsFile, s.ExportSessions}} {
		var b bytes.Buffer
		if err := file.write(ctx, &b); err != nil {
			return err
		}
		w, err := create(file.name)
		if err != nil {
			return err
		}
		if _, err := b.WriteTo(w); err != nil {
			w.Close()
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	return nil
}

// ExportStations writes stations.csv with all stations, closed ones too.
func (s *Store) ExportStations(ctx context.Context, w io.Writer) (err error) {
	defer errs.Wrap(&err, "export %s", StationsFile)
	stations, err := s.Stations(ctx, StationFilter{Closed: true})
	if err != nil {
		return err
	}
	return writeTable(w, stationColumnNames, func(write func(map[string]string) error) error {
		for _, st := range stations {
			err := write(map[string]string{"code": st.Code, "tier": string(st.Tier), "parent": st.Parent, "name": st.Name,
				"town": st.TownName, "address": st.Address, "phone": st.Phone, "hours": st.Hours, "bus": st.Bus, "note": st.Note,
				"valid_from": st.ValidFrom, "valid_to": st.ValidTo, "version": strconv.Itoa(st.Version)})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// historyEntry is a move in the history cell of sessions.csv.
type historyEntry struct {
	Seq     int       `json:"seq"`
	Starts  time.Time `json:"start"`
	Ends    time.Time `json:"end"`
	Venue   string    `json:"venue"`
	Address string    `json:"address"`
	Moved   time.Time `json:"moved"`
}

// ExportSessions writes sessions.csv with the drafts and all public sessions,
// oldest first.
func (s *Store) ExportSessions(ctx context.Context, w io.Writer) (err error) {
	defer errs.Wrap(&err, "export %s", SessionsFile)
	return writeTable(w, sessionColumnNames, func(write func(map[string]string) error) error {
		for after := ""; ; {
			records, err := s.recordsAfter(ctx, after, batch)
			if err != nil {
				return err
			}
			for _, r := range records {
				if r.Moves > 0 {
					if r.History, err = s.history(ctx, r.ID); err != nil {
						return err
					}
				}
				if err := write(r.cells()); err != nil {
					return err
				}
				after = r.ID
			}
			if len(records) < batch {
				return nil
			}
		}
	})
}

func (s *Store) recordsAfter(ctx context.Context, after string, limit int) ([]record, error) {
	var rows []sessionRow
	where, args := Filter{States: append(publicStates(), Draft)}.where()
	args = append(args, after, limit)
	n := len(args)
	err := db.Select(ctx, s.db.Reader(), &rows, `SELECT `+sessionColumns+sessionTables+where+" AND s.id > "+db.Placeholder(n-1)+
		" ORDER BY s.id LIMIT "+db.Placeholder(n), args...)
	if err != nil {
		return nil, err
	}
	records := make([]record, len(rows))
	for i := range rows {
		if records[i], err = rows[i].record(); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// cells is the row of sessions.csv.
func (r record) cells() map[string]string {
	c := map[string]string{"key": r.importKey, "type": string(r.Type), "title": r.Title, "summary": r.Summary,
		"town": r.TownName, "station": r.Station, "venue": r.Venue, "address": r.Address,
		"organizer": r.Organizer, "lawyers": r.Lawyers, "audience": strings.Join(r.Audience, "、"), "state": string(r.State),
		"contact_phone": r.ContactPhone, "cancel_reason": r.Reason,
		"no": r.No, "uid": r.UID, "sequence": strconv.Itoa(r.Seq), "version": strconv.Itoa(r.Version)}
	c["date"], c["start"], c["end"] = clockCells(r.Starts, r.Ends)
	if r.importKey == "" {
		c["key"] = r.No
	}
	if r.Capacity > 0 {
		c["capacity"] = strconv.Itoa(r.Capacity)
	}
	if !r.FirstPublished.IsZero() {
		c["published"] = r.FirstPublished.In(Zone).Format(time.RFC3339Nano)
	}
	if o := r.Outcome; o != nil {
		c["outcome_attendance"], c["outcome_brochures"] = strconv.Itoa(o.Attendance), strconv.Itoa(o.Brochures)
		c["outcome_consultations"], c["outcome_documents"] = strconv.Itoa(o.Consultations), strconv.Itoa(o.Documents)
	}
	if len(r.History) > 0 {
		c["history"] = historyCell(r.History)
	}
	return c
}

func historyCell(moves []Move) string {
	entries := make([]historyEntry, len(moves))
	for i, m := range moves {
		entries[i] = historyEntry{Seq: m.Seq, Starts: m.Starts, Ends: m.Ends, Venue: m.Venue, Address: m.Address, Moved: m.MovedAt}
	}
	b, err := json.Marshal(entries)
	if err != nil {
		return "" // plain fields and database times always encode
	}
	return string(b)
}
