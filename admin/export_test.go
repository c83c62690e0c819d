package admin

// RouteOf is one address of the staff side, for the walk over all of them.
type RouteOf struct{ Method, Path string }

// AllRoutes lists them.
func AllRoutes() []RouteOf {
	var list []RouteOf
	for _, r := range (&Admin{}).routes() {
		list = append(list, RouteOf{r.method, r.path})
	}
	return list
}
