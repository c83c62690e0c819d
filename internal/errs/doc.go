// Package errs is the one error type that crosses package borders in songfa.
//
// An error has three readers, and one field for each:
//
//   - the program reads the Kind and picks a status code or a retry;
//   - the person reads Message, a Chinese sentence that says what to do next;
//   - the operator reads the wrapped English chain, in the log, once.
//
// Make one at the place that knows the reason:
//
//	return errs.New(errs.Conflict, "该文档已被他人修改，请对照后再保存", "edition %s: version %d is stale", id, v)
//
// Add the operation on the way up, without touching Kind or Message:
//
//	defer errs.Wrap(&err, "publish edition %s", id)
//
// A foreign error without a Kind is Internal: the person then reads only a
// general apology and never the chain.
package errs
