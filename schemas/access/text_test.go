package access

import (
	"math"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/schemas"
)

func TestScalarText(t *testing.T) {
	decimal := func(scale int) *schemas.Node {
		return &schemas.Node{Kind: schemas.Bytes, Logical: schemas.Decimal, Precision: 20, Scale: scale}
	}
	of := func(k schemas.Kind, l schemas.Logical) *schemas.Node { return &schemas.Node{Kind: k, Logical: l} }
	for _, tt := range []struct {
		node *schemas.Node
		num  int64
		text string
		want string
	}{
		{decimal(2), 0, "", "0.00"},
		{decimal(0), 0, "\x00", "0"},
		{decimal(2), 0, "\x05", "0.05"},
		{decimal(2), 0, "\xff", "-0.01"},
		{decimal(1), 0, "\x01\x00", "25.6"},
		{decimal(0), 0, "\x80", "-128"},
		{decimal(2), 0, "\x00\x80", "1.28"},
		{decimal(2), 0, strings.Repeat("\x00", 101), "a decimal of 101 bytes"},
		{of(schemas.Int, schemas.Date), 0, "", "1970-01-01"},
		{of(schemas.Int, schemas.Date), 20454, "", "2026-01-01"},
		{of(schemas.Int, schemas.Date), -719529, "", "-0001-12-31"},
		{of(schemas.Int, schemas.Date), math.MaxInt64, "", "9223372036854775807"},
		{of(schemas.Int, schemas.TimeMillis), 0, "", "00:00:00"},
		{of(schemas.Long, schemas.TimeMicros), 86399e6 + 1, "", "23:59:59.000001"},
		{of(schemas.Int, schemas.TimeMillis), 86400e3, "", "86400000"},
		{of(schemas.Int, schemas.TimeMillis), -1, "", "-1"},
		{of(schemas.Long, schemas.TimestampMillis), 1767225600019, "", "2026-01-01T00:00:00.019Z"},
		{of(schemas.Long, schemas.TimestampMicros), -1, "", "1969-12-31T23:59:59.999999Z"},
		{of(schemas.Long, schemas.TimestampNanos), 1, "", "1970-01-01T00:00:00.000000001Z"},
		{of(schemas.Long, schemas.TimestampMillis), math.MaxInt64, "", "292278994-08-17T07:12:55.807Z"},
		{of(schemas.Long, schemas.TimestampMillis), math.MinInt64, "", "-292275055-05-16T16:47:04.192Z"},
		{of(schemas.Long, schemas.LocalTimestampMillis), 1500, "", "1970-01-01T00:00:01.5"},
		{of(schemas.Long, schemas.NoLogical), 1767225600019, "", "1767225600019"},
		{of(schemas.String, schemas.UUID), 0, "f81d", `"f81d"`},
		{of(schemas.Bytes, schemas.NoLogical), 0, "\x01ÿ", `"\u0001Ã¿"`},
	} {
		if got := ScalarText(tt.node, uint64(tt.num), tt.text); got != tt.want {
			t.Errorf("%s %s: ScalarText(%d, %q) = %s, want %s", tt.node.Kind, tt.node.Logical, tt.num, tt.text, got, tt.want)
		}
	}
}
