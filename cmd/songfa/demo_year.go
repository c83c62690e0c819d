package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// fate is how far a session of the demo goes.
type fate int

const (
	toVerified fate = iota
	toReported
	toReturnedReport
	toHeld
	toNotHeld
	toCancelled
	toPostponed
	toPublished
	toScheduled
	toAccepted
	toReview
	toSubmitted
	toReturned
	toRejected
	toWithdrawn
	toDraft
)

// year plays the sessions of the last eleven months, and those that are to come.
func (d *demo) year() error {
	towns, err := d.events.Towns(d.ctx)
	if err != nil {
		return err
	}
	d.towns = map[string]string{}
	for _, t := range towns {
		d.towns[t.Name] = t.Code
	}
	for days := -330; days < -14; days += 3 + d.random.IntN(3) {
		fate := toVerified
		switch n := d.random.IntN(40); n {
		case 0:
			fate = toCancelled
		case 1:
			fate = toNotHeld
		}
		if err := d.session(days, fate); err != nil {
			return err
		}
	}
	for _, now := range []struct {
		days int
		fate fate
	}{
		{-12, toReported}, {-11, toReported}, {-9, toReturnedReport}, {-8, toVerified}, {-6, toHeld}, {-5, toReported}, {-3, toHeld}, {-2, toHeld},
		{2, toPublished}, {4, toPublished}, {5, toPostponed}, {6, toPublished}, {8, toPublished}, {9, toCancelled}, {10, toPublished}, {12, toScheduled},
		{13, toPublished}, {15, toScheduled}, {16, toAccepted}, {18, toAccepted}, {19, toReview}, {20, toReview}, {21, toReturned}, {22, toSubmitted},
		{23, toSubmitted}, {24, toRejected}, {25, toSubmitted}, {26, toWithdrawn}, {27, toDraft},
	} {
		if err := d.session(now.days, now.fate); err != nil {
			return err
		}
	}
	d.clock.at = d.today
	_, err = d.events.Tick(d.ctx) // what is long verified is archived
	return err
}

// session walks one session to its fate; days is when it takes place, from today.
func (d *demo) session(days int, end fate) error {
	h := hosts[d.random.IntN(len(hosts))]
	asked := min(days-12-d.random.IntN(10), -1)
	d.day(asked, 9+d.random.IntN(7), d.random.IntN(60))
	hour := []int{9, 10, 14, 15, 18}[d.random.IntN(5)]
	r, err := d.request(h, days, hour, end == toDraft)
	if err != nil || end == toDraft {
		return err
	}
	d.sessions++
	if end == toWithdrawn {
		_, err := d.events.WithdrawRequest(d.ctx, r.ID, r.Version, "车间停产，改到下个月再申请")
		return err
	}
	if end == toSubmitted {
		return nil
	}
	id := r.Session.ID
	if err := d.decide(id, end); err != nil || end == toReview || end == toReturned || end == toRejected || end == toAccepted {
		return err
	}
	if err := d.announce(id, days, end); err != nil || end == toScheduled || end == toPublished || end == toCancelled || end == toPostponed {
		return err
	}
	return d.hold(id, days, hour, end)
}

// request asks for a session as an organizer does.
func (d *demo) request(h demoHost, days, hour int, draft bool) (r events.Request, err error) {
	begin := d.clock.at
	starts := d.day(days, hour, 30)
	d.clock.at = begin
	form := events.RequestForm{Unit: h.unit, UnitKind: h.kind, Contact: d.somebody(), Phone: d.phone()}
	r, err = d.events.StartRequest(d.ctx, form, db.NewID())
	if err != nil || draft {
		return r, err
	}
	form.Type, form.Topic = h.typ, h.topics[d.random.IntN(len(h.topics))]
	form.Wishes, form.Minutes = []events.Wish{{Starts: starts}}, 90
	form.Town, form.Venue, form.Address = d.towns[h.town], h.venue, h.town+h.venue
	form.Expected, form.Open = 30+10*d.random.IntN(12), h.typ != events.Enterprise || d.random.IntN(3) == 0
	if form.Open {
		form.Places = 20 + 10*d.random.IntN(4)
	}
	form.Lawyers, form.Brochures, form.Equipment = 1, 100, []string{"投影", "话筒"}
	if r, err = d.events.SaveRequest(d.ctx, r.ID, r.Version, form, "check"); err != nil {
		return r, err
	}
	return d.events.SubmitRequest(d.ctx, r.ID, r.Version, "时间已经和工友说好")
}

