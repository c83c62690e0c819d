package events

import (
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

var stationColumnNames = []string{"code", "tier", "parent", "name", "town", "address", "phone", "hours", "bus", "note",
	"valid_from", "valid_to", "version"}

// stationLine is a row of stations.csv that can be saved as far as it alone
// tells.
type stationLine struct {
	line    int
	hash    string
	read    int // version it was exported with, 0 if it does not say
	town    string
	station Station // Town is set once the town's code is known
}

// parseStations reads the rows; towns are names still.
func parseStations(name string, r io.Reader) ([]stationLine, []Problem, error) {
	t, err := readTable(name, r, stationColumnNames, []string{"code", "tier", "name", "address"})
	if err != nil {
		return nil, nil, err
	}
	var lines []stationLine
	seen := make(map[string]int)
	for _, row := range t.rows {
		c := row.cells
		l := stationLine{line: row.line, hash: row.hash(), town: oneLine(c["town"]), station: Station{
			Code: c["code"], Tier: Tier(c["tier"]), Parent: c["parent"], Name: c["name"], Address: c["address"], Phone: c["phone"],
			Hours: c["hours"], Bus: c["bus"], Note: c["note"], ValidFrom: c["valid_from"], ValidTo: c["valid_to"]}}
		ps := l.station.problems()
		ps.text("town", "镇街", l.town, 0, 20)
		l.read = ps.version(c["version"])
		if first := seen[l.station.Code]; first > 0 {
			ps.add("code", "编号“%s”和第 %d 行重复。", l.station.Code, first)
		} else {
			seen[l.station.Code] = row.line
		}
		if t.reject(row.line, ps) {
			continue
		}
		lines = append(lines, l)
	}
	return lines, t.problems, nil
}

// reject keeps the problems of a row, if there are any.
func (t *table) reject(line int, ps problems) bool {
	for _, p := range ps {
		t.problem(line, p.Field, "%s", p.Message)
	}
	return len(ps) > 0
}

// version reads the version a row was exported with.
func (ps *problems) version(cell string) int {
	n, err := strconv.Atoi(cell)
	if cell != "" && (err != nil || n < 1) {
		ps.add("version", "版本号请勿改动；不确定时请留空。")
	}
	return n
}

// ImportStations reads stations.csv: code, tier, parent, name, town, address,
// phone, hours, bus, note, valid_from, valid_to. Towns that are new are added in
// the order of their own stations.
func (s *Store) ImportStations(ctx context.Context, actor auth.Actor, r io.Reader) (report Report, err error) {
	defer errs.Wrap(&err, "import %s", StationsFile)
	if err := actor.Must(auth.Sessions); err != nil {
		return report, err
	}
	lines, problems, err := parseStations(StationsFile, r)
	if err != nil {
		return report, err
	}
	report.Problems = problems
	towns, err := s.ensureTowns(ctx, actor, townNames(lines))
	if err != nil {
		return report, err
	}
	// Parents first, so that a child of a row that is refused is refused as well.
	slices.SortStableFunc(lines, func(a, b stationLine) int { return a.station.Tier.rank() - b.station.Tier.rank() })
	err = inBatches(ctx, s, lines, &report, func(ctx context.Context, tx *db.Tx, l stationLine, report *Report) error {
		l.station.Town = towns[l.town]
		return reject(report, StationsFile, l.line, s.importStation(ctx, tx, actor, l, report))
	})
	sortProblems(report.Problems)
	return report, err
}

func (s *Store) importStation(ctx context.Context, tx *db.Tx, actor auth.Actor, l stationLine, report *Report) error {
	if err := checkStation(ctx, tx, l.station); err != nil {
		return err
	}
	var old stationRow
	err := db.Get(ctx, tx, &old, `SELECT `+stationColumns+stationTables+`WHERE p.code = $1`, l.station.Code)
	if errs.Is(err, errs.NotFound) {
		report.Created++
		return s.putStation(ctx, tx, actor, l.station, l.hash)
	}
	if err != nil {
		return err
	}
	next := l.station
	next.ID, next.Version, next.TownName = old.ID, old.Version, old.TownName
	switch judge(l.hash, old.ImportHash, old.ImportVersion, old.Version, l.read, next == old.Station) {
	case unchanged:
		report.Unchanged++
		return nil
	case touched:
		return errs.Bad("code", touchedMessage)
	}
	report.Updated++
	return s.putStation(ctx, tx, actor, next, l.hash)
}

// townNames are the towns in the order that lists show: first those with a
// station of their own.
func townNames(lines []stationLine) []string {
	var names []string
	for _, own := range []bool{true, false} {
		for _, l := range lines {
			if l.town != "" && (l.station.Tier == TownTier) == own && !slices.Contains(names, l.town) {
				names = append(names, l.town)
			}
		}
	}
	return names
}

// ensureTowns finds or adds the towns and maps their names to codes.
func (s *Store) ensureTowns(ctx context.Context, actor auth.Actor, names []string) (map[string]string, error) {
	codes, err := s.townCodes(ctx)
	if err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(names, func(n string) bool { return codes[n] != "" })
	if len(missing) == 0 {
		return codes, nil
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, name := range missing {
			code, err := s.ensureTown(ctx, tx, actor, name)
			if err != nil {
				return err
			}
			codes[name] = code
		}
		return nil
	})
	return codes, err
}

// townCodes maps the names of the towns to their codes.
func (s *Store) townCodes(ctx context.Context) (map[string]string, error) {
	towns, err := s.Towns(ctx)
	codes := make(map[string]string, len(towns))
	for _, t := range towns {
		codes[t.Name] = t.Code
	}
	return codes, err
}
