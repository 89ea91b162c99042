package pojo_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
	generated "github.com/wirecost/wirecost/schemas/streams/generated"
)

// The floors are what one would write by hand for a single class: the same bytes, no schema, no check of what cannot be
// wrong. Decoding checks lengths, as any decoder must.

var floors = []codectest.Floor{
	{Stream: "nexmark.Bid", Format: pojo.Format, Encode: appendBid, Decode: decodeBid},
	{Stream: "flink.MyPojo", Format: pojo.Format, Encode: appendMyPojo, Decode: decodeMyPojo},
	{Stream: "orders.Order", Format: pojo.Format, Encode: appendOrder, Decode: decodeOrder},
	// These two have no list and no map: the bytes are those of 2.x.
	{Stream: "nexmark.Bid", Format: pojo.Flink1, Encode: appendBid, Decode: decodeBid},
	{Stream: "flink.MyPojo", Format: pojo.Flink1, Encode: appendMyPojo, Decode: decodeMyPojo},
	{Stream: "orders.Order", Format: pojo.Flink1, Encode: appendOrder1, Decode: decodeOrder1},
}

func TestFloors(t *testing.T) { codectest.Floors(t, floors...) }

func BenchmarkFloors(b *testing.B) { codectest.BenchFloors(b, floors...) }

func putString(dst []byte, s string) []byte {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return putWide(dst, s)
		}
	}
	n := len(s) + 1
	for n >= 0x80 {
		dst = append(dst, byte(n)|0x80)
		n >>= 7
	}
	return append(append(dst, byte(n)), s...)
}

func putWide(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len([]rune(s)))+1)
	for _, r := range s {
		dst = binary.AppendUvarint(dst, uint64(r))
	}
	return dst
}

func putLong(dst []byte, v int64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, 0), uint64(v))
}
func putInt(dst []byte, v int32) []byte {
	return binary.BigEndian.AppendUint32(append(dst, 0), uint32(v))
}
func putText(dst []byte, s string) []byte { return putString(append(dst, 0), s) }
func putDouble(dst []byte, v float64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, 0), math.Float64bits(v))
}

func appendBid(dst []byte, v any) []byte {
	r := v.(*generated.NexmarkBid)
	dst = putLong(append(dst, 2), r.Auction)
	dst = putLong(dst, r.Bidder)
	dst = putText(dst, r.Channel)
	dst = putLong(dst, r.DateTime)
	dst = putText(dst, r.Extra)
	dst = putLong(dst, r.Price)
	return putText(dst, r.URL)
}

func appendMyPojo(dst []byte, v any) []byte {
	r := v.(*generated.FlinkMyPojo)
	dst = putInt(append(dst, 2), r.ID)
	dst = putText(dst, r.Name)
	dst = binary.BigEndian.AppendUint32(append(dst, 0), uint32(len(r.OperationNames)))
	for _, s := range r.OperationNames {
		dst = putString(dst, s)
	}
	dst = binary.BigEndian.AppendUint32(append(dst, 0), uint32(len(r.Operations)))
	for i := range r.Operations {
		o := &r.Operations[i]
		dst = putText(putInt(append(dst, 1, 2), o.ID), o.Name)
	}
	dst = putInt(putInt(putInt(dst, r.OtherId1), r.OtherId2), r.OtherId3)
	s := r.SomeObject.(string)
	dst = append(append(dst, 0, 3, 1), s...)
	dst[len(dst)-1] |= 0x80
	return dst
}

func appendOrder(dst []byte, v any) []byte {
	return putOrder(dst, v.(*generated.OrdersOrder), putLines)
}

func appendOrder1(dst []byte, v any) []byte {
	return putOrder(dst, v.(*generated.OrdersOrder), putKryoLines)
}

func putOrder(dst []byte, r *generated.OrdersOrder, putLines func([]byte, []generated.OrdersOrderLine) []byte) []byte {
	dst = append(dst, 2, 0, 2)
	dst = putText(dst, r.Address.City)
	dst = putText(dst, r.Address.Country)
	dst = putText(dst, r.Address.Region)
	dst = putText(dst, r.Address.Street)
	dst = putText(dst, r.Address.Zip)
	dst = putNullText(dst, r.Coupon)
	dst = putText(dst, r.Currency)
	dst = putLong(dst, r.CustomerID)
	if r.Discount == nil {
		dst = append(dst, 1)
	} else {
		dst = putDouble(dst, *r.Discount)
	}
	dst = append(dst, 0, 0)
	if r.Gift {
		dst[len(dst)-1] = 1
	}
	dst = putLines(dst, r.Lines)
	dst = putNullText(dst, r.Note)
	dst = putLong(dst, r.OrderID)
	dst = putLong(dst, r.OrderTime)
	dst = binary.BigEndian.AppendUint32(append(dst, 0), uint32(len(r.Payload)))
	dst = append(dst, r.Payload...)
	dst = putInt(dst, status(r.Status))
	dst = putInt(dst, r.StoreID)
	return putDouble(dst, r.Total)
}

