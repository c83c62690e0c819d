package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

type demoCmd struct{}

// Run fills a new installation with a believable year of 示例区: requests, sign-ups,
// check-ins, reports, brochures and people, all through the methods the pages use.
func (demoCmd) Run(env *environment) (err error) {
	clock := &demoClock{at: time.Now()}
	env.cfg.now = clock.now
	a, err := build(env.ctx, env.cfg, newLogger(env))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	password, err := a.firstStart(env)
	if err != nil {
		return err
	}
	d := &demo{application: a, ctx: env.ctx, clock: clock, today: clock.at, say: func(format string, args ...any) { fmt.Fprintf(env.stdout, format+"\n", args...) },
		random: rand.New(rand.NewPCG(2026, 11))} // the same year every time
	if err := d.refuseUsed(); err != nil {
		return err
	}
	if err := d.fill(); err != nil {
		return err
	}
	if password != "" {
		d.say("管理员账号 admin，密码 %s", password)
	}
	return nil
}

// demoClock is turned to the day on which something of the year happens.
type demoClock struct{ at time.Time }

func (c *demoClock) now() time.Time { return c.at }

// demo is the year as it is being filled in.
type demo struct {
	*application
	ctx      context.Context
	clock    *demoClock
	today    time.Time
	say      func(format string, args ...any)
	random   *rand.Rand
	staffs   []auth.Actor // who work at the desk, two of them
	people   map[events.Role][]string
	titles   []string // ids of the brochures
	towns    map[string]string
	phones   int // numbers given so far: none is anybody's
	sessions int
	visitors int
}

// refuseUsed keeps the demo out of an installation that people work with.
func (d *demo) refuseUsed() error {
	units, err := d.events.Units(d.ctx, events.UnitFilter{})
	if err != nil {
		return err
	}
	if len(units) > 0 {
		return errs.New(errs.Conflict, "这个系统里已经有单位和申请了，演示数据只能填进新装的系统。请换一个 --data 目录。", "units exist")
	}
	return nil
}

