package wechat

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

// fake is the API as its manual describes it, as far as songfa calls it.
type fake struct {
	*httptest.Server
	tokens  atomic.Int64
	current atomic.Value // string
	drafts  []map[string]any
	fail    int // code that every call but the token's answers
}

func newFake(t *testing.T) *fake {
	f := &fake{}
	f.current.Store("")
	mux := http.NewServeMux()
	say := func(w http.ResponseWriter, v any) {
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	mux.HandleFunc("POST /cgi-bin/stable_token", func(w http.ResponseWriter, r *http.Request) {
		var in map[string]string
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in["secret"] != "s3cret" {
			say(w, map[string]any{"errcode": 40125, "errmsg": "invalid appsecret"})
			return
		}
		token := fmt.Sprintf("token-%d", f.tokens.Add(1))
		f.current.Store(token)
		say(w, map[string]any{"access_token": token, "expires_in": 7200})
	})
	guarded := func(path string, answer func(r *http.Request) any) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.FormValue("access_token") != f.current.Load():
				say(w, map[string]any{"errcode": 42001, "errmsg": "access_token expired"})
			case f.fail != 0:
				say(w, map[string]any{"errcode": f.fail, "errmsg": "no"})
			default:
				say(w, answer(r))
			}
		})
	}
	picture := func(r *http.Request) string {
		file, head, err := r.FormFile("media")
		if err != nil {
			t.Error(err)
			return ""
		}
		body, err := io.ReadAll(file)
		if err != nil || len(body) == 0 {
			t.Errorf("empty picture, %v", err)
		}
		return head.Filename
	}
	guarded("/cgi-bin/media/uploadimg", func(r *http.Request) any {
		return map[string]any{"url": "https://mmbiz.qpic.cn/" + picture(r)}
	})
	guarded("/cgi-bin/material/add_material", func(r *http.Request) any {
		return map[string]any{"media_id": "cover-" + picture(r)}
	})
	guarded("/cgi-bin/draft/add", func(r *http.Request) any {
		var in struct {
			Articles []map[string]any `json:"articles"`
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &in)
		}
		if err != nil || strings.Contains(string(body), `\u003c`) {
			t.Errorf("draft %s: %v", body, err)
		}
		f.drafts = append(f.drafts, in.Articles...)
		return map[string]any{"media_id": fmt.Sprintf("draft-%d", len(f.drafts))}
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func TestDraft(t *testing.T) {
	f, now := newFake(t), time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	c := NewClient(ClientConfig{Base: f.URL, AppID: "wx1", Secret: "s3cret", Now: func() time.Time { return now }})
	cover, err := c.UploadCover(t.Context(), "a.jpg", []byte("jpg"))
	if err != nil || cover != "cover-a.jpg" {
		t.Fatalf("cover %q, %v", cover, err)
	}
	picture, err := c.UploadPicture(t.Context(), "b.png", []byte("png"))
	if err != nil || picture != "https://mmbiz.qpic.cn/b.png" {
		t.Fatalf("picture %q, %v", picture, err)
	}
	id, err := c.AddDraft(t.Context(), Draft{Title: "工资被拖欠怎么办", Digest: "先留证据", HTML: `<p style="margin:0">甲 & 乙</p>`, Source: "https://sfj.example.gov.cn/guides/qianxin", Cover: cover})
	if err != nil || id != "draft-1" || f.drafts[0]["content"] != `<p style="margin:0">甲 & 乙</p>` || f.drafts[0]["thumb_media_id"] != cover {
		t.Fatalf("%q, %v, %v", id, err, f.drafts)
	}
	if n := f.tokens.Load(); n != 1 {
		t.Errorf("%d tokens for three calls", n)
	}
	now = now.Add(2 * time.Hour)
	f.current.Store("taken by another program")
	if _, err := c.AddDraft(t.Context(), Draft{Title: "二", HTML: "<p>x</p>", Cover: cover}); err != nil || f.tokens.Load() != 2 {
		t.Errorf("after two hours: %v, %d tokens", err, f.tokens.Load())
	}
	f.current.Store("taken by another program")
	if _, err := c.AddDraft(t.Context(), Draft{Title: "三", HTML: "<p>x</p>", Cover: cover}); err != nil || len(f.drafts) != 3 {
		t.Errorf("with a token that ended early: %v", err)
	}
}

func TestDraftRefused(t *testing.T) {
	f := newFake(t)
	c := NewClient(ClientConfig{Base: f.URL, AppID: "wx1", Secret: "s3cret", Now: time.Now})
	for code, want := range map[int]string{48001: "没有草稿接口的权限", 45009: "次数用完了", 99999: "错误码 99999"} {
		f.fail = code
		_, err := c.AddDraft(t.Context(), Draft{Title: "x"})
		if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.MessageOf(err), want) {
			t.Errorf("%d: %v, %s", code, err, errs.MessageOf(err))
		}
	}
	wrong := NewClient(ClientConfig{Base: f.URL, AppID: "wx1", Secret: "other", Now: time.Now})
	if _, err := wrong.AddDraft(t.Context(), Draft{Title: "x"}); !strings.Contains(errs.MessageOf(err), "AppSecret") {
		t.Errorf("a wrong secret: %v", err)
	}
	f.Close()
	_, err := c.AddDraft(t.Context(), Draft{Title: "x"})
	if !errs.Is(err, errs.Unavailable) || strings.Contains(err.Error(), "token-") || strings.Contains(err.Error(), "access_token") {
		t.Errorf("away: %v", err)
	}
}
