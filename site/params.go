package site

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// maxPage keeps nonsense away from the database; no list is so long.
const maxPage = 100_000

// pageNumber reads ?page=. Only the plain form counts, so that each page has
// one address.
func pageNumber(c *fiber.Ctx) (int, error) {
	raw := c.Query("page")
	if raw == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 1 || strconv.Itoa(n) != raw {
		return 0, errs.New(errs.Invalid, "页码不对，应当是从 1 开始的数字。请从列表第一页看起。", "page is not a number from 1")
	}
	if n > maxPage {
		return 0, noPage(n)
	}
	return n, nil
}

// noPage says that a list is not so long.
func noPage(n int) error {
	return errs.New(errs.NotFound, "没有这么多页，请回到列表第一页。", "page %d is beyond the end", n)
}

// cacheable lets the page be kept when its address has only these parameters,
// each once: the page depends on them and on nothing else.
func cacheable(c *fiber.Ctx, params ...string) {
	if plainAddress(c, params) {
		web.Cacheable(c)
	}
}

// fresh is how old a page may be that shows free places: sign-ups are in no
// journal, so a rush on one session leaves the other pages alone.
const fresh = time.Second

// cacheableFresh is cacheable for a page that may show free places.
func cacheableFresh(c *fiber.Ctx, places bool, params ...string) {
	if !places {
		cacheable(c, params...)
	} else if plainAddress(c, params) {
		web.CacheableFor(c, fresh)
	}
}

// plainAddress reports that the address has only these parameters, each once.
func plainAddress(c *fiber.Ctx, params []string) bool {
	seen := make([]string, 0, len(params))
	for key := range c.Context().QueryArgs().All() {
		name := string(key)
		if !slices.Contains(params, name) || slices.Contains(seen, name) {
			return false
		}
		seen = append(seen, name)
	}
	return true
}

// address is a path with parameters; empty ones are left out.
func address(path string, params ...string) string {
	args := fiber.AcquireArgs()
	defer fiber.ReleaseArgs(args)
	for i := 0; i+1 < len(params); i += 2 {
		if params[i+1] != "" {
			args.Set(params[i], params[i+1])
		}
	}
	if args.Len() == 0 {
		return path
	}
	return path + "?" + args.String()
}

// number writes a page's number for an address; the first page has none.
func number(n int) string {
	if n <= 1 {
		return ""
	}
	return strconv.Itoa(n)
}

// pager leads through a list; at makes the address of its n-th page.
func pager(page, pages, total int, at func(n string) string) themes.Pager {
	p := themes.Pager{Page: page, Pages: pages, Total: total}
	if pages < 2 {
		return themes.Pager{}
	}
	if page > 1 {
		p.Prev = at(number(page - 1))
	}
	if page < pages {
		p.Next = at(number(page + 1))
	}
	return p
}
