package events

import (
	"context"
	"slices"

	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// VerifyReport says that what was handed in is right: by somebody who typed in
// neither part. It writes the facts and the public outcome in the same
// transaction. Of a verified session it approves an amendment: what is in a
// frozen period becomes an adjustment in the open one.
func (s *Store) VerifyReport(ctx context.Context, actor auth.Actor, session string, version int) (_ Session, err error) {
	defer errs.Wrap(&err, "verify report of %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return Session{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := s.changeIn(ctx, tx, actor, session, version, "report.verify", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
			return s.verifyReport(ctx, tx, actor, r)
		})
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return s.SessionByID(ctx, session)
}

func (s *Store) verifyReport(ctx context.Context, tx *db.Tx, actor auth.Actor, r *record) (string, error) {
	sh, err := s.sheet(ctx, tx, r.Session)
	if err != nil {
		return "", err
	}
	amends := r.State == Verified || r.State == Archived
	if !amends {
		if err := r.State.step(Verified); err != nil {
			return "", err
		}
		r.State, r.VerifiedAt = Verified, s.now()
	}
	var pending []*PartReport
	for _, part := range Parts() {
		p := sh.Part(part)
		if p.State == PartSubmitted {
			pending = append(pending, p)
		}
		if slices.Contains(p.Writers, actor.ID) && p.State == PartSubmitted {
			return "", errs.New(errs.Forbidden, part.Label()+"是您填写或改过的，请另一位同事核实。", "actor %s wrote %s", actor.ID, part)
		}
	}
	if len(pending) == 0 || !amends && len(pending) < len(Parts()) {
		return "", errs.New(errs.Conflict, "没有待核实的报告，请刷新后再看。", "%d parts are submitted", len(pending))
	}
	for _, p := range pending {
		if err := s.verifyPart(ctx, tx, actor, p); err != nil {
			return "", err
		}
	}
	if err := s.writeFacts(ctx, tx, actor, r, &sh); err != nil {
		return "", err
	}
	if amends {
		return "更正场次《" + r.Title + "》的结果：" + pending[0].Reason, nil
	}
	return "核实场次《" + r.Title + "》的结果", s.tellReporter(ctx, tx, r.Session, "verified", "结果已核实："+r.Title,
		"“"+r.Title+"”的结果已经核实，谢谢您。到场、发放和咨询的数字会在活动页面上公布。")
}

