package wechat

import (
	"slices"
	"strings"
)

// looks are the styles by what an element is. Colours are those of the site's
// default accent; sizes are in pixels because the editor of WeChat drops others.
var looks = map[string]string{
	"body":    "font-size:16px;line-height:1.75;color:#1d2b28;letter-spacing:0.5px;text-align:left;word-break:break-word",
	"h2":      "font-size:18px;font-weight:bold;line-height:1.5;color:#0d5f54;margin:28px 0 12px;padding-left:10px;border-left:4px solid #0d5f54",
	"h3":      "font-size:17px;font-weight:bold;line-height:1.5;color:#1d2b28;margin:22px 0 10px",
	"h4":      "font-size:16px;font-weight:bold;line-height:1.5;color:#1d2b28;margin:18px 0 8px",
	"p":       "margin:0 0 14px",
	"ul":      "margin:0 0 14px;padding-left:22px;list-style-type:disc",
	"ol":      "margin:0 0 14px;padding-left:24px;list-style-type:decimal",
	"li":      "margin:0 0 6px",
	"strong":  "font-weight:bold;color:#0d5f54",
	"em":      "font-style:italic",
	"del":     "text-decoration:line-through",
	"quote":   "margin:0 0 14px;padding:10px 14px;border-left:3px solid #b8c7c3;background-color:#f4f7f6;color:#47544f",
	"answer":  "margin:0 0 18px;padding:14px 16px;border-radius:8px;background-color:#e7f3f0",
	"due":     "margin:0 0 16px;padding:12px 16px;border-left:4px solid #b45309;background-color:#fdf3e4",
	"proof":   "margin:0 0 16px;padding:12px 16px;border-left:4px solid #1d5fa8;background-color:#eaf2fb",
	"tip":     "margin:0 0 16px;padding:12px 16px;border-left:4px solid #0d5f54;background-color:#eef6f4",
	"warn":    "margin:0 0 16px;padding:12px 16px;border-left:4px solid #b3261e;background-color:#fbeceb",
	"label":   "margin:0 0 6px;font-size:14px;font-weight:bold;color:#0d5f54",
	"table":   "width:100%;border-collapse:collapse;margin:0 0 16px;font-size:14px;line-height:1.6",
	"th":      "border:1px solid #c8d3d0;padding:6px 8px;background-color:#eef3f2;font-weight:bold;text-align:left",
	"td":      "border:1px solid #c8d3d0;padding:6px 8px;vertical-align:top",
	"img":     "display:block;max-width:100%;height:auto;margin:0 auto",
	"figure":  "margin:0 0 16px;text-align:center",
	"caption": "margin:6px 0 0;font-size:13px;color:#66736f;text-align:center",
	"pre":     "margin:0 0 14px;padding:10px 12px;background-color:#f4f7f6;font-size:14px;white-space:pre-wrap",
	"code":    "font-family:monospace;font-size:14px;background-color:#f4f7f6",
	"sup":     "font-size:12px;vertical-align:super",
	"sub":     "font-size:12px;vertical-align:sub",
	"rule":    "border:0;border-top:1px solid #c8d3d0;margin:20px 0",
	"links":   "margin:24px 0 0;padding-top:12px;border-top:1px solid #c8d3d0;font-size:13px;color:#66736f",
	"foot":    "margin:24px 0 0;font-size:13px;color:#66736f",
	"a":       "color:#1d5fa8",
}

// StyleSheet is the same looks as classes w-h2, w-p …, for the preview.
func StyleSheet() string {
	names := make([]string, 0, len(looks))
	for name := range looks {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		b.WriteString(".w-" + name + "{" + looks[name] + "}\n")
	}
	return b.String()
}
