package figures

import "github.com/songfa/songfa/internal/auth"

// permission is what whoever defines, carries in, adjusts or freezes needs.
const permission = auth.Sessions
