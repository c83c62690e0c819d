package themes

// myPages are the pages behind a personal link with every field set.
func (m maker) myPages() []Page {
	back := Link{m.say("回到我的安排"), "/my/x"}
	return []Page{
		&MyPage{Shell: m.shell("/my/x", "我的安排"), Greeting: m.say("记下了"), Who: m.say("李国平"), Asked: []MyDuty{m.duty()}, Coming: []MyDuty{m.duty()},
			Away: []MyAway{{m.say("01J"), m.say("请假"), m.say("2026年12月1日")}}, AwayForm: m.form("/my/x/away", "登记", FormGroup{Fields: []FormField{m.field("kind", "哪一种", Picks)}}),
			DropTo: "/my/x/away", Calendar: m.say("https://sfj.example.gov.cn/ics/s/x.ics"), RenewTo: "/my/x/feed", Record: Link{m.say("服务记录"), "/my/x/record"}, Phone: "0000-6100000"},
		&MyDutyPage{Shell: m.shell("/my/x/1", "河口镇码头工地"), Duty: m.duty(), Greeting: m.say("记下了"), Problems: []FieldProblem{{"f-substitute", m.say("请填全名。")}},
			No: m.say("SF-2026-00012"), Summary: m.say("高处作业怎么防、出了事怎么报。"), Questions: m.all("工钱拖了三个月怎么办？"), Public: Link{m.say("网站上的页面"), "/events/SF-2026-00012"}, ICS: "/events/SF-2026-00012.ics",
			Substitute: []FormGroup{{Fields: []FormField{m.field("substitute", "请谁替您", TextField)}}}, Names: m.all("王芳"),
			Tally: []MyTally{{m.say("咨询"), m.say("人次"), []MyTap{{m.say("k:工资"), m.say("工资"), 3}}}}, Total: m.say("3 人次"), Undo: m.say("undo:k"),
			Report: Link{m.say("报结果"), "/my/x/1/report"}, Hours: &MyHours{m.say("1 小时 30 分"), Badge{m.say("待核定"), Due}, []FormGroup{{Fields: []FormField{m.field("minutes", "分钟", CountField)}}}}, Back: back},
		&MyReportPage{Shell: m.shell("/my/x/1/report", "报结果"), OrganizeForm: m.form("/my/x/1/report", "存好", FormGroup{Legend: m.say("咨询"), Row: true, Fields: []FormField{m.field("consult_people", "工资", CountField)}}),
			Session: m.duty(), Due: m.say("11 月 25 日前"), Reason: m.say("人次请再核一下"), Warnings: m.all("人次偏多"), Send: []FormGroup{{Fields: []FormField{m.field("override", "说明", AreaField)}}}, Saved: m.say("10:20 存过"), Back: back},
		&MyReportPage{Shell: m.shell("/my/x/1/report", "报结果"), Session: m.duty(), Given: true, Back: back},
		&MyRecordPage{Shell: m.shell("/my/x/record", "服务记录"), Who: m.say("李国平"), Role: m.say("律师"), Org: m.say("示例律师事务所"), Licence: m.say("13704202610000001"),
			From: "2026-01-01", To: "2026-12-31", Rows: []MyRecordRow{{sampleTime(10, 18, 30), m.say("河口镇码头工地"), m.say("项目部食堂"), m.say("律师"), m.say("1 小时 30 分"), true}},
			Total: m.say("1 场，1 小时 30 分"), Open: 1, Printed: sampleTime(20, 9, 0), Action: "/my/x/record", Back: back},
	}
}

func (m maker) duty() MyDuty {
	return MyDuty{Title: m.say("河口镇码头工地：高处作业安全"), Href: "/my/x/1", Type: SessionType{"site", m.say("法律进工地"), "工"}, Role: m.say("律师"),
		Starts: sampleTime(10, 18, 30), Ends: sampleTime(10, 20, 0), Place: m.say("项目部食堂"), State: Badge{m.say("待答复"), Due}, Explain: m.say("请答复能不能来。"),
		Buttons: []MyButton{{"accept", m.say("能来"), true}, {"decline", m.say("来不了"), false}}}
}

// emptyMyPages have nothing but what is always there.
func emptyMyPages(sh func(path, title string) Shell) []Page {
	now := sampleTime(10, 18, 30)
	duty := MyDuty{Title: "一场活动", Href: "/my/x/1", Starts: now, Ends: now}
	return []Page{
		&MyPage{Shell: sh("/my/x", "我的安排")},
		&MyDutyPage{Shell: sh("/my/x/1", "一场活动"), Duty: duty},
		&MyReportPage{Shell: sh("/my/x/1/report", "报结果"), Session: duty},
		&MyRecordPage{Shell: sh("/my/x/record", "服务记录"), Printed: now},
	}
}