// step takes one step with the session as it is now.
func (d *demo) step(id string, do func(version int) (events.Session, error)) error {
	se, err := d.events.SessionByID(d.ctx, id)
	if err != nil {
		return err
	}
	_, err = do(se.Version)
	return err
}

// decide is what the coordinator answers.
func (d *demo) decide(id string, end fate) error {
	me := d.staffs[0]
	d.clock.at = d.clock.at.Add(20 * time.Hour)
	if d.clock.at.After(d.today) {
		d.clock.at = d.today
	}
	if err := d.step(id, func(v int) (events.Session, error) { return d.events.Take(d.ctx, me, id, v) }); err != nil || end == toReview {
		return err
	}
	answer := events.Decision{To: events.Accepted, Wish: 1, Override: "已电话核实"}
	switch end {
	case toReturned:
		answer = events.Decision{To: events.Returned, Reason: "请把地点写到哪一栋楼，并补一个备选时间。"}
	case toRejected:
		answer = events.Decision{To: events.Rejected, Reason: "当天律师都有安排。", Alternative: "下周三区人力资源市场有专场，欢迎组织工友来听。"}
	}
	return d.step(id, func(v int) (events.Session, error) { return d.events.Decide(d.ctx, me, id, v, answer) })
}

// announce staffs and publishes a session, and lets people sign up.
func (d *demo) announce(id string, days int, end fate) error {
	me := d.staffs[0]
	if err := d.invite(id); err != nil {
		return err
	}
	if err := d.step(id, func(v int) (events.Session, error) { return d.events.Schedule(d.ctx, me, id, v, "都说好了") }); err != nil || end == toScheduled {
		return err
	}
	if end != toPublished && end != toPostponed {
		if err := d.issue(id); err != nil {
			return err
		}
	}
	for _, do := range []func(v int) (events.Session, error){
		func(v int) (events.Session, error) {
			return d.events.PreparePublication(d.ctx, me, id, v, events.Publication{Reviewed: true, Notice: "signup-2026"})
		},
		func(v int) (events.Session, error) { return d.events.PublishSession(d.ctx, me, id, v) },
	} {
		if err := d.step(id, do); err != nil {
			return err
		}
	}
	if err := d.signUps(id, days); err != nil {
		return err
	}
	switch end {
	case toCancelled:
		return d.step(id, func(v int) (events.Session, error) {
			return d.events.CancelSession(d.ctx, me, id, v, "场地临时停电")
		})
	case toPostponed:
		return d.step(id, func(v int) (events.Session, error) {
			return d.events.PostponeSession(d.ctx, me, id, v, "有大风预警，另定时间")
		})
	}
	return nil
}

// invite finds a lawyer and a volunteer who are free and say yes.
func (d *demo) invite(id string) error {
	se, err := d.events.SessionByID(d.ctx, id)
	if err != nil {
		return err
	}
	needs, _, err := d.events.Needs(d.ctx, se)
	if err != nil {
		return err
	}
	for _, need := range needs {
		pool := d.people[need.Role]
		found := 0
		for i, start := 0, d.random.IntN(len(pool)); i < len(pool) && found < need.Qty; i++ {
			err := d.events.Invite(d.ctx, d.staffs[0], id, pool[(start+i)%len(pool)], need.Role, "本人愿意")
			if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Invalid) {
				continue // has something else on that day
			}
			if err != nil {
				return err
			}
			found++
		}
	}
	list, err := d.events.Staffing(d.ctx, d.staffs[0], id)
	for _, a := range list {
		err = errors.Join(err, d.events.Answer(d.ctx, d.staffs[0], a.ID, true))
	}
	return err
}

