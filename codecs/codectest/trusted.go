package codectest

import (
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
)

// trusted: a codec that can trust its bytes writes and reads the same when it does: each reads what the other wrote, into
// fresh records and used ones, and keeps nothing of them. The checks behind this one show that it is safe as before.
func (b *bound) trusted(t reporter) {
	truster, ok := b.codec.(codecs.Truster)
	if !ok {
		return
	}
	trusted := *b
	trusted.codec = truster.Trusted()
	trusted.conv, _ = trusted.codec.(codecs.Converter)
	if (trusted.conv == nil) != (b.conv == nil) {
		t.Fatalf("the trusted codec converts: %v, the codec: %v", trusted.conv != nil, b.conv != nil)
	}
	b.each(t, func(v any, enc []byte) error { return b.agrees(&trusted, v, enc) })
	for _, check := range []func(reporter){trusted.roundTrips, trusted.appends, trusted.sentOn, trusted.memory, trusted.usedRecords, trusted.conversions, trusted.fields} {
		check(t)
	}
}

// agrees reports how what trusted does with record v, of which b wrote enc, differs from what b does.
func (b *bound) agrees(trusted *bound, v any, enc []byte) error {
	written, err := trusted.encode(v)
	if err == nil {
		err = b.sameBytes(v, enc, written)
	}
	if err != nil {
		return fmt.Errorf("trusted encode: %w", err)
	}
	want, err := b.fresh(written)
	got, err2 := trusted.fresh(enc)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	if !b.same(want, got) {
		return fmt.Errorf("trusted decode: %w", b.diff(want, got))
	}
	return nil
}
