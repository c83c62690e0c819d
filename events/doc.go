// Package events keeps the outreach sessions, the stations they belong to and
// the calendar they are shown on.
//
// # Words
//
//   - 场次 [Session]: one outreach event at one time and place, such as a lecture
//     on a building site or a desk at a job fair. Its number ([Session.No],
//     SF-2026-00012) is its address and never changes; its UID is what calendars
//     on telephones know it by.
//
//   - 类型 [Type]: 送法进企业, 法律进工地, 法律进乡村, 招聘会普法, 法律进社区, 法律进学校.
//
//   - 状态 [State]: how far the people responsible have brought it. What the clock
//     decides alone (未开始, 进行中, 已结束, 已满) is not stored: [Session.Status].
//
//   - 站点 [Station]: 中心, 镇街工作站, 部门工作站 and 联络点.
//
//   - 镇街 [Town]: named by a code in addresses, by its name to people.
//
//   - 休, 班 [Calendar]: days off and days made up for, after the yearly notice of
//     the State Council; working days are counted on it.
//
//   - 申请 [Request]: what an organizer (组织单位, [Unit]) asks for. A draft is the
//     organizer's alone; handed in, it is a session with a number.
//
//   - 愿望, 暂留, 已定 [Booking]: a venue or person wished for (may overlap), held
//     for some days, or firm. What is exclusive is never held or firm twice.
//
//   - 系列 [Series]: a rule with a template; its occurrences are sessions of their
//     own.
//
// # How a session walks
//
// Every allowed step is a row of one table in state.go, with who may take it;
// anything else is a Conflict that names the current state. The steps are use
// cases: [Store.StartRequest], [Store.SubmitRequest], [Store.Take],
// [Store.Decide], [Store.Schedule], [Store.PublishSession], [Store.MoveSession],
// [Store.PostponeSession], [Store.CancelSession], [Store.MarkHeld],
// [Store.MarkNotHeld]; [Store.Tick] is the clock's. A session of the bureau's own
// begins with [Store.CreateSession] and may be published at once.
//
// A check either blocks or warns; what warns wants a reason (override), which
// goes into the audit. What a step would be told is shown before it is taken:
// [Store.Work], [Store.Conflicts], [Request.Missing]. A year without a holiday
// notice warns of nothing and blocks nothing.
//
// changeIn (plan.go) is the one way a session changes: it locks the row, wants
// the version that was read ([Stale] otherwise), keeps the old time and place of
// a published session in its history and raises the sequence number that
// calendars follow. Then effects (effects.go) does what follows from the change:
// bookings, people, sign-ups, materials, messages. All of it, with audit and
// journal, is one transaction. A new thing that a session can hold gets its
// function in effects.go, and no step can forget it.
//
// Bookings are made by book (booking.go), under a lock on the resource; on
// PostgreSQL an exclusion constraint stands behind it. From acceptance on a
// session has its venue firmly, at whatever time it has.
//
// # How people sign up
//
// [Store.SignUp] takes places or a number in the queue. The session's row holds
// the counters; every transaction that touches them locks it first, and pure
// functions over the counters (signup_decide.go) say who gets what: while somebody
// waits nobody is seated, and who cancels promotes the first of the queue in the
// same transaction. A [Pool] keeps some of the places for a group until it falls
// (pool.go): a sign-up knows the code it came with and the pool that seated it,
// and [Store.Tick] gives what is left to the queue. Those who ask for one session
// while a transaction runs gather and go together into the next (signup_line.go).
// What became of a sign-up is a row of registration_event for ever. Names and
// phones are sealed; phones are equal by their blind value only;
// [Store.WipeRegistrations] ends even that.
// Sign-ups touch neither a session's version nor the journal.
//
// # Who serves
//
// A [Person] (律师, 志愿者, 工作人员) is asked to a session ([Store.Invite]), and
// answers by a personal link or on the telephone. An [Assignment] walks the table
// in assign.go; a yes books the person, the way to the next place included, so
// that of two overlapping sessions one gets a Conflict. A move asks again, except
// those who had agreed to that very time and place (the column agreed); a
// substitute takes over with a yes, and until then the first one stays. What a
// change of the session does to its people is staffEffect (assign_effects.go).
// [Store.Suggest] ranks who could be asked; who cannot come stands last with the
// reason. The tally is a row a tap ([Store.Tap]), hours are proposed with the
// outcome and approved with it, unless the person disputes them.
//
// The personal link is the only key to /my/: derived by the vault from the row
// and a number, found by its blind value, revoked by the next number. Messages
// hold ownPage and get the link when they are sent. Neither names nor links are
// in the audit, which knows people by row.
//
// # The day itself
//
// A desk ([Store.OpenDesk]) is a link and a PIN for whoever stands on site, until
// 48 hours after the end. What happens there is a [Scan] with a UUID of the
// device; [Store.CheckIn] takes them in any order, as often as they come, and
// never changes a row: undoing is a row too. Who was present is worked out from
// all rows ([Presence]): a person two devices saw came once, at the earlier time.
// Walk-ins are attendance, never sign-ups. What a device takes along to work
// without network ([Manifest]) opens only with the person's own QR code, or the
// list with the PIN; docs/checkin.md has the format and what it guards against.
//
// Brochures have a book of their own, package stock: a session asks, reserves,
// is issued and settles ([Store.AskMaterials], [Store.IssueMaterials]), and
// effects gives back what a cancelled one had put aside.
//
// # Outcome and figures
//
// A report has two parts by two authors, the host's and the lead lawyer's
// ([Part]). A [ReportForm] is kept as it is typed: [Store.SaveReport] refuses
// nothing, [Store.SubmitReport] judges ([ReportForm.Problems]), and with both in
// the session is reported. [Store.VerifyReport] wants somebody who typed in
// neither; it settles the brochures, writes the facts and fills what readers see,
// in one transaction. A correction later ([Store.AmendReport]) is a version of its
// own that again somebody else approves. Facts live in package figures, whose
// manual says what becomes of them once a period is frozen; stations, printed
// brochures and first publications are attached to it and counted where they are.
// Pictures are private until approved, and a signed list for ever.
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
