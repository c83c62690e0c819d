package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

// ClientConfig names the account. Neither secret nor token is ever logged: the
// token is in addresses, so errors of the HTTP client are not passed on whole.
type ClientConfig struct {
	Base   string // of the API; "" is https://api.weixin.qq.com
	AppID  string
	Secret string
	HTTP   *http.Client // nil is one with a time limit
	Now    func() time.Time
}

// Client speaks to the API of a 公众号. It is safe for concurrent use.
type Client struct {
	cfg   ClientConfig
	mu    sync.Mutex
	token string
	until time.Time
}

const (
	callTime   = 20 * time.Second
	maxAnswer  = 1 << 20
	tokenSpare = 5 * time.Minute // a token is renewed so long before it ends
	// MaxTitle, MaxDigest and MaxAuthor are what a draft takes, in characters.
	MaxTitle, MaxDigest, MaxAuthor = 64, 120, 16
	// MaxPicture is what a picture in the text may weigh, in bytes.
	MaxPicture = 1 << 20
)

// NewClient makes a client; it calls nothing yet.
func NewClient(cfg ClientConfig) *Client {
	if cfg.Base == "" {
		cfg.Base = "https://api.weixin.qq.com"
	}
	cfg.Base = strings.TrimRight(cfg.Base, "/")
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: callTime}
	}
	return &Client{cfg: cfg}
}

// Draft is an article to be put into the drafts.
type Draft struct {
	Title  string `json:"title"`
	Author string `json:"author,omitempty"`
	Digest string `json:"digest,omitempty"`
	HTML   string `json:"content"`
	Source string `json:"content_source_url,omitempty"` // 阅读原文
	Cover  string `json:"thumb_media_id"`               // of UploadCover
}

// answer is what every call says when it refuses.
type answer struct {
	Code    int    `json:"errcode"`
	Message string `json:"errmsg"`
}

// sentences say what to do about the errors that an operator can mend.
var sentences = map[int]string{
	40001: "公众号的密钥不对，请管理员在设置里核对 AppSecret。",
	40013: "公众号的 AppID 不对，请管理员在设置里核对。",
	40125: "公众号的密钥不对，请管理员在设置里核对 AppSecret。",
	40164: "这台服务器的地址不在公众号的 IP 白名单里，请在公众平台加上。",
	45009: "今天调用公众号接口的次数用完了，请明天再推，或者用复制的办法。",
	48001: "这个公众号没有草稿接口的权限，请用复制的办法。",
	53404: "公众号的能力被限制了，请登录公众平台查看，先用复制的办法。",
}

func (a answer) err(call string) error {
	if a.Code == 0 {
		return nil
	}
	sentence := sentences[a.Code]
	if sentence == "" {
		sentence = fmt.Sprintf("公众号没有收下（错误码 %d）。请稍后再试，或者用复制的办法。", a.Code)
	}
	return errs.New(errs.Unavailable, sentence, "wechat %s: %d %s", call, a.Code, a.Message)
}

// AddDraft puts an article into the drafts and returns its id there.
func (c *Client) AddDraft(ctx context.Context, d Draft) (string, error) {
	var got struct {
		ID string `json:"media_id"`
	}
	body, err := marshal(map[string]any{"articles": []any{d}})
	if err != nil {
		return "", err
	}
	err = c.call(ctx, "draft/add", "/cgi-bin/draft/add", nil, "application/json", body, &got)
	return got.ID, err
}

// marshal writes JSON without \u003c: WeChat counts and shows it as it is.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, errs.New(errs.Internal, "", "%w", err)
	}
	return b.Bytes(), nil
}

// UploadPicture brings a picture of the text and returns its address at WeChat.
func (c *Client) UploadPicture(ctx context.Context, name string, body []byte) (string, error) {
	var got struct {
		URL string `json:"url"`
	}
	err := c.upload(ctx, "uploadimg", "/cgi-bin/media/uploadimg", nil, name, body, &got)
	return got.URL, err
}

// UploadCover brings a cover and returns its id for a draft.
func (c *Client) UploadCover(ctx context.Context, name string, body []byte) (string, error) {
	var got struct {
		ID string `json:"media_id"`
	}
	err := c.upload(ctx, "add_material", "/cgi-bin/material/add_material", url.Values{"type": {"image"}}, name, body, &got)
	return got.ID, err
}

func (c *Client) upload(ctx context.Context, call, path string, query url.Values, name string, body []byte, into any) error {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("media", name)
	if err == nil {
		_, err = part.Write(body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return errs.New(errs.Internal, "", "%w", err)
	}
	return c.call(ctx, call, path, query, w.FormDataContentType(), form.Bytes(), into)
}

// expired are the answers to a token that ended early, as it does when another
// program asks for one.
var expired = map[int]bool{40001: true, 40014: true, 42001: true}

// call makes one call with a token, once more with a new one when the old has
// ended.
func (c *Client) call(ctx context.Context, call, path string, query url.Values, contentType string, body []byte, into any) error {
	for try := 0; ; try++ {
		token, err := c.access(ctx, try > 0)
		if err != nil {
			return err
		}
		q := url.Values{"access_token": {token}}
		for k, v := range query {
			q[k] = v
		}
		code, err := c.do(ctx, call, path+"?"+q.Encode(), contentType, body, into)
		if try > 0 || !expired[code] {
			return err
		}
	}
}

// access is the token all calls need; it holds for two hours.
func (c *Client) access(ctx context.Context, renew bool) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.cfg.Now()
	if c.token != "" && !renew && now.Before(c.until) {
		return c.token, nil
	}
	var got struct {
		Token string `json:"access_token"`
		Life  int    `json:"expires_in"` // seconds
	}
	body, err := marshal(map[string]any{"grant_type": "client_credential", "appid": c.cfg.AppID, "secret": c.cfg.Secret})
	if err != nil {
		return "", err
	}
	// stable_token takes the secret in the body: it stands in no log of addresses.
	if _, err := c.do(ctx, "stable_token", "/cgi-bin/stable_token", "application/json", body, &got); err != nil {
		return "", err
	}
	c.token, c.until = got.Token, now.Add(time.Duration(got.Life)*time.Second-tokenSpare)
	return c.token, nil
}

// do sends one request and reads what was asked for; code is what WeChat says when
// it refuses.
func (c *Client) do(ctx context.Context, call, path, contentType string, body []byte, into any) (code int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.Base+path, bytes.NewReader(body))
	if err != nil {
		return 0, errs.New(errs.Internal, "", "wechat %s: bad base address", call)
	}
	req.Header.Set("Content-Type", contentType)
	res, err := c.cfg.HTTP.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok { // its text has the address with the token
			err = u.Err
		}
		return 0, errs.New(errs.Unavailable, "连不上公众号的服务器，请稍后再试，或者用复制的办法。", "wechat %s: %w", call, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	var said answer
	if err == nil {
		err = json.Unmarshal(text, &said)
	}
	if err == nil && said.Code == 0 {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return 0, errs.New(errs.Unavailable, "公众号的服务器没有答好，请稍后再试，或者用复制的办法。", "wechat %s: %w", call, err)
	}
	return said.Code, said.err(call)
}
