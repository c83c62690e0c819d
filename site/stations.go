package site

import (
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// station is a place as a page shows it.
func station(st events.Station) themes.Station {
	return themes.Station{ID: st.Code, Name: st.Name, Tier: st.Tier.Label(), Town: st.TownName,
		Address: st.Address, Phone: st.Phone, Hours: st.Hours, Bus: st.Bus, Note: st.Note}
}

// townOptions are the towns to choose from, behind 全部.
func townOptions(towns []events.Town, chosen string) []themes.Option {
	list := make([]themes.Option, 0, len(towns)+1)
	list = append(list, themes.Option{Name: "全部镇街", Selected: chosen == ""})
	for _, t := range towns {
		list = append(list, themes.Option{Value: t.Code, Name: t.Name, Selected: t.Code == chosen})
	}
	return list
}
