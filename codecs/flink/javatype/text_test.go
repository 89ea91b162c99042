package javatype

import "testing"

func TestDecimalText(t *testing.T) {
	for _, tt := range []struct {
		unscaled []byte
		scale    int
		want     string
	}{
		{nil, 2, "0.00"},
		{[]byte{0}, 0, "0"},
		{[]byte{5}, 2, "0.05"},
		{[]byte{0xff}, 2, "-0.01"},
		{[]byte{0x01, 0x00}, 1, "25.6"},
		{[]byte{0x80}, 0, "-128"},
		{[]byte{0x00, 0x80}, 2, "1.28"},
		{make([]byte, 101), 2, "a decimal of 101 bytes"},
	} {
		if got := decimalText(tt.unscaled, tt.scale); got != tt.want {
			t.Errorf("decimalText(%x, %d) = %s, want %s", tt.unscaled, tt.scale, got, tt.want)
		}
	}
}

func TestTimeText(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{DateText(0), "1970-01-01"},
		{DateText(-719529), "-0001-12-31"},
		{ClockText(0), "00:00:00"},
		{ClockText(86399e9 + 1), "23:59:59.000000001"},
		{Amount(1, "byte"), "1 byte"},
		{Amount(0, "byte"), "0 bytes"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}
