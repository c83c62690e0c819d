package site

import (
	"fmt"
	"strconv"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// privacyVersion names the words of privacySummary that people agree to; it
// changes with them.
const privacyVersion = "2026-11-24.2"

// privacySummary says what a sign-up keeps, as 个人信息保护法 article 17 asks: who,
// what for, which, how long, and how to have it deleted.
func privacySummary(r events.Rules) []string {
	return []string{
		"称呼和手机号只用来办这一场活动：改时间、取消、候补补上了通知您，到场签到，凭手机号后四位查报名。没有别的用处，也不给别人。",
		"想问什么，给办这场活动的工作人员和到场的律师看，好提前准备；律师只看到问题，看不到是谁问的。需要什么方便，只给工作人员看。都可以不填。",
		fmt.Sprintf("都加密保存，工作人员平时看到的是“王*”“138****0001”。活动结束 %d 天后删除；您取消了报名的，%d 天后删除。", r.IdentityDays, r.CancelledDays),
		"想提前删除、更正，打页面上的电话就行。不同意也可以不报名，直接打电话或者到现场看看有没有空位。",
	}
}

// workerKinds are what people mostly do; the answer is counted, never listed.
var workerKinds = []string{"建筑工地", "工厂", "餐饮住宿", "家政保洁", "快递外卖网约车", "种地养殖", "别的"}

// signUpFields are the three questions that must be answered.
func signUpFields(f *events.SignUp) []themes.FormGroup {
	return []themes.FormGroup{{Fields: []themes.FormField{
		{Name: "name", Label: "怎么称呼您", Hint: "写姓就行，比如“王师傅”", Value: f.Name, Complete: "name", Must: true},
		{Name: "phone", Label: "手机号", Hint: "改时间、取消时通知您。座机请带区号", Kind: themes.PhoneField, Value: f.Phone, Complete: "tel", Must: true},
		{Name: "party", Label: "一共来几个人", Hint: fmt.Sprintf("连您在内，最多 %d 人", events.MaxParty), Kind: themes.Picks, Options: partyOptions(f.Party), Must: true},
	}}}
}

// signUpExtras are those that may be.
func signUpExtras(f *events.SignUp, towns []events.Town) []themes.FormGroup {
	return []themes.FormGroup{{Fields: []themes.FormField{
		{Name: "question", Label: "想问什么", Hint: "一句话就行，比如“工钱拖了三个月”。别写姓名和身份证号", Kind: themes.AreaField, Value: f.Question, Max: 200},
		{Name: "access", Label: "需要什么方便", Hint: "轮椅、手语、方言，都可以写", Value: f.Access, Max: 100, Width: "l"},
		{Name: "worker_kind", Label: "做什么工作", Kind: themes.Choice, Options: kindOptions(f.WorkerKind)},
		{Name: "town", Label: "在哪个镇街", Kind: themes.Choice, Options: append([]themes.Option{{Name: "不说"}}, townOptions(towns, f.Town)...)},
	}}}
}

func partyOptions(chosen int) []themes.Option {
	var list []themes.Option
	for n := 1; n <= events.MaxParty; n++ {
		list = append(list, themes.Option{Value: strconv.Itoa(n), Name: strconv.Itoa(n) + " 人", Selected: n == chosen})
	}
	return list
}

func kindOptions(chosen string) []themes.Option {
	list := []themes.Option{{Name: "不说"}}
	for _, k := range workerKinds {
		list = append(list, themes.Option{Value: k, Name: k, Selected: k == chosen})
	}
	return list
}

func consentField(given string) themes.FormField {
	return themes.FormField{Name: "consent", Label: "个人信息", Kind: themes.Ticks, Must: true,
		Options: []themes.Option{{Value: privacyVersion, Name: "我看了上面的说明，同意这样用", Selected: given != ""}}}
}

// phaseBadge is the sign-up's state in a word.
func phaseBadge(p events.SignUpPhase) themes.Badge {
	tone := themes.Quiet
	switch p {
	case events.SignUpOpen, events.SignUpNone:
		tone = themes.Good
	case events.SignUpQueue, events.SignUpFull, events.SignUpByPhone:
		tone = themes.Due
	}
	return themes.Badge{Text: p.Label(), Tone: tone}
}

// promise is what a sign-up brings at this moment; code is that of kept places, ""
// for most people.
func promise(e *events.Session, phase events.SignUpPhase, code string, now time.Time) string {
	own, free := e.Pool(code), commonPromise(e, phase, now)
	switch {
	case code == "":
		return free
	case own == nil:
		return "这个链接里没有给您留的名额，照常报名就行。" + free
	case !now.Before(own.Falls()):
		return "留给“" + own.Name + "”的名额到时间放开了，照常报名就行。" + free
	case own.Kept(now) == 0 || own.Waiting > 0:
		return "留给“" + own.Name + "”的名额报完了，照常报名就行；有人退出，先补给你们。" + free
	}
	return fmt.Sprintf("给“%s”留着 %d 个名额，%s 前报名算数。", own.Name, own.Kept(now), own.Falls().Format("1 月 2 日 15:04"))
}

func commonPromise(e *events.Session, phase events.SignUpPhase, now time.Time) string {
	free, counted := e.Free(now)
	switch {
	case phase == events.SignUpOpen && counted:
		return fmt.Sprintf("还有 %d 个，共 %d 个。", free, e.Capacity)
	case phase == events.SignUpQueue && e.Waiting > 0:
		return fmt.Sprintf("名额满了，现在有 %d 家候补。提交后排在后面，有人退出按先后补上。", e.Waiting)
	case phase == events.SignUpQueue:
		return "名额满了，可以候补。有人退出按先后补上。"
	}
	return ""
}

// byPhone says how to sign up for a session that wants to know people first.
func byPhone(e *events.Session) string {
	if e.VerifyLevel == events.VerifyStaff {
		return "这一场先核实再报名：打下面的电话，说“报 " + e.No + " 这一场”，工作人员问清称呼和人数就给您报上，报名码在电话里念给您记。"
	}
	return "这一场要核对手机号，网上还收不了验证码。打下面的电话，说“报 " + e.No + " 这一场”，工作人员核对后给您报上，报名码在电话里念给您记。"
}

func submitWord(phase events.SignUpPhase) string {
	if phase == events.SignUpQueue {
		return "排队候补"
	}
	return "提交报名"
}

// whyNot says why nobody can sign up now, and what to do instead.
func whyNot(e *events.Session, phase events.SignUpPhase) string {
	switch {
	case e.State == events.Cancelled || e.State == events.NotHeld:
		return "这一场取消了，请看看别的场次。"
	case e.State == events.Postponed:
		return "这一场延期了，新的时间还没有定，定了再开放报名。"
	case phase == events.SignUpNone:
		return "这一场不用报名，到时候直接来。"
	case phase == events.SignUpSoon:
		return "报名还没有开始，" + e.SignUpFrom.In(events.Zone).Format("1 月 2 日 15:04") + " 起可以报名。"
	case phase == events.SignUpFull:
		return "名额和候补都满了。可以看看别的场次；当天有人没来，空位先到先坐。"
	case phase == events.SignUpByPhone:
		return byPhone(e)
	}
	return "这一场的报名已经截止。名额有余时，可以直接到现场。"
}
