package content

import (
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

// Action is one thing that can be done to an edition.
type Action string

// The actions. Their text is the end of the audit's action: document.submit.
const (
	ActCreate     Action = "create"
	ActSave       Action = "save"
	ActSubmit     Action = "submit"
	ActRecall     Action = "recall"
	ActReturn     Action = "return"
	ActPublish    Action = "publish"
	ActSchedule   Action = "schedule"
	ActUnschedule Action = "unschedule"
	ActRevise     Action = "revise"
	ActWithdraw   Action = "withdraw"
	ActRestore    Action = "restore"
	ActUnpublish  Action = "unpublish"
	ActDelete     Action = "delete"
	ActRename     Action = "rename"
	ActImport     Action = "import"
	ActClear      Action = "clear"
	ActApprove    Action = "approve"
	ActRefuse     Action = "refuse"
	ActUrge       Action = "urge"
	ActForce      Action = "force"
	ActAmend      Action = "amend"
)

// Label is the Chinese name, for buttons and for the history of an edition.
func (a Action) Label() string { return actionLabels[a] }

var actionLabels = map[Action]string{
	ActCreate: "新建", ActSave: "保存", ActSubmit: "提交审核", ActRecall: "收回", ActReturn: "退回修改",
	ActPublish: "发布", ActSchedule: "定时发布", ActUnschedule: "取消定时", ActRevise: "修订",
	ActWithdraw: "撤回", ActRestore: "恢复", ActUnpublish: "下线", ActDelete: "删除", ActRename: "改地址",
	ActImport: "导入", ActClear: "保密审查", ActApprove: "审核通过", ActRefuse: "事后审核不同意", ActUrge: "请求应急发布",
	ActForce: "应急发布", ActAmend: "写修改说明",
}

// transition is one row of the workflow.
type transition struct {
	from   State
	action Action
	to     State
	may    auth.Permission // who
	stage  bool            // or, where the column has stages, whose stage it is: see Walk.Refusal
	reason bool            // readers or the author are told why, so why must be given
	fit    bool            // the text must be fit for readers: see check
}

// removed is where a deleted draft goes: nowhere.
const removed State = ""

// transitions is the whole workflow. What is not here is refused as a Conflict.
// Revise makes a second edition and leaves the first as it is; all other rows
// change the one edition they are about. "Live" is what readers get.
var transitions = []transition{
	// A draft is the author's desk: it may be saved in any condition.
	{from: Draft, action: ActSave, to: Draft, may: auth.Write},
	// The author thinks it is done; from here a reviewer has the word. It must be fit for readers, or the reviewer would only repeat the machine.
	{from: Draft, action: ActSubmit, to: Submitted, may: auth.Write, fit: true},
	// Small bureaus have one person for both; with Config.TwoPerson the actor must not have written it.
	{from: Draft, action: ActPublish, to: Published, may: auth.Publish, fit: true},
	// The same, at a later time.
	{from: Draft, action: ActSchedule, to: Scheduled, may: auth.Publish, fit: true},
	// What readers will be told of the change; fixed once reviewers have it.
	{from: Draft, action: ActAmend, to: Draft, may: auth.Write},
	// 保密审查, by name, for this very text.
	{from: Draft, action: ActClear, to: Draft, may: auth.Write},
	// It cannot wait for the review: a second person must confirm.
	{from: Draft, action: ActUrge, to: Submitted, may: auth.Publish, reason: true, fit: true},
	// Only drafts are ever deleted. A document that has no other edition goes with it.
	{from: Draft, action: ActDelete, to: removed, may: auth.Write},

	// The reviewer mends a comma without sending the text around.
	{from: Submitted, action: ActSave, to: Submitted, may: auth.Publish},
	// The author saw a mistake after submitting.
	{from: Submitted, action: ActRecall, to: Draft, may: auth.Write},
	// Back to the author, who must be told what to change.
	{from: Submitted, action: ActReturn, to: Draft, may: auth.Publish, stage: true, reason: true},
	// One stage of the column is passed; the last one opens the way to readers.
	{from: Submitted, action: ActApprove, to: Submitted, stage: true},
	{from: Submitted, action: ActClear, to: Submitted, may: auth.Write},
	{from: Submitted, action: ActUrge, to: Submitted, may: auth.Publish, reason: true, fit: true},
	// 应急发布: the second person. The stages are walked afterwards.
	{from: Submitted, action: ActForce, to: Published, may: auth.Publish, fit: true},
	// Readers get it now; the edition that was live is superseded.
	{from: Submitted, action: ActPublish, to: Published, may: auth.Publish, fit: true},
	// Readers get it when it is due. Its text is frozen until then, so what was checked is what comes out.
	{from: Submitted, action: ActSchedule, to: Scheduled, may: auth.Publish, fit: true},

	// Sooner than planned; the clock also comes through this row, as the system.
	{from: Scheduled, action: ActPublish, to: Published, may: auth.Publish, fit: true},
	// Another time.
	{from: Scheduled, action: ActSchedule, to: Scheduled, may: auth.Publish, fit: true},
	// Back to the desk, since a reason to stop is a reason to change.
	{from: Scheduled, action: ActUnschedule, to: Draft, may: auth.Publish},

	// The review of what was published in an emergency, after the fact.
	{from: Published, action: ActClear, to: Published, may: auth.Write},
	{from: Published, action: ActApprove, to: Published, stage: true},
	{from: Published, action: ActRefuse, to: Published, stage: true, reason: true},
	// A correction: a new draft with the same text; readers keep this one until that is published.
	{from: Published, action: ActRevise, to: Published, may: auth.Write},
	// It stays readable under a notice that says why, and leaves lists and search.
	{from: Published, action: ActWithdraw, to: Withdrawn, may: auth.Publish, reason: true},
	// Its address answers "gone", or leads somewhere else.
	{from: Published, action: ActUnpublish, to: Unpublished, may: auth.Publish, reason: true},

	// A withdrawn text is mended by a new edition, which supersedes it and ends the notice.
	{from: Withdrawn, action: ActRevise, to: Withdrawn, may: auth.Write},
	// The withdrawal was a mistake.
	{from: Withdrawn, action: ActRestore, to: Published, may: auth.Publish, fit: true},
	// The notice has done its work.
	{from: Withdrawn, action: ActUnpublish, to: Unpublished, may: auth.Publish, reason: true},

	// The address comes to life again when the new edition is published.
	{from: Unpublished, action: ActRevise, to: Unpublished, may: auth.Write},
	// The address works again at once, with the old text and its old publication time.
	{from: Unpublished, action: ActRestore, to: Published, may: auth.Publish, fit: true},

	// An older text is taken up again as a new draft; history itself never changes.
	{from: Superseded, action: ActRevise, to: Superseded, may: auth.Write},
}

// row finds the transition, or says in the person's words why there is none.
func row(from State, action Action) (transition, error) {
	i := slices.IndexFunc(transitions, func(t transition) bool { return t.from == from && t.action == action })
	if i < 0 {
		return transition{}, errs.New(errs.Conflict, "这一版现在是“"+from.Label()+"”，不能"+action.Label()+"。请刷新页面，看看最新情况。",
			"no transition from %s by %s", from, action)
	}
	return transitions[i], nil
}

// Possible lists what the actor may do to the edition now, in the table's
// order: the buttons of the editor's page. It does not look at the text. The
// edition must know its Review, as those from Edition and from steps do.
func (s *Store) Possible(actor auth.Actor, d Document, e Edition) []Action {
	var list []Action
	for _, t := range transitions {
		if t.from == e.State && s.possible(actor, d, e, t) {
			list = append(list, t.action)
		}
	}
	return list
}

func (s *Store) possible(actor auth.Actor, d Document, e Edition, t transition) bool {
	w := &work{Store: s, actor: actor, at: s.now()}
	c := &change{action: t.action, walk: &e.Review}
	if w.may(t, e, c) != nil {
		return false
	}
	switch t.action {
	case ActRevise:
		return d.HeadID == d.LiveID // else somebody revises already
	case ActSubmit:
		return true // a missing 保密审查 is told when it is tried
	case ActUrge:
		return w.judgeUrge(c.walk) == nil
	case ActAmend:
		return d.LiveID != ""
	case ActPublish:
		if s.needsSecond(actor, e) {
			return false
		}
	}
	return w.judge(e, c) == nil
}

// needsSecond reports that this actor wrote the text and so may not be the one
// who publishes it.
func (s *Store) needsSecond(actor auth.Actor, e Edition) bool {
	if !s.cfg.TwoPerson || slices.Contains(actor.Roles, auth.Admin) {
		return false
	}
	return slices.ContainsFunc(e.Trail, func(step Step) bool {
		wrote := step.Action == ActCreate || step.Action == ActSave || step.Action == ActSubmit || step.Action == ActRevise
		return wrote && step.Actor == actor.ID
	})
}

// record notes a step. Saving again and again is one step, or autosave would
// bury the history.
func (e *Edition) record(action Action, actor auth.Actor, at time.Time, reason string) {
	step := Step{Action: action, At: at, Actor: actor.ID, Name: actor.Name, Reason: reason}
	if n := len(e.Trail); action == ActSave && n > 0 && e.Trail[n-1].Action == ActSave && e.Trail[n-1].Actor == actor.ID {
		e.Trail[n-1] = step
		return
	}
	e.Trail = append(e.Trail, step)
}
