package themes

// deskPages are the pages of the desk on site with every field set.
func (m maker) deskPages() []Page {
	person := DeskPerson{ID: "01J00000000000000000000001", Name: m.say("张*"), LastFour: "5678", Party: 3, Waiting: true}
	come := DeskPerson{ID: "01J00000000000000000000002", Name: m.say("李*"), LastFour: "0000", Party: 1, Present: true, At: "14:02", Of: "scan-1"}
	return []Page{
		&DeskPage{Shell: m.shell("/desk/x", "签到台"), Base: "/desk/", Action: "/desk/x", Problem: FieldProblem{"f-code", m.say("没有查到这个报名码。")}, Done: m.say("张*签到成功。"),
			Typed: m.say("ABCDE"), Event: m.say("安置房工地：工资怎么要"), When: m.say("2026年11月21日（周六）18:30—20:00"), Place: m.say("项目部食堂"), Until: m.say("11 月 23 日 20:00"),
			Key: "k", Total: 12, SignedUp: 9, WalkIns: 3, Expected: 30, Names: true, People: []DeskPerson{person, come}},
		&DeskNotePage{Shell: m.shell("/desk/q/x", "签到"), Event: m.say("安置房工地：工资怎么要"), When: m.say("2026年11月21日"), Text: m.say("请核对后按签到。"), Good: true,
			Person: &person, Action: "/desk/q/x", Hidden: []Hidden{{"key", "k"}}, AskLast: true, Problem: FieldProblem{"f-last4", m.say("没能确认是哪一份报名。")}, Submit: m.say("签到"), Back: Link{m.say("回签到台"), "/desk/x"}},
	}
}

// emptyDeskPages have nothing but what is always there.
func emptyDeskPages(sh func(path, title string) Shell) []Page {
	return []Page{
		&DeskPage{Shell: sh("/desk/x", "签到台"), Base: "/desk/", Action: "/desk/x"},
		&DeskPage{Shell: sh("/desk/x", "签到台"), Base: "/desk/", Action: "/desk/x", AskPIN: true},
		&DeskPage{Shell: sh("/desk/shell", "签到台"), Base: "/desk/", Offline: true},
		&DeskNotePage{Shell: sh("/desk/q/x", "签到"), Text: "这是一份报名的签到码。"},
	}
}
