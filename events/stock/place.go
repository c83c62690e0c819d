package stock

import (
	"regexp"
	"strings"
)

// Place is where copies lie.
type Place string

// The places that are always there.
const (
	Warehouse Place = "warehouse"
	Public    Place = "public"  // whoever was given a copy
	Waste     Place = "waste"   // spoiled, lost, pulped
	Outside   Place = "outside" // the printer's: the one place without a balance
)

// Hold is the pile promised to a session.
func Hold(session string) Place { return Place("hold:" + session) }

// AtSession is what has left for a session and is not yet accounted for.
func AtSession(session string) Place { return Place("session:" + session) }

// Point is the shelf of a service point, by its code.
func Point(code string) Place { return Place("point:" + code) }

var pointShape = regexp.MustCompile(`^point:[A-Za-z0-9][A-Za-z0-9-]{0,19}$`)

// room reports whether the place is a real room that copies are kept in.
func (p Place) room() bool { return p == Warehouse || pointShape.MatchString(string(p)) }

// Label is the Chinese name; a point or session adds its own.
func (p Place) Label() string {
	kind, code, _ := strings.Cut(string(p), ":")
	switch kind {
	case "warehouse":
		return "仓库"
	case "public":
		return "已发放"
	case "waste":
		return "损耗"
	case "outside":
		return "外部"
	case "hold":
		return "预留"
	case "session":
		return "在场次"
	case "point":
		return "站点 " + code
	}
	return string(p)
}

// Action is the kind of a move.
type Action string

// The actions; doc.go shows their ways.
const (
	Receive Action = "receive"
	Reserve Action = "reserve"
	Release Action = "release"
	Issue   Action = "issue"
	Return  Action = "return"
	HandOut Action = "hand_out"
	Spoil   Action = "spoil"
	Adjust  Action = "adjust"
	Settle  Action = "settle" // of a slip only: hand-outs, spoils and returns of one report
)

// Label is the Chinese name.
func (a Action) Label() string {
	switch a {
	case Receive:
		return "入库"
	case Reserve:
		return "预留"
	case Release:
		return "取消预留"
	case Issue:
		return "出库"
	case Return:
		return "归还"
	case HandOut:
		return "发放"
	case Spoil:
		return "损耗"
	case Adjust:
		return "调整"
	case Settle:
		return "结清"
	}
	return string(a)
}
