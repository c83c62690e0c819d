package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/search"
)

type checkCmd struct {
	Quick bool `help:"Do not read the bytes of the media, only look that they are there."`
}

// checkPart looks at one part and counts what an operator has to mend.
type checkPart struct {
	name string
	look func(context.Context, *environment, *core) (bad int, err error)
}

// Run looks at everything and says what is wrong; it ends with 1 when an
// operator has to do something. What only an editor should know, such as a
// citation of a law that is not loaded, is printed and does not fail.
func (c checkCmd) Run(env *environment) error {
	parts := []checkPart{{"数据库", checkDatabase}, {"操作日志", checkAudit}, {"文档", checkContent}, {"场次", checkSessions}, {"素材", c.checkMedia}, {"索引", checkIndex}}
	return withCore(env, func(core *core) error {
		bad := 0
		for _, part := range parts {
			bad += part.run(env, core)
		}
		if bad > 0 {
			return errFailed
		}
		return nil
	})
}

func (p checkPart) run(env *environment, core *core) int {
	bad, err := p.look(env.ctx, env, core)
	if err != nil {
		bad++
		fmt.Fprintf(env.stderr, "%s: %v\n", p.name, err)
	}
	state := "正常"
	if bad > 0 {
		state = fmt.Sprintf("有 %d 处问题", bad)
	}
	fmt.Fprintf(env.stdout, "%s：%s\n", p.name, state)
	return bad
}

func checkDatabase(ctx context.Context, _ *environment, core *core) (int, error) {
	return 0, core.db.Ping(ctx)
}

func checkAudit(ctx context.Context, _ *environment, core *core) (int, error) {
	return 0, core.ledger.Verify(ctx)
}

func checkContent(ctx context.Context, env *environment, core *core) (bad int, err error) {
	items, err := core.content.Check(ctx)
	for _, item := range items {
		fmt.Fprintln(env.stdout, "  "+fmt.Sprint(item))
		if item.Level == content.Error {
			bad++
		}
	}
	return bad, err
}

// checkSessions adds places, brochures and frozen figures up again, and opens
// what the secret file has sealed.
func checkSessions(ctx context.Context, env *environment, core *core) (int, error) {
	wrong, err := core.events.Check(ctx)
	for _, line := range wrong {
		fmt.Fprintln(env.stdout, "  "+line)
	}
	return len(wrong), err
}

// checkMedia holds the store against the database, and both against the texts.
// What only lies about in the store does no harm.
func (c checkCmd) checkMedia(ctx context.Context, env *environment, core *core) (bad int, err error) {
	if err := core.objects.Ping(ctx); err != nil {
		return 0, err
	}
	err = core.media.Check(ctx, !c.Quick, func(p media.Problem) {
		if p.Name == "" {
			fmt.Fprintf(env.stdout, "  %s: 注意: %s\n", p.Key, p.What)
			return
		}
		bad++
		fmt.Fprintf(env.stdout, "  素材 %s（%s）：%s，请从备份恢复\n", p.Key, p.Name, p.What)
	})
	if err != nil {
		return bad, err
	}
	used, err := core.content.MediaAddresses(ctx)
	if err != nil {
		return bad, err
	}
	for _, address := range slices.Sorted(maps.Keys(used)) {
		if err := core.findMedia(ctx, address); errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid) {
			bad++
			fmt.Fprintf(env.stdout, "  %s 用到的素材 %s 不在素材库里，请重新上传后替换\n", used[address], address)
		} else if err != nil {
			return bad, err
		}
	}
	return bad, nil
}

func (c *core) findMedia(ctx context.Context, address string) error {
	ref, err := media.ParsePath(address)
	if err != nil {
		return err
	}
	_, err = c.media.Get(ctx, ref.Key)
	return err
}

// checkIndex opens the index unless a running server holds it, which then
// looks after it by itself.
func checkIndex(ctx context.Context, env *environment, core *core) (int, error) {
	x, err := core.openIndex(ctx)
	if errs.Is(err, errs.Unavailable) {
		fmt.Fprintln(env.stdout, "  索引正由运行中的服务使用，其状态见 /readyz")
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer x.Close()
	if err := x.Ready(); errs.Is(err, errs.Unavailable) {
		fmt.Fprintln(env.stdout, "  索引还没有建好，启动服务后自动建立")
		return 0, nil
	} else if err != nil {
		return 0, err
	}
	if behind := core.ledger.Position() - x.Position(); behind > 0 {
		fmt.Fprintf(env.stdout, "  索引落后 %d 条变更，启动服务后自动补上\n", behind)
	}
	return 0, nil
}

// indexDir is the index of this node, below the data directory.
const indexDir = "index"

func (c *core) openIndex(ctx context.Context) (*search.Index, error) {
	cfg := c.searchConfig()
	cfg.Dir = filepath.Join(c.cfg.Data, indexDir)
	return search.Open(ctx, cfg)
}

func (c *core) searchConfig() search.Config {
	return search.Config{Content: c.content, Laws: c.laws, Events: c.events, Ledger: c.ledger, Now: c.now, Log: c.log}
}

func (c *core) deskConfig() search.DeskConfig {
	return search.DeskConfig{DB: c.db, Ledger: c.ledger, Base: c.cfg.base, Now: c.now, Log: c.log}
}

// offlineDesk is for commands that leave the index to a running server.
func (c *core) offlineDesk(ctx context.Context) (*search.Desk, error) {
	return search.OfflineDesk(ctx, c.searchConfig(), c.deskConfig())
}

type reindexCmd struct{}

// Run makes anew what is derived from the texts, for after an upgrade that
// renders differently, and then the index of this node. When a server is running
// here, it is asked through the journal to make the index itself, beside
// answering: two programs cannot have it open.
func (reindexCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		if err := core.events.Figures().RebuildSums(env.ctx); err != nil {
			return err
		}
		changed, err := core.content.RerenderAll(env.ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "重新生成页面的文档：%d\n", changed)
		x, err := core.openIndex(env.ctx)
		if errs.Is(err, errs.Unavailable) {
			if err := core.requestReindex(env.ctx); err != nil {
				return err
			}
			fmt.Fprintln(env.stdout, "服务正在运行：已通知各节点重建索引，期间搜索照常")
			return nil
		}
		if err != nil {
			return err
		}
		p := newProgress(env, "重建索引")
		err = x.Rebuild(env.ctx, p.show)
		p.done()
		if err = errors.Join(err, x.Close()); err != nil {
			return err
		}
		fmt.Fprintln(env.stdout, "索引已重建")
		return nil
	})
}
