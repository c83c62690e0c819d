package site

import (
	"context"
	"slices"

	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/themes"
)

// dress gives pictures, which have only their address, the sizes there are of
// them. One that the library does not know stays as it is.
func (s *Site) dress(ctx context.Context, pictures ...*themes.Picture) error {
	addresses := make([]string, len(pictures))
	for i, p := range pictures {
		addresses[i] = p.Src
	}
	found, err := s.objects(ctx, addresses)
	if err != nil {
		return err
	}
	for _, p := range pictures {
		if o, ok := found[keyOf(p.Src)]; ok {
			p.Width, p.Height = o.Width, o.Height
			p.SrcSet, p.Src = o.SrcSet(), o.Fallback()
			p.Focus = o.FocusClass()
		}
	}
	return nil
}

// dressCards does it for the covers of lists.
func (s *Site) dressCards(ctx context.Context, lists ...[]themes.Card) error {
	var covers []*themes.Picture
	for _, list := range lists {
		for i := range list {
			if list[i].Cover.Src != "" {
				covers = append(covers, &list[i].Cover)
			}
		}
	}
	return s.dress(ctx, covers...)
}

// noteFiles says of what kind and how large the files are.
func (s *Site) noteFiles(ctx context.Context, files []themes.Attachment) error {
	addresses := make([]string, len(files))
	for i, f := range files {
		addresses[i] = f.Href
	}
	found, err := s.objects(ctx, addresses)
	if err != nil {
		return err
	}
	for i := range files {
		if o, ok := found[keyOf(files[i].Href)]; ok {
			files[i].Note = o.Note()
		}
	}
	return nil
}

// objects finds what the library knows of many addresses, in one query, by key.
func (s *Site) objects(ctx context.Context, addresses []string) (map[string]media.Object, error) {
	var keys []string
	for _, a := range addresses {
		if key := keyOf(a); key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return s.cfg.Media.GetMany(ctx, keys)
}

// keyOf is the key in an address of media; "" for other addresses.
func keyOf(address string) string {
	ref, err := media.ParsePath(address)
	if err != nil {
		return ""
	}
	return ref.Key
}
