package main

import (
	"fmt"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/auth"
)

// surnames and given make names of nobody in particular.
var (
	surnames = []rune("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
	given    = []string{"建国", "秀英", "伟", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "超", "明", "霞", "平", "刚"}
)

// somebody is a name; the same numbers give the same one.
func (d *demo) somebody() string {
	return string(surnames[d.random.IntN(len(surnames))]) + given[d.random.IntN(len(given))]
}

// hire enters those who serve: lawyers of two firms, volunteers and staff.
func (d *demo) hire() error {
	d.day(-360, 9, 0)
	d.people = map[events.Role][]string{}
	var orgs []string
	for _, o := range []events.LegalOrg{{Kind: events.LawFirm, Name: "示例正衡律师事务所"}, {Kind: events.LawFirm, Name: "示例明理律师事务所"},
		{Kind: events.LegalService, Name: "东湖镇法律服务所"}, {Kind: events.VolunteerTeam, Name: "示例区普法志愿服务队"}} {
		id, err := d.events.SaveLegalOrg(d.ctx, auth.System(), o)
		if err != nil {
			return err
		}
		orgs = append(orgs, id)
	}
	for _, p := range []struct {
		role events.Role
		name string
		org  int
	}{
		{events.RoleLawyer, "李国平", 0}, {events.RoleLawyer, "孙丽华", 0}, {events.RoleLawyer, "周建明", 0}, {events.RoleLawyer, "何静", 1},
		{events.RoleLawyer, "罗强", 1}, {events.RoleLawyer, "郭敏", 1}, {events.RoleLawyer, "马涛", 2}, {events.RoleVolunteer, "吴霞", 3},
		{events.RoleVolunteer, "徐磊", 3}, {events.RoleVolunteer, "高洋", 3}, {events.RoleVolunteer, "林娟", 3}, {events.RoleStaff, "胡勇", 3},
	} {
		person, err := d.events.SavePerson(d.ctx, auth.System(), "", 0, events.PersonForm{Kind: p.role, Name: p.name, Org: orgs[p.org], Phone: d.phone(),
			Skills: []string{"工资", "工伤"}})
		if err != nil {
			return err
		}
		d.people[p.role] = append(d.people[p.role], person.ID)
	}
	return nil
}

// print enters the brochures and what came from the printer's, twice a year.
func (d *demo) print() error {
	for i, m := range []stock.Material{
		{Title: "农民工工资支付一本通", Law: "保障农民工工资支付条例", Kind: stock.Handbook, Unit: "册"},
		{Title: "工伤怎么办", Law: "工伤保险条例", Kind: stock.Handbook, Unit: "册"},
		{Title: "劳动合同十问", Law: "劳动合同法", Kind: stock.Leaflet, Unit: "份"},
		{Title: "法律援助指南", Law: "法律援助法", Kind: stock.Leaflet, Unit: "份"},
	} {
		d.day(-355, 10, i)
		m.Edition, m.CompiledBy = d.today.Format("2006")+" 年版", "示例区司法局"
		made, err := d.events.Stock().SaveMaterial(d.ctx, auth.System(), m)
		if err != nil {
			return err
		}
		d.titles = append(d.titles, made.ID)
		for batch, days := range []int{-354, -170} {
			day := d.day(days, 15, i)
			err := d.events.Stock().Receive(d.ctx, auth.System(), stock.Entry{Key: fmt.Sprintf("demo-print-%d-%d", i, batch), Material: made.ID,
				Place: stock.Warehouse, Qty: 4000 - 600*i, Day: day.Format("2006-01-02"), Reason: "印刷厂送到"})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// host is who asks for sessions in the demo.
type demoHost struct {
	unit, kind, venue, town string
	typ                     events.Type
	topics                  []string
}

// hosts are the units of 示例区.
var hosts = []demoHost{
	{"东湖电子有限公司", "企业", "东湖电子 3 号楼食堂", "东湖镇", events.Enterprise, []string{"加班怎么算", "女职工有哪些假", "离职补偿怎么算"}},
	{"示例机械股份有限公司", "企业", "示例机械培训室", "新城街道", events.Enterprise, []string{"工伤从申报到赔付", "签合同看哪几条", "社保没交怎么办"}},
	{"北园纺织有限公司", "企业", "北园纺织职工之家", "北园街道", events.Enterprise, []string{"女职工劳动保护", "计件工资怎么算加班"}},
	{"河口港务有限公司", "企业", "港务公司会议室", "河口镇", events.Enterprise, []string{"高温津贴和工时", "劳务派遣怎么维权"}},
	{"石桥食品有限公司", "企业", "石桥食品二车间", "石桥镇", events.Enterprise, []string{"试用期的规矩", "年休假怎么休"}},
	{"环湖安置房项目部", "建筑工地", "项目部食堂", "东湖镇", events.Site, []string{"工资怎么要", "包工头跑了怎么办", "高处作业安全和工伤"}},
	{"新城地铁三标项目部", "建筑工地", "三标工人生活区", "新城街道", events.Site, []string{"工资专用账户怎么查", "工伤认定怎么走"}},
	{"河口码头改造项目部", "建筑工地", "码头工棚广场", "河口镇", events.Site, []string{"欠薪找谁投诉", "没签合同怎么证明干过活"}},
	{"南山村民委员会", "村居", "南山村文化广场", "南山镇", events.Village, []string{"外出打工先签合同", "工钱借条怎么写"}},
	{"青杨村民委员会", "村居", "青杨村党群服务中心", "青杨镇", events.Village, []string{"农闲打零工要留什么证据", "土地流转合同"}},
	{"云岭村民委员会", "村居", "云岭村部", "云岭镇", events.Village, []string{"返乡务工人员普法", "遇到拖欠怎么办"}},
	{"安和村民委员会", "村居", "安和村礼堂", "安和镇", events.Village, []string{"劳务合同和劳动合同", "法律援助怎么申请"}},
	{"示例区人力资源和社会保障局", "人社部门", "区人力资源市场一楼大厅", "新城街道", events.JobFair, []string{"求职防骗和合同审查", "招聘会现场法律咨询"}},
	{"古渡镇便民服务中心", "街道办", "古渡镇中心广场", "古渡镇", events.JobFair, []string{"返乡招聘会法律咨询", "新就业形态劳动者权益"}},
	{"柳林社区居民委员会", "街道办", "柳林社区活动室", "柳林街道", events.Community, []string{"灵活就业社保怎么交", "外卖骑手出了事故找谁"}},
	{"北园社区居民委员会", "街道办", "北园社区礼堂", "北园街道", events.Community, []string{"保姆钟点工的权益", "物业欠薪怎么办"}},
	{"示例职业技术学校", "学校", "学校报告厅", "新城街道", events.School, []string{"实习工资和实习协议", "第一份合同怎么签"}},
}
