// Package stock keeps the book of brochures and other printed matter: what was
// printed, where it lies, which session it was reserved for, and how much of
// each title reached people.
//
// # Words
//
//   - 资料 [Material]: one title in one edition. Its numbers count its own unit,
//     册 or 份, and never add up with those of another unit.
//   - 地点 [Place]: where copies lie. The warehouse and the service points are
//     real rooms; [Hold] is the pile in the warehouse that is promised to a
//     session, [AtSession] what has left for it. [Public] is everybody who was
//     given a copy, [Waste] what was spoiled, [Outside] the printer's.
//   - 台账 [Move]: one row of the book. It takes from one place what it gives to
//     another, so nothing appears or vanishes but by a row that says so.
//   - 单据 [Slip]: the moves that were made together, with who, when and why.
//     It carries the key of the form, so that a second click moves nothing twice.
//
// # The way of a brochure
//
//	receive   outside   → warehouse        (编印, 入库)
//	reserve   warehouse → hold:SESSION     (预留)   release goes back
//	issue     hold      → session:SESSION  (出库)   return goes back
//	hand_out  session   → public           (发放)
//	spoil     anywhere  → waste            (损耗)
//	adjust    any pair, with a reason      (盘点, 更正)
//
// No place but [Outside] ever holds less than nothing: each move takes from the
// balance row of its place only what is there, under that row's lock, on SQLite
// and PostgreSQL alike. Whoever moves several titles locks them in the order of
// their ids.
//
// What a session does with its copies is settled by totals ([Store.Settle]): the
// report says how many were handed out and spoiled, the rest is returned, and
// settling again with other totals books only the difference.
//
// The methods that concern a session take the session's own transaction, so that
// what the session decides and what the book says are committed together. The
// package knows sessions only by id: events decides what a session may do.
package stock
