// Package events keeps the outreach sessions, the stations they belong to and
// the calendar they are shown on.
//
// # Words
//
//   - 场次 [Session]: one outreach event at one time and place, such as a lecture
//     on a building site or a desk at a job fair. Its number ([Session.No],
//     SF-2026-00012) is its address and never changes; its UID is what calendars
//     on telephones know it by.
//   - 类型 [Type]: 送法进企业, 法律进工地, 法律进乡村, 招聘会普法, 法律进社区, 法律进学校.
//   - 状态 [State]: how far the people responsible have brought it. What the clock
//     decides alone (未开始, 进行中, 已结束, 已满) is not stored: [Session.Status].
//   - 站点 [Station]: 中心, 镇街工作站, 部门工作站 and 联络点.
//   - 镇街 [Town]: named by a code in addresses, by its name to people.
//   - 休, 班 [Calendar]: days off and days made up for, after the yearly notice of
//     the State Council; working days are counted on it.
//
// # How a session moves
//
// [Store.CreateSession] makes a draft, [Store.PublishSession] shows it, and
// [Store.SaveSession] changes it. Saving carries the version that was read; a
// stale one is a Conflict. A change of time or place after publication keeps the
// old values in the history and raises the sequence number, so that subscribed
// calendars follow. [Store.PostponeSession], [Store.CancelSession] and
// [Store.MarkNotHeld] need a reason the public reads; [Store.MarkHeld] ends it.
// Every allowed step is a row of one table in state.go; anything else is a
// Conflict that names the current state. Each step is one transaction with its
// audit and journal rows.
//
// The states are complete. The steps of the organizer's walk are not there yet:
// draft and returned → submitted, submitted → in_review, in_review → returned,
// rejected or accepted, accepted → scheduled, scheduled → published, postponed or
// cancelled, draft … accepted → withdrawn by the organizer, reported →
// report_returned and back. Until then draft → published is the coordinator's
// own way, and only [Store.ImportTree] reports an outcome.
//
// # How people sign up
//
// [Store.SignUp] takes places or a number in the queue. The session's row holds
// the counters; every transaction that touches them locks it first, and pure
// functions over the counters (signup_decide.go) say who gets what: while somebody
// waits nobody is seated, and who cancels promotes the first of the queue in the
// same transaction. Those who ask for one session while a transaction runs gather
// and go together into the next (signup_line.go). What became of a sign-up is a
// row of registration_event for ever. Names and phones are sealed; phones are
// equal by their blind value only; [Store.WipeRegistrations] ends even that.
// Sign-ups touch neither a session's version nor the journal.
//
// # In and out
//
// stations.csv and sessions.csv are read by [Store.ImportTree] and written by
// [Store.ExportTree]. Reading the same file twice changes nothing, and never
// overwrites what a person has changed since. Calendars read [Store.SessionICS]
// and [Store.FeedICS], whose bytes stay the same until a session changes.
//
// All dates and times of day are those of [Zone].
package events
