package site_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/songfa/songfa/internal/db/dbtest"
)

// Every answer of the API is what openapi.json says, errors too.
func TestAPIAnswersAsDescribed(t *testing.T) {
	r := full(t, "/sfj/pufa")
	doc := r.description(t)
	router, err := legacy.NewRouter(doc)
	check(t, err)
	asked := map[string]bool{}
	for _, path := range r.apiPaths(t) {
		resp, body := r.get(t, path)
		u, err := url.Parse(r.root + path)
		check(t, err)
		req := &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}, Host: u.Host}
		route, params, err := router.FindRoute(req)
		if err != nil {
			t.Errorf("%s is not described: %v", path, err)
			continue
		}
		asked[route.Path] = true
		in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route}
		out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header,
			Options: &openapi3filter.Options{IncludeResponseStatus: true}}
		if err := openapi3filter.ValidateResponse(t.Context(), out.SetBodyBytes([]byte(body))); err != nil {
			t.Errorf("%s (%d): %v", path, resp.StatusCode, err)
		}
		if resp.StatusCode == 200 {
			if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
				t.Errorf("%s is answered, but refused by the description: %v", path, err)
			}
		}
	}
	for path := range doc.Paths.Map() {
		if !asked[path] && (lawsDir() != "" || !strings.HasPrefix(path, "/laws/")) {
			t.Errorf("%s is described and not tested", path)
		}
	}
}

func (r *rig) description(t *testing.T) *openapi3.T {
	t.Helper()
	_, body := r.get(t, "/api/v1/openapi.json")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(body))
	check(t, err)
	check(t, doc.Validate(context.Background()))
	return doc
}

// apiPaths are requests of every kind, with the ids that lists name.
func (r *rig) apiPaths(t *testing.T) []string {
	paths := []string{"/documents", "/documents?kind=guide&page=2", "/documents?topic=wages", "/documents?column=cases", "/documents?page=0",
		"/documents?page=999", "/documents/guide/no-such", "/topics", "/laws", "/sessions", "/sessions?past=1", "/sessions?type=site", "/sessions?audience=%E5%AE%B6%E5%B1%9E&lawyer=1", "/sessions?lawyer=2", "/sessions?type=x",
		"/sessions/SF-1999-00001", "/stations", "/stations?town=x", "/search?q=%E5%B7%A5%E8%B5%84", "/search?q=%E5%8A%B3%E5%8A%A8%E5%90%88%E5%90%8C%E6%B3%95%E7%AC%AC38%E6%9D%A1"}
	if lawsDir() != "" {
		paths = append(paths, "/laws/ldht", "/laws/ldht/38", "/laws/ldht/999", "/laws/none", "/laws/ldht?date=2012-12-28")
	}
	for _, list := range []struct{ path, kind, id string }{
		{"/documents", "kind", "slug"}, {"/sessions", "", "no"}, {"/sessions?past=1", "", "no"},
	} {
		_, body := r.get(t, "/api/v1"+list.path)
		var got struct{ Items []map[string]any }
		check(t, json.Unmarshal([]byte(body), &got))
		if len(got.Items) == 0 {
			t.Errorf("%s lists nothing", list.path)
		}
		for _, it := range got.Items {
			path, _, _ := strings.Cut(list.path, "?")
			if kind, ok := it[list.kind].(string); ok {
				path += "/" + kind
			}
			paths = append(paths, path+"/"+it[list.id].(string))
		}
	}
	for i, p := range paths {
		paths[i] = "/api/v1" + p
	}
	return paths
}

// An empty installation answers too.
func TestAPIOfNothing(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "")
	for _, path := range []string{"documents", "topics", "laws", "sessions", "stations"} {
		resp, body := r.get(t, "/api/v1/"+path)
		if resp.StatusCode != 200 || !strings.Contains(body, `"items":[]`) {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
}
