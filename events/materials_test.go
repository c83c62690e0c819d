package events_test

import (
	"strings"
	"testing"

	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// brochures puts a title with so many copies into the warehouse.
func (k *desk) brochures(title string, qty int) stock.Material {
	k.Helper()
	m, err := k.Stock().SaveMaterial(k.Context(), coordinator, stock.Material{Title: title, Edition: "2026年版", Kind: stock.Handbook, Unit: "册"})
	if err == nil {
		err = k.Stock().Receive(k.Context(), coordinator, stock.Entry{Material: m.ID, Qty: qty})
	}
	if err != nil {
		k.Fatal(err)
	}
	return m
}

func (k *desk) shelf(m stock.Material, free, held, out int) {
	k.Helper()
	s, err := k.Stock().Material(k.Context(), m.ID)
	if err != nil || s.Free != free || s.Held != held || s.Out != out {
		k.Errorf("free %d, held %d, out %d, %v; want %d, %d, %d", s.Free, s.Held, s.Out, err, free, held, out)
	}
}

func TestMaterialsFollowTheSession(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		m := k.brochures("工资怎么要", 500)
		s := k.create()
		if err := k.AskMaterials(t.Context(), coordinator, s.ID, []stock.Line{{Material: m.ID, Qty: 200}}, false); err != nil {
			t.Fatal(err)
		}
		k.shelf(m, 500, 0, 0)
		s = k.must(k.PublishSession(t.Context(), coordinator, s.ID, s.Version))
		k.shelf(m, 300, 200, 0)
		for range 2 { // a double click
			if err := k.IssueMaterials(t.Context(), coordinator, s.ID, "slip-1", []stock.Line{{Material: m.ID, Qty: 50}}); err != nil {
				t.Fatal(err)
			}
		}
		k.shelf(m, 300, 150, 50)
		s = k.must(k.CancelSession(t.Context(), coordinator, s.ID, s.Version, "下暴雨"))
		k.shelf(m, 450, 0, 50)
		err := k.AskMaterials(t.Context(), coordinator, s.ID, []stock.Line{{Material: m.ID, Qty: 1}}, true)
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "已取消") {
			t.Errorf("reserving for a cancelled session: %v", err)
		}
		if err := k.ReturnMaterials(t.Context(), coordinator, s.ID, "slip-2", []stock.Line{{Material: m.ID, Qty: 50}}); err != nil {
			t.Fatal(err)
		}
		k.shelf(m, 500, 0, 0)
	})
}

// A session that wants more than there is cannot be published, and nothing of it
// is put aside.
func TestTooFewBrochuresStopTheStep(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		m := k.brochures("工资怎么要", 10)
		s := k.create()
		if err := k.AskMaterials(t.Context(), coordinator, s.ID, []stock.Line{{Material: m.ID, Qty: 11}}, false); err != nil {
			t.Fatal(err)
		}
		_, err := k.PublishSession(t.Context(), coordinator, s.ID, s.Version)
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "只有 10 册") {
			t.Errorf("publish: %v", err)
		}
		k.shelf(m, 10, 0, 0)
	})
}
