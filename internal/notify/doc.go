// Package notify carries messages of the outbox to people.
//
// A [Sender] is one way out: [SMTP] for those with a mail address, [Webhook] for
// a gateway of the bureau's own (text messages, WeChat). Where none reaches a
// person, the message becomes a task: somebody phones. The outbox itself, with
// its states and retries, is in package events; a sender tries once and says how
// it went. An error that will not go away by trying again is [Permanent].
package notify
