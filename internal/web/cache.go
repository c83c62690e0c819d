package web

import (
	"bytes"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

const (
	// cacheBytes bounds the memory of kept pages: about 1,000 guides with
	// their variants.
	cacheBytes = 48 << 20
	// clockStep is how often pages turn stale by the clock alone.
	clockStep = 10 * time.Minute
	// maxKey keeps absurd addresses out of the cache.
	maxKey = 256
)

// ElderCookie is set to 1 for readers who chose the large-print dress (长者版).
const ElderCookie = "elder"

// Elder reports whether this request asks for the large-print dress.
func Elder(c *fiber.Ctx) bool { return c.Cookies(ElderCookie) == "1" }

// Forever is the Cache-Control of an address whose bytes never change.
const Forever = "public, max-age=31536000, immutable"

// Locals keys that mark an answer.
type (
	cacheable struct{} // to be kept
	forever   struct{} // never changes
	counted   struct{} // its readers are counted
	lifetime  struct{} // how old it may become
)

// Cacheable marks the answer of this GET as the same for everybody in the same
// dress. Every query parameter is part of the page's name, so a handler calls
// it only when it has used all of them.
func Cacheable(c *fiber.Ctx) { c.Locals(cacheable{}, true) }

// CacheableFor is Cacheable for a page that shows what no journal row tells of,
// such as free places: it is made anew when it is older than d, and as soon as
// the position has moved.
func CacheableFor(c *fiber.Ctx, d time.Duration) {
	Cacheable(c)
	c.Locals(lifetime{}, d)
}

// CacheableForever is Cacheable for an address that names its bytes, so that
// browsers need not ask again.
func CacheableForever(c *fiber.Ctx) {
	Cacheable(c)
	c.Locals(forever{}, true)
}

// Count adds one to reads for each reader who is given this page, also from the
// cache, until it is made anew. HEAD, staff and robots are not readers.
func Count(c *fiber.Ctx, reads *atomic.Int64) { c.Locals(counted{}, reads) }

// isReader tells a person from staff at work and from robots that say so.
func (s *Server) isReader(ctx *fasthttp.RequestCtx) bool {
	h := &ctx.Request.Header
	if !ctx.IsGet() || s.cfg.StaffCookie != "" && len(h.Cookie(s.cfg.StaffCookie)) > 0 {
		return false
	}
	agent := h.UserAgent()
	for _, word := range robots {
		if bytes.Contains(agent, word) {
			return false
		}
	}
	return len(agent) > 0
}

// robots are words in the names of programs that read without a person.
var robots = [][]byte{[]byte("bot"), []byte("Bot"), []byte("pider"), []byte("rawl"), []byte("curl/"), []byte("Wget"),
	[]byte("python"), []byte("Go-http-client"), []byte("HeadlessChrome"), []byte("wrk")}

// pageCache keeps pages up to a number of bytes.
type pageCache struct {
	limit int64
	mu    sync.RWMutex
	pages map[string]*page
	ring  []*page // the evictor walks it in a circle
	hand  int
	bytes atomic.Int64
	zip   compressors
}

func newPageCache(limit int64) *pageCache {
	return &pageCache{limit: limit, pages: make(map[string]*page)}
}

// appendKey names the answer to a request: dress and address.
func appendKey(buf []byte, ctx *fasthttp.RequestCtx) []byte {
	dress := byte('n')
	if string(ctx.Request.Header.Cookie(ElderCookie)) == "1" {
		dress = 'e'
	}
	return append(append(buf, dress), ctx.Request.Header.RequestURI()...)
}

func (pc *pageCache) get(key []byte) *page {
	pc.mu.RLock()
	defer pc.mu.RUnlock()
	return pc.pages[string(key)]
}

// put keeps a page in place of an older one and makes room if it must.
func (pc *pageCache) put(p *page) {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	if old := pc.pages[p.key]; old != nil {
		p.slot = old.slot
		pc.ring[p.slot] = p
		pc.bytes.Add(-old.size)
	} else {
		p.slot = len(pc.ring)
		pc.ring = append(pc.ring, p)
	}
	pc.pages[p.key] = p
	pc.bytes.Add(p.size)
	pc.evict(p)
}

// evict drops pages nobody asked for since its last round (the clock
// algorithm) until the rest fits. The newest stays.
func (pc *pageCache) evict(newest *page) {
	for pc.bytes.Load() > pc.limit && len(pc.ring) > 1 {
		if pc.hand >= len(pc.ring) {
			pc.hand = 0
		}
		p := pc.ring[pc.hand]
		if p == newest || p.used.Swap(false) {
			pc.hand++
			continue
		}
		last := pc.ring[len(pc.ring)-1]
		last.slot = p.slot
		pc.ring[p.slot] = last
		pc.ring = pc.ring[:len(pc.ring)-1]
		delete(pc.pages, p.key)
		pc.bytes.Add(-p.size)
	}
}

// version is what a page must be as new as.
type version struct {
	position int64 // of the journal
	clock    int64 // in clockSteps
}

func (s *Server) version(now time.Time) version {
	return version{position: s.cfg.Position(), clock: now.Unix() / int64(clockStep/time.Second)}
}

// serveFresh answers from the cache what is as new as it can be, and reports
// whether it could. This is the way of nearly every request: it must not wait,
// allocate or do anything twice.
func (s *Server) serveFresh(ctx *fasthttp.RequestCtx) bool {
	if !ctx.IsGet() && !ctx.IsHead() {
		return false
	}
	var buf [maxKey + 64]byte
	p := s.cache.get(appendKey(buf[:0], ctx))
	if p == nil {
		return false
	}
	if now := s.cfg.Now(); p.version != s.version(now) || p.expired(now) {
		return false
	}
	s.hit(ctx, p, s.ids.next(buf[:0]))
	return true
}

// hit answers with a kept page.
func (s *Server) hit(ctx *fasthttp.RequestCtx, p *page, id []byte) {
	if !p.used.Load() {
		p.used.Store(true)
	}
	if p.reads != nil && s.isReader(ctx) {
		p.reads.Add(1)
	}
	p.answer(ctx, id)
	s.metrics.hit()
}

// awaitFresh is for a request that found no fresh page. When there is a stale
// one it returns that, locked: of those who find it stale together, one makes
// the new page and the others wait here and are served it.
func (s *Server) awaitFresh(ctx *fasthttp.RequestCtx, start time.Time, v version, id []byte) (served bool, stale *page) {
	if !ctx.IsGet() && !ctx.IsHead() || ctx.UserValue(uncached{}) != nil {
		return false, nil
	}
	key := appendKey(nil, ctx)
	p := s.cache.get(key)
	for p != nil && (p.version != v || p.expired(start)) {
		p.remake.Lock()
		now := s.cache.get(key)
		if now == p {
			return false, p
		}
		p.remake.Unlock()
		if now != nil && now.version != v && now.version.position >= v.position {
			return false, nil // newer than what we asked for: make our own, once
		}
		p = now
	}
	if p == nil {
		return false, nil
	}
	s.hit(ctx, p, id)
	return true, nil
}

// keep stores the answer when its handler marked it, and answers from there,
// so that the first reader gets the same headers as the next.
// start is when the request came: what the page shows may be as old as that.
func (s *Server) keep(c *fiber.Ctx, start time.Time, v version, id []byte) {
	ctx := c.Context()
	if ctx.UserValue(uncached{}) != nil {
		return
	}
	reads, _ := c.Locals(counted{}).(*atomic.Int64)
	if reads != nil && c.Response().StatusCode() == fiber.StatusOK && s.isReader(ctx) {
		reads.Add(1)
	}
	if c.Locals(cacheable{}) == nil || c.Response().StatusCode() != fiber.StatusOK || !(ctx.IsGet() || ctx.IsHead()) {
		s.compressOnce(ctx)
		return
	}
	key := appendKey(nil, ctx)
	p := newPage(string(key), v, &s.cache.zip, &c.Response().Header, c.Locals(forever{}) != nil, c.Response().Body())
	p.reads = reads
	if d, ok := c.Locals(lifetime{}).(time.Duration); ok {
		p.until = start.Add(d)
	}
	if len(key) <= maxKey {
		s.cache.put(p)
	}
	p.answer(ctx, id)
}
