package themes

// signUpPages are the pages of signing up with every field set.
func (m maker) signUpPages() []Page {
	s := m.sessions()[0]
	qr := QR{Size: 29, Path: "M4 4h7v1h-7zM5 5h1v1h-1z", Text: m.say("报名码的二维码")}
	form := &SignUpPage{Shell: m.shell("/events/SF-2026-00147/signup", "报名", Link{"活动", "/events/"}), Session: s, No: "SF-2026-00147", Address: m.say("从 2 号门进"),
		Phase: Badge{m.say("报名中"), Good}, Promise: m.say("还有 12 个名额。"), Action: "/events/SF-2026-00147/signup", Ticket: Ticket{m.say("abc"), 16},
		Hidden: []Hidden{{"x", m.say("y")}}, Problems: []FieldProblem{{"f-phone", m.say("手机号应是 11 位数字，请数一数。")}},
		Groups: []FormGroup{{Fields: []FormField{m.field("name", "怎么称呼您", TextField), m.field("phone", "手机号", PhoneField), m.field("party", "一共来几个人", CountField)}}},
		More:   []FormGroup{{Fields: []FormField{m.field("question", "想问什么", AreaField)}}}, MoreOpen: true,
		Consent: m.field("consent", "个人信息", Ticks), Privacy: m.all("只记称呼和手机号。", "活动结束后删除。"), Policy: Link{m.say("全文"), "/pages/privacy"},
		Submit: m.say("提交报名"), Phone: "0000-6101001", Others: m.sessions()[1:]}
	closed := *form
	closed.Why = &Notice{Text: m.say("名额和候补都满了。"), Link: Link{m.say("看别的场次"), "/events/"}}
	signed := &SignedPage{Shell: m.shell("/events/SF-2026-00147/signup", "报上名了", Link{"活动", "/events/"}), Session: s, No: "SF-2026-00147", Address: m.say("从 2 号门进"),
		Said: m.say("人数改好了。"), Lead: m.say("到时候报这个号码。"), State: Badge{m.say("已报名"), Good}, Code: m.say("ABCDE-FGHJK"), Raw: m.say("ABCDEFGHJK"), QR: qr,
		Name: m.say("王师傅"), Party: 3, Position: 3, Next: m.all("带上合同。", "来不了请取消。"), ICS: "/events/SF-2026-00147.ics", Phone: "0000-6101001",
		Action: "/signup/", Fewer: []Option{{Value: "1", Name: m.say("1 人")}, {Value: "2", Name: m.say("2 人"), Selected: true}},
		Problems: []FieldProblem{{"f-last4", m.say("查不到。")}}, Others: m.sessions()[1:]}
	find := &FindPage{Shell: m.shell("/signup/", "查报名"), Problems: []FieldProblem{{"", m.say("查不到。")}}, Action: "/signup/", Phone: "0000-6101001",
		Groups: []FormGroup{{Fields: []FormField{m.field("code", "报名码", TextField), m.field("last4", "手机号后四位", TextField)}}}}
	poster := &PosterPage{Shell: m.shell("/events/SF-2026-00147/poster", "工资怎么发、怎么要"), Session: s, No: "SF-2026-00147", Summary: m.say("带上欠条。"),
		Audience: m.all("工友", "家属"), Address: m.say("从 2 号门进"), Organizer: m.say("东湖镇司法所"), Lawyers: m.say("李国平律师"), Phone: "0000-6101001",
		Call: m.say("扫码报名"), Link: m.say("https://sfj.example.gov.cn/events/SF-2026-00147"), QR: qr, A3: true, Other: Link{"A4", "/events/SF-2026-00147/poster"},
		Picture: Link{m.say("存成图片"), "/events/SF-2026-00147/poster.png"}, NoFont: true, Back: Link{m.say("回到这一场"), "/events/SF-2026-00147"}}
	poster.Bare = true
	return []Page{form, &closed, signed, find, poster}
}

// emptySignUpPages have nothing but what is always there.
func emptySignUpPages(sh func(path, title string) Shell) []Page {
	now := sampleTime(10, 18, 30)
	s := Session{Starts: now, Ends: now}
	return []Page{
		&SignUpPage{Shell: sh("/events/SF-2026-00001/signup", "报名"), Session: s, Consent: FormField{Name: "consent", Label: "个人信息", Kind: Ticks}},
		&SignUpPage{Shell: sh("/events/SF-2026-00001/signup", "报名"), Session: s, Why: &Notice{Text: "报名已经截止。"}},
		&SignedPage{Shell: sh("/events/SF-2026-00001/signup", "已取消报名"), Session: s},
		&FindPage{Shell: sh("/signup/", "查报名")},
		&PosterPage{Shell: sh("/events/SF-2026-00001/poster", "一场活动"), Session: s},
	}
}
