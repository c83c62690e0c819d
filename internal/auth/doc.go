// Package auth knows who acts and what they may do: actors and their roles,
// accounts with their passwords, and signed-in sessions.
//
// An [Actor] is an argument of every use case that changes something; it is
// never hidden in a context. The use case asks [Actor.Can] and answers with a
// Forbidden error that says whom to ask.
package auth
