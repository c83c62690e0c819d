package site

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/qr"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/themes"
)

// signed is a sign-up as its owner sees it: the screen worth saving.
func (s *Site) signed(ctx context.Context, c *fiber.Ctx, path string, reg events.Registration, e *events.Session) (*themes.SignedPage, error) {
	p := &themes.SignedPage{Shell: s.shell(c, path, signedTitle(reg)), Session: s.session(e), No: e.No, Address: e.Address,
		Lead: signedLead(reg, e), State: stateBadge(reg.State), Name: reg.Name, Party: reg.Party, Position: reg.Position,
		Next: signedNext(reg), Phone: s.officePhone(e)}
	p.Session.Status = themes.Badge{} // how many places are left concerns those who have none
	p.Column = themes.Column{Name: "活动", Href: "/events/"}
	p.Crumbs = []themes.Link{{Text: "活动", Href: "/events/"}, {Text: e.No, Href: sessionPath(e.No)}}
	p.NoIndex = true
	if !reg.State.Live() || !s.cfg.Now().Before(e.Ends) {
		others, err := s.otherSessions(ctx, e)
		p.Others = others
		return p, err
	}
	p.Code, p.Raw, p.Action = vault.GroupCode(reg.Code), reg.Code, "/signup/"
	for _, o := range partyOptions(reg.Party - 1) {
		if typedNumber(o.Value) < reg.Party {
			p.Fewer = append(p.Fewer, o)
		}
	}
	if reg.State == events.RegConfirmed {
		p.ICS = sessionPath(e.No) + ".ics"
	}
	code, err := qr.New(s.srv.URL("/desk/q/" + reg.QR))
	p.QR = themes.QR{Size: code.Size(), Path: code.Path(), Text: qrText(p.Code)}
	return p, err
}

func qrText(code string) string { return "报名码 " + code + " 的二维码，签到时出示" }

// renderSigned answers with the screen to save. When a session fills, hundreds
// get the same but for these words, each page as fast as its row is written.
func (s *Site) renderSigned(c *fiber.Ctx, p *themes.SignedPage) error {
	if p.Code == "" || p.Position > 0 { // no two in the queue have the same number
		return s.render(c, p)
	}
	body, err := s.cfg.Theme.RenderWith(func(words []string) themes.Page {
		with := *p
		with.Code, with.Raw, with.Name, with.QR.Path = words[0], words[1], words[2], words[3]
		with.QR.Text = qrText(with.Code)
		return &with
	}, p.Code, p.Raw, p.Name, p.QR.Path)
	return s.sendPage(c, body, err)
}

func signedTitle(reg events.Registration) string {
	switch reg.State {
	case events.RegConfirmed:
		return "报上名了"
	case events.RegWaiting:
		return fmt.Sprintf("您排在候补第 %d 位", reg.Position)
	}
	return reg.State.Label()
}

func stateBadge(state events.RegistrationState) themes.Badge {
	switch state {
	case events.RegConfirmed:
		return themes.Badge{Text: state.Label(), Tone: themes.Good}
	case events.RegWaiting:
		return themes.Badge{Text: state.Label(), Tone: themes.Due}
	}
	return themes.Badge{Text: state.Label(), Tone: themes.Warn}
}

func signedLead(reg events.Registration, e *events.Session) string {
	switch reg.State {
	case events.RegConfirmed:
		if e.State == events.Postponed {
			return "这一场延期了，报名还算数。新的时间定了会通知您。"
		}
		return "把这一页截图存好，到时候报这个码，或者手机号后四位。"
	case events.RegWaiting:
		return "有人退出，就按先后补上，补上了会通知您，也可以自己来查。把这一页截图存好。"
	case events.RegSessionCancelled:
		return "这一场取消了，请看看别的场次。"
	case events.RegExpired:
		return "这一场已经开始，候补结束了。"
	}
	return "名额已经还回来了。想来还可以重新报名，要重新排。"
}

func signedNext(reg events.Registration) []string {
	switch reg.State {
	case events.RegConfirmed:
		return []string{"报名码不要发到群里：拿到它的人能签到。改时间、取消，会打电话或发消息通知您。", "带上合同、欠条或手机里的记录，没有也能来。", "来不了请取消，名额给候补的人。"}
	case events.RegWaiting:
		return []string{"补上了才有位子；开始前 2 小时停止递补。", "没补上也可以当天直接来，有空位先到先坐。", "不等了请取消，后面的人往前走。"}
	}
	return nil
}
