package events

import (
	"context"
	"fmt"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// sealedSample is how many sealed rows of a table a check opens: enough to
// notice a wrong key, few enough for a million rows.
const sealedSample = 20

// Check looks whether places, brochures and frozen figures still add up, and
// whether the secret file still opens what it has sealed. It returns what is
// wrong, in Chinese, a line each.
func (s *Store) Check(ctx context.Context) (wrong []string, err error) {
	defer errs.Wrap(&err, "check sessions")
	places, err := s.RecountPlaces(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		where := "场次 " + p.No + " "
		if p.Pool != "" {
			where += "留给“" + p.Pool + "”"
		}
		wrong = append(wrong, fmt.Sprintf("%s的名额对不上：记着报名 %d 人、候补 %d 条，明细是 %d 人、%d 条", where, p.Taken, p.Waiting, p.RowsTaken, p.RowsWaiting))
	}
	n, err := s.Stock().Check(ctx)
	if err != nil {
		return wrong, err
	}
	if n > 0 {
		wrong = append(wrong, fmt.Sprintf("有 %d 处资料库存和出入库流水对不上", n))
	}
	periods, err := s.Figures().Periods(ctx)
	if err != nil {
		return wrong, err
	}
	for _, p := range periods {
		if err := s.Figures().VerifyPeriod(ctx, p.ID); err != nil {
			wrong = append(wrong, errs.MessageOf(err))
		}
	}
	if n, err = s.Figures().CheckSums(ctx); err != nil {
		return wrong, err
	}
	if n > 0 {
		wrong = append(wrong, fmt.Sprintf("有 %d 处统计合计和明细对不上，songfa reindex 会重新加总", n))
	}
	sealed, err := s.checkSealed(ctx)
	return append(wrong, sealed...), err
}

func (s *Store) checkSealed(ctx context.Context) (wrong []string, err error) {
	for _, table := range []string{"session", "request", "registration", "practitioner"} {
		var rows []struct{ ID, Personal string }
		err := db.Select(ctx, s.db.Reader(), &rows, `SELECT id, personal FROM `+table+` WHERE personal <> '' ORDER BY id DESC LIMIT $1`, sealedSample)
		if err != nil {
			return wrong, err
		}
		for _, r := range rows {
			var any map[string]any
			if s.vault.Open(table+":"+r.ID, r.Personal, &any) != nil {
				wrong = append(wrong, "个人信息打不开（"+table+"），密钥文件可能不是原来那个，请恢复原来的密钥文件")
				break
			}
		}
	}
	return wrong, nil
}
