// Package figures keeps what a bureau counts: the facts its verified reports
// state, what they mean, and the periods it has closed its books on.
//
// # Words
//
//   - 指标, measure ([Definition]): one thing that is counted, with its unit and
//     its 口径 (what counts, when it counts, who may correct it). Definitions are
//     dated: an old figure is read with the definition of its day.
//   - 事实, [Fact]: one figure of one source, such as 120 人 who came to a session.
//     Facts are superseded by those of a later version, never changed or deleted.
//   - 期初数: a figure carried in from paper years ([Opening]). It names the
//     paper it stands on and is always shown apart.
//   - 封账, [Store.Freeze]: from then on a period says for ever what it said, with
//     a hash and who signed it. What turns out wrong later is a 更正, an
//     adjustment, in the period that is open; it points at the day it corrects.
//   - Attached measures ([Attached]) are counted where they live: stations valid
//     on a day, content first published. The rooms they live in attach them.
//
// # How a figure comes about
//
// The package that verifies a report calls [Store.Write] in its transaction.
// [Store.Pivot] adds facts up by town, type, month, host or category; page,
// chart and spreadsheet are made of one [Table]. [Store.Rows] lists what is under
// any number of it. Sums are read from a table by month that every Write keeps in
// step, so that a year costs a few thousand rows however many people came.
//
// Units never add across: a Table has a total for each measure and none for a row.
//
// The package is a leaf: it knows towns and sessions by their codes and ids only.
package figures