func putLines(dst []byte, lines []generated.OrdersOrderLine) []byte {
	dst = binary.BigEndian.AppendUint32(append(dst, 0, 0), uint32(len(lines)))
	for i := range lines {
		dst = putLine(dst, &lines[i])
	}
	return dst
}

// What Kryo 2.24 writes of the lines, a value of its own: class names the first time and again.
const (
	kryoList      = "\x01\x00java.util.ArrayLis\xf4\x01"
	kryoListAgain = "\x01\x00\x01"
	kryoLine      = "\x01\x01wirecost.orders.OrderLin\xe5\x01"
	kryoLineAgain = "\x01\x01\x01"
)

func putKryoLines(dst []byte, lines []generated.OrdersOrderLine) []byte {
	dst = putUvarint(append(append(dst, 0), kryoList...), uint32(len(lines)))
	class := kryoLine
	for i := range lines {
		l := &lines[i]
		dst = append(dst, class...)
		class = kryoLineAgain
		dst = putKryoText(putUvarint(dst, uint32(l.Quantity<<1^l.Quantity>>31)), l.Sku)
		dst = putUvarint(append(dst, kryoListAgain...), uint32(len(l.Tags)))
		for _, s := range l.Tags {
			dst = putKryoText(dst, s)
		}
		dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(l.UnitPrice))
	}
	return dst
}

func putUvarint(dst []byte, v uint32) []byte { return binary.AppendUvarint(dst, uint64(v)) }

// putKryoText writes a string and the mark before it: the stream's are ASCII, of 2 to 63 characters.
func putKryoText(dst []byte, s string) []byte {
	dst = append(append(dst, 1), s...)
	dst[len(dst)-1] |= 0x80
	return dst
}

func putNullText(dst []byte, s *string) []byte {
	if s == nil {
		return append(dst, 1)
	}
	return putText(dst, *s)
}

func putLine(dst []byte, l *generated.OrdersOrderLine) []byte {
	dst = putText(putInt(append(dst, 0, 2), l.Quantity), l.Sku)
	dst = binary.BigEndian.AppendUint32(append(dst, 0, 0), uint32(len(l.Tags)))
	for _, s := range l.Tags {
		dst = putText(dst, s)
	}
	return putDouble(dst, l.UnitPrice)
}

var statuses = [...]string{"CREATED", "PAID", "PACKED", "SHIPPED", "DELIVERED", "RETURNED"}

func status(s string) int32 {
	for i, x := range statuses {
		if x == s {
			return int32(i)
		}
	}
	return -1
}

var errFloor = errors.New("bad input")

// An in reads what the floors decode; ok turns false at the first fault.
type in struct {
	b  []byte
	ok bool
}

func (r *in) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.ok, r.b = false, nil
		return make([]byte, 8)
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *in) flag(want byte) { r.ok = r.take(1)[0] == want && r.ok }
func (r *in) null() bool     { return r.take(1)[0] == 1 }
func (r *in) u32() int       { return int(binary.BigEndian.Uint32(r.take(4))) }

func (r *in) long() int64 {
	b := r.take(9)
	r.ok = r.ok && b[0] == 0
	return int64(binary.BigEndian.Uint64(b[1:]))
}

func (r *in) int() int32 {
	b := r.take(5)
	r.ok = r.ok && b[0] == 0
	return int32(binary.BigEndian.Uint32(b[1:]))
}

func (r *in) text() string {
	r.flag(0)
	return r.string()
}

func (r *in) string() string {
	n, used := binary.Uvarint(r.b)
	if used <= 0 || n == 0 || n-1 > uint64(len(r.b)-used) {
		r.ok = false
		return ""
	}
	b := r.b[used : used+int(n-1)]
	for _, c := range b {
		if c >= 0x80 {
			return r.wide(used, int(n-1))
		}
	}
	r.b = r.b[used+len(b):]
	return string(b)
}

func (r *in) wide(used, n int) string {
	r.b = r.b[used:]
	var out []rune
	for range n {
		c, used := binary.Uvarint(r.b)
		if used <= 0 {
			r.ok = false
			return ""
		}
		r.b = r.b[used:]
		out = append(out, rune(c))
	}
	return string(out)
}

func (r *in) done(v any) (any, error) {
	if !r.ok || len(r.b) > 0 {
		return nil, errFloor
	}
	return v, nil
}