// issue lets brochures leave for the session, as long as there are some.
func (d *demo) issue(id string) error {
	var lines []stock.Line
	for _, m := range d.titles {
		if n := 20 * d.random.IntN(5); n > 0 {
			lines = append(lines, stock.Line{Material: m, Qty: n})
		}
	}
	if len(lines) == 0 {
		return nil
	}
	err := d.events.AskMaterials(d.ctx, d.staffs[0], id, lines, true)
	if err == nil {
		err = d.events.IssueMaterials(d.ctx, d.staffs[0], id, "demo-"+id, lines)
	}
	if errs.Is(err, errs.Conflict) {
		return nil // the shelf is empty; the next batch comes
	}
	return err
}

// signUps are those who put their names down: fewer for what is far ahead.
func (d *demo) signUps(id string, days int) error {
	se, err := d.events.SessionByID(d.ctx, id)
	if err != nil || se.Capacity == 0 {
		return err
	}
	want := se.Capacity*(40+d.random.IntN(50))/100 + d.random.IntN(3)
	if days > 0 && days < 6 {
		want = se.Capacity + 6 // full, with a queue
	}
	for range want {
		d.visitors++
		_, err := d.events.SignUp(d.ctx, events.SignUp{Session: id, Name: d.somebody(), Phone: d.phone(), Party: 1 + d.random.IntN(2), Consent: "signup-2026",
			Origin: events.FromWeb, IdemKey: db.NewID(), Address: fmt.Sprintf("192.0.2.%d", d.visitors%250)})
		if errs.Is(err, errs.Conflict) || errs.Is(err, errs.TooMany) {
			continue // full, or the same number twice
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// hold lets the session take place and be reported.
func (d *demo) hold(id string, days, hour int, end fate) error {
	d.day(days, hour, 20)
	if end != toNotHeld {
		if err := d.doors(id); err != nil {
			return err
		}
	}
	d.day(days, min(hour+3, 23), 0)
	if _, err := d.events.Tick(d.ctx); err != nil {
		return err
	}
	if end == toNotHeld {
		return d.step(id, func(v int) (events.Session, error) {
			return d.events.MarkNotHeld(d.ctx, d.staffs[0], id, v, "暴雨，工地停工，没有人来")
		})
	}
	if end == toHeld {
		return nil
	}
	if err := d.report(id); err != nil || end == toReported {
		return err
	}
	d.day(min(days+2, 0), 10, 0)
	if end == toReturnedReport {
		return d.step(id, func(v int) (events.Session, error) {
			return d.events.ReturnReport(d.ctx, d.staffs[1], id, v, []events.Part{events.HostPart}, "到场人数和签到表对不上，请核对")
		})
	}
	return d.step(id, func(v int) (events.Session, error) { return d.events.VerifyReport(d.ctx, d.staffs[1], id, v) })
}

// doors checks most of those who signed up in, and some who did not.
func (d *demo) doors(id string) error {
	list, err := d.events.Registrations(d.ctx, d.staffs[0], id)
	if err != nil || d.clock.at.After(d.today) {
		return err
	}
	var scans []events.Scan
	for _, r := range list {
		if r.State == events.RegConfirmed && d.random.IntN(10) < 8 {
			scans = append(scans, events.Scan{UUID: db.NewID(), Method: events.ByList, Registration: r.ID, At: d.clock.at, Device: "签到台"})
		}
	}
	scans = append(scans, events.Scan{UUID: db.NewID(), Method: events.WalkIn, Qty: 3 + d.random.IntN(20), At: d.clock.at, Device: "签到台"})
	if len(scans) == 1 {
		return nil // a session without sign-up has no desk
	}
	_, err = d.events.CheckInByStaff(d.ctx, d.staffs[0], id, scans)
	return err
}

// report hands both parts in, as the organizer and the coordinator do.
func (d *demo) report(id string) error {
	sheet, err := d.events.ReportSheet(d.ctx, id)
	if err != nil {
		return err
	}
	host := sheet.Host.Form
	if host.Attendance == "" {
		host.Attendance = strconv.Itoa(25 + d.random.IntN(100))
	}
	came, err := strconv.Atoi(host.Attendance)
	if err != nil {
		return err
	}
	host.Migrants, host.Women, host.Estimate = strconv.Itoa(came*7/10), strconv.Itoa(came*3/10), true
	for i := range host.Handouts {
		h := &host.Handouts[i]
		n, err := strconv.Atoi(h.Handed)
		if err != nil {
			return err
		}
		back := d.random.IntN(n/4 + 1)
		h.Handed, h.Returned = strconv.Itoa(n-back), strconv.Itoa(back)
	}
	if len(host.Handouts) == 0 {
		host.None = append(host.None, events.NoHandouts)
	}
	if d.random.IntN(3) == 0 {
		host.Posts = []events.TallyLine{{Category: "微信公众号", People: "1"}}
	}
	host.Waiver, host.Text = "单位要求现场不拍照", "讲完以后大家围着问了很久。"
	if _, err := d.events.SubmitReport(d.ctx, auth.System(), id, events.HostPart, sheet.Host.Rev, host, "现场人多，已核对"); err != nil {
		return err
	}
	_, err = d.events.SubmitReport(d.ctx, d.staffs[0], id, events.LegalPart, sheet.Legal.Rev, d.legalPart(), "两位律师同时解答")
	return err
}

func (d *demo) legalPart() events.ReportForm {
	var legal events.ReportForm
	for _, c := range events.ConsultationCategories()[:6] {
		if n := d.random.IntN(8); n > 0 {
			legal.Consultations = append(legal.Consultations, events.TallyLine{Category: c, People: strconv.Itoa(n)})
		}
	}
	if len(legal.Consultations) == 0 {
		legal.None = append(legal.None, events.NoConsultations)
	}
	if n := d.random.IntN(5); n > 0 {
		legal.Documents = []events.TallyLine{{Category: "仲裁申请书", People: strconv.Itoa(n), Copies: strconv.Itoa(n)}}
	} else {
		legal.None = append(legal.None, events.NoDocuments)
	}
	if d.random.IntN(6) == 0 {
		legal.Disputes, legal.DisputeYuan = "1", strconv.Itoa(2000+500*d.random.IntN(40))
	}
	if n := d.random.IntN(3); n > 0 {
		legal.Leads = strconv.Itoa(n)
	}
	return legal
}

// halls enters the venues of the district, and returns the centre's own.
func (d *demo) halls() (center string, err error) {
	for _, v := range []events.Venue{
		{Name: "公共法律服务中心一楼大厅", Town: d.towns["新城街道"], Address: "和平路 1 号", Capacity: 60, Exclusive: true, Accessible: true, Indoor: true},
		{Name: "北园社区礼堂", Town: d.towns["北园街道"], Address: "北园社区", Capacity: 150, Exclusive: true, Indoor: true, Note: "提前一天找居委会拿钥匙"},
		{Name: "区人力资源市场", Town: d.towns["新城街道"], Address: "迎宾大道 66 号", Capacity: 800, Accessible: true, Indoor: true, Note: "招聘会和咨询台可以同时办"},
	} {
		saved, err := d.events.SaveVenue(d.ctx, auth.System(), v)
		if err != nil {
			return "", err
		}
		if center == "" {
			center = saved.ID
		}
	}
	return center, nil
}

// series is a desk at a station every second Wednesday of the month.
func (d *demo) series() error {
	first := d.day(10, 9, 0)
	d.clock.at = d.today
	hall, err := d.halls()
	if err != nil {
		return err
	}
	_, made, err := d.events.CreateSeries(d.ctx, d.staffs[0], events.SeriesForm{
		Rule: events.SeriesRule{Freq: events.Monthly, Weekday: time.Wednesday, Nth: 2, From: first, Count: 6, Holidays: events.HolidayNext},
		Template: events.SessionForm{Type: events.Community, Title: "公共法律服务中心律师坐班日", Summary: "带上合同、工资条，律师当面看。", Town: d.towns["新城街道"], Station: "C01",
			VenueID: hall, Starts: first, Ends: first.Add(3 * time.Hour), Organizer: "示例区司法局",
			Lawyers: "值班律师", ContactPhone: "0000-6100000"}})
	d.sessions += len(made)
	return err
}