func (s *Store) verifyPart(ctx context.Context, tx *db.Tx, actor auth.Actor, p *PartReport) error {
	if err := problems(p.Blocks).err(); err != nil { // the stock may have moved since it was handed in
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE report SET state = 'superseded', updated_at = $4 WHERE session = $1 AND part = $2 AND version < $3 AND state = 'verified'`,
		p.Session, p.Part, p.Version, s.now().UnixMilli())
	if err != nil {
		return err
	}
	now := s.now()
	p.State, p.VerifiedBy, p.Verified = PartVerified, actor.ID, now
	_, err = db.Exec(ctx, tx, `UPDATE report SET state = 'verified', rev = rev + 1, verified_by = $2, verified_at = $3, updated_at = $3 WHERE id = $1`,
		p.ID, actor.ID, now.UnixMilli())
	return err
}

// writeFacts states what the verified parts say.
func (s *Store) writeFacts(ctx context.Context, tx *db.Tx, actor auth.Actor, r *record, sh *ReportSheet) error {
	host, legal := verifiedPart(sh, HostPart), verifiedPart(sh, LegalPart)
	var lines []reportLine
	version, reason := 0, ""
	for _, p := range []*PartReport{host, legal} {
		if p == nil {
			return errs.New(errs.Internal, "", "session %s is verified without both parts", r.ID)
		}
		lines = append(lines, p.Form.lines(p.Part)...)
		version += p.Version
		if p.Reason != "" && p.VerifiedBy == actor.ID {
			reason = p.Reason
		}
	}
	if err := s.settleReported(ctx, tx, actor, r.Session, host.Form); err != nil {
		return err
	}
	facts := make([]figures.Fact, 0, len(lines)+1)
	for i := range lines {
		if !sh.readable(lines[i].Material) {
			lines[i].Measure = "giveaway"
		}
	}
	r.Outcome = outcomeOf(lines)
	for _, l := range append([]reportLine{{Measure: "session", Qty: 1}}, lines...) {
		facts = addFact(facts, l.fact(r.Session))
	}
	return s.figures.Write(ctx, tx, actor, figures.Source{Kind: "session", ID: r.ID, Text: reason}, version-1, facts)
}

// verifiedPart is the version that stands: the newest if it was just verified.
func verifiedPart(sh *ReportSheet, part Part) *PartReport {
	if p := sh.Part(part); p.State == PartVerified {
		return p
	}
	return standing(sh.Versions, part)
}

// readable reports whether a material is a brochure; what is not of our stock is.
func (s *ReportSheet) readable(material string) bool {
	i := slices.IndexFunc(s.Issued, func(is Issued) bool { return is.Material == material })
	return material == "" || i < 0 || isBrochure(s.Issued[i].Unit)
}

// addFact joins a fact to one of the same measure and category: two lawyers
// answered questions about wages.
func addFact(facts []figures.Fact, f figures.Fact) []figures.Fact {
	for i := range facts {
		if facts[i].Measure == f.Measure && facts[i].Category == f.Category {
			facts[i].Qty, facts[i].Fen = facts[i].Qty+f.Qty, facts[i].Fen+f.Fen
			return facts
		}
	}
	return append(facts, f)
}

func (l reportLine) fact(se Session) figures.Fact {
	return figures.Fact{Measure: l.Measure, Category: l.Category, Qty: int64(l.Qty), Fen: l.Fen, Date: se.Day(), Town: se.Town,
		Type: string(se.Type), Host: se.Organizer, Estimate: l.Estimate}
}

// outcomeOf is what readers are told of the lines.
func outcomeOf(lines []reportLine) *Outcome {
	var o Outcome
	for _, l := range lines {
		switch l.Measure {
		case "attendance":
			o.Attendance += l.Qty
		case "brochure":
			o.Brochures += l.Qty
		case "consultation":
			o.Consultations += l.Qty
		case "document_copy":
			o.Documents += l.Qty
		}
	}
	return &o
}

// AmendReport asks to correct a verified part, with the reason. Nothing changes
// until somebody else approves it with VerifyReport, or refuses it with
// ReturnReport.
func (s *Store) AmendReport(ctx context.Context, actor auth.Actor, session string, part Part, form ReportForm, reason, override string) (_ PartReport, err error) {
	defer errs.Wrap(&err, "amend report %s", part)
	reason, override = oneLine(reason), oneLine(override)
	form.clip()
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.amend(ctx, tx, actor, session, part, form, reason, override)
	})
	if err != nil {
		return PartReport{}, err
	}
	sh, err := s.ReportSheet(ctx, session)
	return *sh.Part(part), err
}

func (s *Store) amend(ctx context.Context, tx *db.Tx, actor auth.Actor, session string, part Part, form ReportForm, reason, override string) error {
	se, err := lockRecord(ctx, tx, session)
	if err != nil {
		return err
	}
	if err := s.mayReport(ctx, tx, actor, session, part); err != nil {
		return err
	}
	if se.State != Verified && se.State != Archived {
		return errs.New(errs.Conflict, "这一场的结果还没有核实，直接改报告就行。", "session is %s", se.State)
	}
	sh, err := s.sheet(ctx, tx, se.Session)
	if err != nil {
		return err
	}
	old := *sh.Part(part)
	switch {
	case !old.Saved():
		return errs.New(errs.Conflict, "这一场的结果是从表格导入的，没有报告可以更正。请改好表格再导入。", "session has no report")
	case old.State == PartSubmitted:
		return errs.New(errs.Conflict, "这一部分已有一份更正在等核实，请先处理完那一份。", "an amendment is open")
	}
	p := PartReport{Session: session, Part: part, Version: old.Version + 1, State: PartSubmitted, Rev: 1, Form: form, Reason: reason,
		Override: override, Submitted: s.now()}
	var ps problems
	ps.text("reason", "更正的原因", reason, 4, 200)
	p.Blocks, p.Warns = form.Problems(part, sh.Basis())
	p.Blocks = append(p.Blocks, ps...)
	if err := judged(p, override); err != nil {
		return err
	}
	if err := s.keepReport(ctx, tx, actor, &p); err != nil {
		return err
	}
	if err := keepLines(ctx, tx, p); err != nil {
		return err
	}
	s.recordSession(tx, actor, "report.amend", se.Session, "申请更正场次《"+se.Title+"》的结果："+reason)
	return nil
}