func decodeBid(src []byte) (any, error) {
	r, v := in{src, true}, &generated.NexmarkBid{}
	r.flag(2)
	v.Auction, v.Bidder, v.Channel = r.long(), r.long(), r.text()
	v.DateTime, v.Extra, v.Price, v.URL = r.long(), r.text(), r.long(), r.text()
	return r.done(v)
}

func decodeMyPojo(src []byte) (any, error) {
	r, v := in{src, true}, &generated.FlinkMyPojo{}
	r.flag(2)
	v.ID, v.Name = r.int(), r.text()
	r.flag(0)
	v.OperationNames = make([]string, min(r.u32(), len(r.b)))
	for i := range v.OperationNames {
		v.OperationNames[i] = r.string()
	}
	r.flag(0)
	v.Operations = make([]generated.FlinkMyOperation, min(r.u32(), len(r.b)))
	for i := range v.Operations {
		r.flag(1)
		r.flag(2)
		v.Operations[i].ID, v.Operations[i].Name = r.int(), r.text()
	}
	v.OtherId1, v.OtherId2, v.OtherId3 = r.int(), r.int(), r.int()
	b := append([]byte(nil), r.take(3 + 4)[3:]...)
	b[3] &= 0x7f
	v.SomeObject = string(b)
	return r.done(v)
}

func decodeOrder(src []byte) (any, error) {
	r := in{src, true}
	return r.order((*in).lines)
}

func decodeOrder1(src []byte) (any, error) {
	r := in{src, true}
	return r.order((*in).kryoLines)
}

func (r *in) order(lines func(*in) []generated.OrdersOrderLine) (any, error) {
	v := &generated.OrdersOrder{}
	r.flag(2)
	r.flag(0)
	r.flag(2)
	a := &v.Address
	a.City, a.Country, a.Region, a.Street, a.Zip = r.text(), r.text(), r.text(), r.text(), r.text()
	v.Coupon = r.nullText()
	v.Currency, v.CustomerID = r.text(), r.long()
	if !r.null() {
		d := math.Float64frombits(binary.BigEndian.Uint64(r.take(8)))
		v.Discount = &d
	}
	r.flag(0)
	v.Gift = r.take(1)[0] == 1
	v.Lines = lines(r)
	v.Note, v.OrderID, v.OrderTime = r.nullText(), r.long(), r.long()
	r.flag(0)
	v.Payload = append([]byte(nil), r.take(r.u32())...)
	if s := r.int(); s >= 0 && int(s) < len(statuses) {
		v.Status = statuses[s]
	}
	v.StoreID = r.int()
	v.Total = math.Float64frombits(uint64(r.long()))
	return r.done(v)
}

func (r *in) lines() []generated.OrdersOrderLine {
	r.flag(0)
	r.flag(0)
	lines := make([]generated.OrdersOrderLine, min(r.u32(), len(r.b)))
	for i := range lines {
		r.line(&lines[i])
	}
	return lines
}

func (r *in) kryoLines() []generated.OrdersOrderLine {
	r.flag(0)
	r.want(kryoList)
	lines := make([]generated.OrdersOrderLine, min(r.uvarint(), len(r.b)))
	class := kryoLine
	for i := range lines {
		l := &lines[i]
		r.want(class)
		class = kryoLineAgain
		n := uint32(r.uvarint())
		l.Quantity, l.Sku = int32(n>>1)^-int32(n&1), r.kryoText()
		r.want(kryoListAgain)
		l.Tags = make([]string, min(r.uvarint(), len(r.b)))
		for j := range l.Tags {
			l.Tags[j] = r.kryoText()
		}
		l.UnitPrice = math.Float64frombits(binary.BigEndian.Uint64(r.take(8)))
	}
	return lines
}

func (r *in) want(s string) { r.ok = string(r.take(len(s))) == s && r.ok }

func (r *in) uvarint() int {
	u, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.ok, r.b = false, nil
		return 0
	}
	r.b = r.b[n:]
	return int(uint32(u))
}

func (r *in) kryoText() string {
	r.flag(1)
	for i, c := range r.b {
		if c >= 0x80 {
			b := append(make([]byte, 0, 64), r.take(i+1)...)
			b[i] &= 0x7f
			return string(b)
		}
	}
	r.ok, r.b = false, nil
	return ""
}

func (r *in) nullText() *string {
	if r.null() {
		return nil
	}
	s := r.string()
	return &s
}

func (r *in) line(l *generated.OrdersOrderLine) {
	r.flag(0)
	r.flag(2)
	l.Quantity, l.Sku = r.int(), r.text()
	r.flag(0)
	r.flag(0)
	l.Tags = make([]string, min(r.u32(), len(r.b)))
	for i := range l.Tags {
		l.Tags[i] = r.text()
	}
	l.UnitPrice = math.Float64frombits(uint64(r.long()))
}
