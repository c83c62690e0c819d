package main

import (
	"context"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/notify"
)

// deliverEvery is how soon the outbox is looked at again.
const deliverEvery = 5 * time.Second

// senders are the ways out that the settings name, mail first: it costs nothing.
func (d delivery) senders() ([]notify.Sender, error) {
	var out []notify.Sender
	if d.SMTP != "" {
		smtp, err := notify.NewSMTP(d.SMTP, d.From)
		if err != nil {
			return nil, err
		}
		out = append(out, smtp)
	}
	if d.Webhook != "" {
		out = append(out, &notify.Webhook{URL: d.Webhook, Secret: d.WebhookSecret})
	}
	return out, nil
}

// deliver sends what waits in the outbox. Any node may be the one to do it.
func (a *application) deliver(ctx context.Context) {
	d := events.Delivery{Senders: a.senders, Link: a.web.URL, OnError: func(err error) { a.log.Warn("deliver", "err", err) }}
	tick := time.NewTicker(deliverEvery)
	defer tick.Stop()
	for {
		if _, err := a.events.Deliver(ctx, d); err != nil && ctx.Err() == nil {
			a.log.Error("deliver messages", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
