package figures

import "github.com/songfa/songfa/internal/auth"

// permission is what whoever defines, carries in, adjusts or freezes needs.
// Reading is [auth.Figures], which the pages ask for.
const permission = auth.Freeze
