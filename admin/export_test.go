package admin

import (
	"slices"

	"github.com/songfa/songfa/internal/auth"
)

// RouteOf is one address of the staff side, for the walk over all of them.
type RouteOf struct {
	Method, Path string
	may          []auth.Permission
}

// OpensFor reports whether one of the roles opens it.
func (r RouteOf) OpensFor(roles ...auth.Role) bool {
	return len(r.may) == 0 || slices.ContainsFunc(r.may, auth.Actor{Roles: roles}.Can)
}

// AllRoutes lists them.
func AllRoutes() []RouteOf {
	var list []RouteOf
	for _, r := range (&Admin{}).routes() {
		list = append(list, RouteOf{r.method, r.path, r.may})
	}
	return list
}
