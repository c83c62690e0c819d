// Package auth knows who acts and what they may do: actors and their roles,
// accounts with their passwords and second factors, and signed-in sessions.
//
// An [Actor] is an argument of every use case that changes something; it is
// never hidden in a context. The use case asks [Actor.Can] and answers with a
// Forbidden error that says whom to ask.
//
// # Rights
//
// Permission is role × town × column ([Rights]). A role grants permissions; the
// lists of towns and columns narrow where they hold, and an empty list is all of
// them. events asks [Actor.InTown], content [Actor.InColumn]: lists filter in
// SQL, addresses are refused. Administrators are never bound: who may change
// rights could lift any bound.
//
// # Signing in
//
// [Store.SignIn] takes the password. Where the account has a second factor the
// session it opens is half of one, good for [Store.SecondFactor] only and for ten
// minutes. Wrong tries pause and then lock a name, whether somebody has it or
// not ([Policy]); the administrator unlocks. Every sign-in, failure, lock and
// remote log-out is in the audit, with the device in words and a masked address.
//
// What is secret is never kept readable: passwords as argon2id, tokens and the
// ten words as SHA-256, the secret of the phone sealed by internal/vault, with
// the last step it was used for, so that no code opens twice.
package auth
