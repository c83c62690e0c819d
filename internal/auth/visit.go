package auth

import (
	"fmt"
	"net/netip"
	"strings"
)

// Visit is where a sign-in comes from.
type Visit struct {
	IP    string
	Agent string // as the browser calls itself
}

// Place is the address without what tells one machine from its neighbour.
func (v Visit) Place() string {
	ip, err := netip.ParseAddr(v.IP)
	if err != nil {
		return ""
	}
	if ip = ip.Unmap(); ip.Is4() {
		b := ip.As4()
		return fmt.Sprintf("%d.%d.%d.*", b[0], b[1], b[2])
	}
	prefix, _ := ip.Prefix(48)
	return strings.TrimSuffix(prefix.Addr().String(), "::") + ":*"
}

// agents are the words browsers and systems call themselves by, the more special
// before the more general: WeChat calls itself Chrome too.
var (
	systems = []struct{ word, name string }{
		{"HarmonyOS", "鸿蒙设备"}, {"OpenHarmony", "鸿蒙设备"}, {"iPhone", "苹果手机"}, {"iPad", "苹果平板"}, {"Android", "安卓手机"},
		{"Windows", "Windows 电脑"}, {"Macintosh", "苹果电脑"}, {"UOS", "统信电脑"}, {"Kylin", "麒麟电脑"}, {"Linux", "Linux 电脑"},
	}
	browsers = []struct{ word, name string }{
		{"MicroMessenger", "微信"}, {"DingTalk", "钉钉"}, {"wxwork", "企业微信"}, {"QQBrowser", "QQ 浏览器"}, {"360SE", "360 浏览器"}, {"360EE", "360 浏览器"},
		{"QIHU", "360 浏览器"}, {"UCBrowser", "UC 浏览器"}, {"HuaweiBrowser", "华为浏览器"}, {"Edg", "Edge 浏览器"}, {"Firefox", "Firefox 浏览器"},
		{"Chrome", "Chrome 浏览器"}, {"Safari", "Safari 浏览器"},
	}
)

// Device is the machine and browser in plain words.
func (v Visit) Device() string {
	find := func(list []struct{ word, name string }) string {
		for _, one := range list {
			if strings.Contains(v.Agent, one.word) {
				return one.name
			}
		}
		return ""
	}
	system, browser := find(systems), find(browsers)
	switch {
	case system == "" && browser == "":
		return "其他设备"
	case system == "":
		return browser
	case browser == "":
		return system
	}
	return system + "，" + browser
}

// words say where, for the books.
func (v Visit) words() string {
	if v.IP == "" && v.Agent == "" {
		return ""
	}
	return "（" + v.Device() + "，" + v.Place() + "）"
}