// fill plays the year in the order in which a bureau would live it.
func (d *demo) fill() error {
	for _, step := range []struct {
		name string
		do   func() error
	}{{"账号", d.accounts}, {"律师和志愿者", d.hire}, {"宣传资料", d.print}, {"一年的场次", d.year}, {"系列", d.series},
		{"期初数", d.carryIn}, {"封账和更正", d.closeBooks}, {"消息", d.phoneThemAll}} {
		d.say("%s……", step.name)
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	d.clock.at = d.today
	d.say("好了：%d 场活动，%d 人次报名。", d.sessions, d.visitors)
	return nil
}

// day turns the clock to an hour of the day so many days from today.
func (d *demo) day(days, hour, minute int) time.Time {
	y, m, day := d.today.In(events.Zone).AddDate(0, 0, days).Date()
	d.clock.at = time.Date(y, m, day, hour, minute, 0, 0, events.Zone)
	return d.clock.at
}

// phone is a number that nobody has: those with 0000 are not given out.
func (d *demo) phone() string {
	d.phones++
	return fmt.Sprintf("1390000%04d", d.phones%10000)
}

// accounts are those to sign in with, all with one password that is printed.
func (d *demo) accounts() error {
	password := auth.NewPassword()
	for _, one := range []struct {
		name, display string
		role          auth.Role
	}{{"wang", "王协调", auth.Coordinator}, {"zhao", "赵核实", auth.Coordinator}, {"chen", "陈统计", auth.Statistician},
		{"lin", "林局长", auth.Leader}, {"zhou", "周编辑", auth.Editor}, {"wu", "吴审核", auth.Reviewer}} {
		account, err := d.staff.Add(d.ctx, auth.System(), auth.NewAccount{Name: one.name, Display: one.display, Password: password, Rights: auth.Rights{Roles: []auth.Role{one.role}}})
		if err != nil {
			return err
		}
		if one.role == auth.Coordinator {
			d.staffs = append(d.staffs, account.Actor())
		}
	}
	d.say("演示账号 wang、zhao（组织协调），chen（统计），lin（领导），zhou（编辑），wu（审核），密码都是 %s", password)
	return nil
}

// carryIn enters what the paper years leave behind.
func (d *demo) carryIn() error {
	d.clock.at = d.today
	last := fmt.Sprintf("%d-12-31", d.today.In(events.Zone).AddDate(-1, 0, 0).Year())
	for _, o := range []struct {
		measure, category, source string
		qty, fen                  int64
	}{
		{"mediation_town", "", "人民调解台账", 11, 0}, {"mediation_village", "", "人民调解台账", 163, 0}, {"mediation_factory", "", "人民调解台账", 38, 0},
		{"law_firm", "", "律师名册", 4, 0}, {"lawyer", "", "律师名册", 34, 0}, {"legal_service", "", "律师名册", 6, 0}, {"counsel", "", "法律顾问台账", 300, 0},
		{"contact", "", "接待登记簿", 5738, 0}, {"hotline_wage", "", "12348 工单汇总", 1359, 0}, {"aid_case", "", "法律援助案件台账", 321, 0},
		{"aid_answered", "", "回访记录", 300, 0}, {"aid_satisfied", "", "回访记录", 294, 0}, {"health_file", "", "企业服务台账", 500, 0},
		{"dispute", "", "排查化解月报", 605, 697_000_000}, {"wage_case", "", "法律援助案件台账", 159, 450_000_000},
		{"post", "微信公众号", "宣传工作总结", 2100, 0}, {"post", "微博", "宣传工作总结", 1500, 0},
	} {
		_, err := d.events.Figures().SaveOpening(d.ctx, auth.System(), figures.Opening{Source: o.source,
			Fact: figures.Fact{Measure: o.measure, Category: o.category, Qty: o.qty, Fen: o.fen, Date: last}})
		if err != nil {
			return err
		}
	}
	return nil
}

// closeBooks names the quarters that are over, freezes all but the last, and
// corrects a session of a frozen one.
func (d *demo) closeBooks() error {
	d.clock.at = d.today
	store, now := d.events.Figures(), d.today.In(events.Zone)
	quarter := time.Date(now.Year(), (now.Month()-1)/3*3+1, 1, 0, 0, 0, 0, events.Zone)
	for i := range 4 {
		from := quarter.AddDate(0, -3*(i+1), 0)
		p, err := store.CreatePeriod(d.ctx, auth.System(), fmt.Sprintf("%d 年第%s季度", from.Year(), []string{"一", "二", "三", "四"}[(from.Month()-1)/3]),
			from.Format(time.DateOnly), from.AddDate(0, 3, -1).Format(time.DateOnly))
		if err != nil {
			return err
		}
		if i > 0 {
			if _, err := store.Freeze(d.ctx, auth.System(), p.ID, p.Version); err != nil {
				return err
			}
		}
	}
	if _, err := store.CreatePeriod(d.ctx, auth.System(), "三年行动", now.AddDate(-2, 0, 0).Format("2006")+"-01-01", now.Format("2006")+"-12-31"); err != nil {
		return err
	}
	return d.amend(quarter.AddDate(0, -5, 0))
}

// amend corrects the first verified session after a moment: two people fewer.
func (d *demo) amend(after time.Time) error {
	list, err := d.events.Sessions(d.ctx, events.Filter{From: after, States: []events.State{events.Verified, events.Archived}, Limit: 20})
	if err != nil {
		return err
	}
	for _, se := range list {
		sheet, err := d.events.ReportSheet(d.ctx, se.ID)
		if err != nil {
			return err
		}
		if !sheet.Legal.Saved() || len(sheet.Legal.Form.Consultations) == 0 {
			continue // its outcome came from a file
		}
		form := sheet.Legal.Form
		form.Consultations[0].People = "3"
		_, err = d.events.AmendReport(d.ctx, d.staffs[0], se.ID, events.LegalPart, form, "两张登记表有重复，核对后更正", "已和律师核对")
		if err != nil {
			return err
		}
		if se, err = d.events.SessionByID(d.ctx, se.ID); err != nil {
			return err
		}
		_, err = d.events.VerifyReport(d.ctx, d.staffs[1], se.ID, se.Version)
		return err
	}
	return nil
}

// phoneThemAll works off the messages of the year, all but those of the last
// days: the desk has something to do and no year of arrears.
func (d *demo) phoneThemAll() error {
	d.clock.at = d.today
	for {
		done, err := d.events.Deliver(d.ctx, events.Delivery{})
		if err != nil {
			return err
		}
		if done == 0 {
			break
		}
	}
	recent := d.today.AddDate(0, 0, -4)
	for offset := 0; ; {
		list, _, err := d.events.Outbox(d.ctx, d.staffs[0], events.MessageFilter{State: events.MessageToCall, Limit: 200, Offset: offset})
		if err != nil || len(list) == 0 {
			return err
		}
		var old []string
		for _, m := range list {
			if m.Created.Before(recent) {
				old = append(old, m.ID)
			}
		}
		offset += len(list) - len(old)
		if len(old) == 0 {
			continue
		}
		if _, err := d.events.StepMessages(d.ctx, d.staffs[0], old, events.MessageDone); err != nil {
			return err
		}
	}
}
