package kryo

import (
	"encoding/hex"
	"math"
	"testing"
)

// What Kryo 2.24 and 5.6 write for numbers, the same in both.
func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		got        []byte
	}{
		{"varint 127", "7f", appendVarInt(nil, 127)},
		{"varint 128", "8001", appendVarInt(nil, 128)},
		{"varint 16384", "808001", appendVarInt(nil, 16384)},
		{"varint 2^28", "8080808001", appendVarInt(nil, 1<<28)},
		{"varint MAX", "ffffffff07", appendVarInt(nil, math.MaxInt32)},
		{"varint MIN", "8080808008", appendVarInt(nil, math.MinInt32)},
		{"varint -1", "ffffffff0f", appendVarInt(nil, -1)},
		{"zigzag -1", "01", appendVarInt(nil, zigzag(-1))},
		{"zigzag 63", "7e", appendVarInt(nil, zigzag(63))},
		{"zigzag 64", "8001", appendVarInt(nil, zigzag(64))},
		{"zigzag -64", "7f", appendVarInt(nil, zigzag(-64))},
		{"zigzag -65", "8101", appendVarInt(nil, zigzag(-65))},
		{"zigzag MAX", "feffffff0f", appendVarInt(nil, zigzag(math.MaxInt32))},
		{"zigzag MIN", "ffffffff0f", appendVarInt(nil, zigzag(math.MinInt32))},
		{"varlong 2^35", "808080808001", appendVarLong(nil, 1<<35)},
		{"varlong 2^56", "808080808080808001", appendVarLong(nil, 1<<56)},
		{"varlong MAX", "ffffffffffffffff7f", appendVarLong(nil, math.MaxInt64)},
		{"varlong -1", "ffffffffffffffffff", appendVarLong(nil, -1)},
		{"zigzag long 1700000000000", "80a0abfef962", appendVarLong(nil, zigzagLong(1700000000000))},
		{"zigzag long MIN", "ffffffffffffffffff", appendVarLong(nil, zigzagLong(math.MinInt64))},
		{"double 1 of 2.24", "3ff0000000000000", (&encoder{old: true}).fixed64(nil, math.Float64bits(1))},
		{"double 1 of 5.6", "000000000000f03f", (&encoder{}).fixed64(nil, math.Float64bits(1))},
		{"char A of 2.24", "0041", (&encoder{old: true}).fixed16(nil, 'A')},
		{"char A of 5.6", "4100", (&encoder{}).fixed16(nil, 'A')},
	} {
		if got := hex.EncodeToString(tt.got); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	for _, v := range []int64{0, 1, -1, 1 << 35, 1 << 56, math.MaxInt64, math.MinInt64} {
		var r reader
		r.Reset(appendVarLong(nil, zigzagLong(v)))
		if got, err := r.varLong(); unzigzagLong(got) != v || err != nil || r.Left() != 0 {
			t.Errorf("varLong of %d: got %d, error %v with %d bytes left", v, unzigzagLong(got), err, r.Left())
		}
	}
}
