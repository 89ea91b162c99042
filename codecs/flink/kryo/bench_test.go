package kryo_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/schemas/streams"
)

// The floors are what one would write by hand for a single class: the same bytes, no schema, no references but counted
// ones. Decoding checks lengths and class names, as any decoder must.

var floors = []codectest.Floor{
	{Stream: "nexmark.Bid", Format: kryo.Format, Encode: appendBid, Decode: decodeBid},
	{Stream: "flink.MyPojo", Format: kryo.Format, Encode: appendMyPojo, Decode: decodeMyPojo},
	{Stream: "orders.Order", Format: kryo.Format, Encode: appendOrder, Decode: decodeOrder},
}

func TestFloors(t *testing.T) { codectest.Floors(t, floors...) }

func BenchmarkFloors(b *testing.B) { codectest.BenchFloors(b, floors...) }

// Class names as they are written.
const (
	addressName   = "wirecost.orders.Addres\xf3"
	arrayListName = "java.util.ArrayLis\xf4"
	lineName      = "wirecost.orders.OrderLin\xe5"
	arrayName     = "[Lwirecost.flink.MyOperation\xbb"
	operationName = "wirecost.flink.MyOperatio\xee"
)

func putLong(dst []byte, v int64) []byte {
	u := uint64(v<<1 ^ v>>63)
	for range 8 {
		if u < 0x80 {
			return append(dst, byte(u))
		}
		dst = append(dst, byte(u)|0x80)
		u >>= 7
	}
	return append(dst, byte(u))
}

func putCount(dst []byte, v uint32) []byte { return binary.AppendUvarint(dst, uint64(v)) }

func putInt(dst []byte, v int32) []byte { return putCount(dst, uint32(v<<1^v>>31)) }

func putDouble(dst []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
}

func putFlagged(dst []byte, v uint32) []byte {
	if v < 0x40 {
		return append(dst, 0x80|byte(v))
	}
	return putCount(append(dst, 0xc0|byte(v&0x3f)), v>>6)
}

// putText writes a string and the mark before it.
func putText(dst []byte, s string) []byte {
	dst = append(dst, 1)
	for i := range len(s) {
		if s[i] >= 0x80 {
			return putWide(dst, s)
		}
	}
	if len(s) < 2 || len(s) > 32 {
		return append(putFlagged(dst, uint32(len(s))+1), s...)
	}
	dst = append(dst, s...)
	dst[len(dst)-1] |= 0x80
	return dst
}

// putWide writes a string without characters beyond U+FFFF, which the streams have none of: its UTF-8 is Kryo's.
func putWide(dst []byte, s string) []byte {
	return append(putFlagged(dst, uint32(len([]rune(s)))+1), s...)
}

func putNullText(dst []byte, s *string) []byte {
	if s == nil {
		return append(dst, 0)
	}
	return putText(dst, *s)
}

func appendBid(dst []byte, v any) []byte {
	r := v.(*streams.NexmarkBid)
	dst = putLong(append(dst, 0x57, 1), r.Auction)
	dst = putLong(dst, r.Bidder)
	dst = putText(dst, r.Channel)
	dst = putLong(dst, r.DateTime)
	dst = putText(dst, r.Extra)
	dst = putLong(dst, r.Price)
	return putText(dst, r.URL)
}

func appendMyPojo(dst []byte, v any) []byte {
	r := v.(*streams.FlinkMyPojo)
	dst = putInt(append(dst, 0x57, 1), r.ID)
	dst = putText(dst, r.Name)
	dst = putCount(append(dst, 1), uint32(len(r.OperationNames))+1)
	for _, s := range r.OperationNames {
		dst = putText(dst, s)
	}
	dst = append(append(append(dst, 1, 0), arrayName...), 1)
	dst = putCount(dst, uint32(len(r.Operations))+1)
	for i := range r.Operations {
		dst = append(dst, 1, 1)
		if i == 0 {
			dst = append(dst, operationName...)
		}
		dst = putText(putInt(append(dst, 1), r.Operations[i].ID), r.Operations[i].Name)
	}
	dst = putInt(putInt(putInt(dst, r.OtherId1), r.OtherId2), r.OtherId3)
	return putText(append(dst, 3), r.SomeObject.(string))
}

func appendOrder(dst []byte, v any) []byte {
	r := v.(*streams.OrdersOrder)
	dst = append(append(append(dst, 0x57, 1, 1, 0), addressName...), 1)
	dst = putText(dst, r.Address.City)
	dst = putText(dst, r.Address.Country)
	dst = putText(dst, r.Address.Region)
	dst = putText(dst, r.Address.Street)
	dst = putText(dst, r.Address.Zip)
	dst = putNullText(dst, r.Coupon)
	dst = putText(dst, r.Currency)
	dst = putLong(dst, r.CustomerID)
	if r.Discount == nil {
		dst = append(dst, 0)
	} else {
		dst = putDouble(append(dst, 1), *r.Discount)
	}
	if r.Gift {
		dst = append(dst, 1)
	} else {
		dst = append(dst, 0)
	}
	dst = putLines(append(append(append(dst, 1, 1), arrayListName...), 1), r.Lines)
	dst = putNullText(dst, r.Note)
	dst = putLong(putLong(dst, r.OrderID), r.OrderTime)
	dst = append(putCount(append(dst, 1), uint32(len(r.Payload))+1), r.Payload...)
	dst = append(dst, 1, status(r.Status)+1)
	return putDouble(putInt(dst, r.StoreID), r.Total)
}

func putLines(dst []byte, lines []streams.OrdersOrderLine) []byte {
	if len(lines) == 0 {
		return append(dst, 1)
	}
	dst = putFlagged(dst, uint32(len(lines))+1)
	dst = append(append(append(dst, 1, 2), lineName...), 0)
	for i := range lines {
		l := &lines[i]
		dst = putText(putInt(append(dst, 1), l.Quantity), l.Sku)
		dst = append(dst, 1, 1, 1)
		if len(l.Tags) < 0x3f {
			dst = append(dst, byte(len(l.Tags)+1))
		} else {
			dst = putCount(append(dst, 0x40|byte((len(l.Tags)+1)&0x3f)), uint32(len(l.Tags)+1)>>6)
		}
		for _, s := range l.Tags {
			dst = putText(dst, s)
		}
		dst = putDouble(dst, l.UnitPrice)
	}
	return dst
}

var statuses = [...]string{"CREATED", "PAID", "PACKED", "SHIPPED", "DELIVERED", "RETURNED"}

func status(s string) byte {
	for i, x := range statuses {
		if x == s {
			return byte(i)
		}
	}
	return 0xff
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

func (r *in) byte() byte { return r.take(1)[0] }

func (r *in) want(s string) {
	if len(r.b) < len(s) || string(r.b[:len(s)]) != s {
		r.ok, r.b = false, nil
		return
	}
	r.b = r.b[len(s):]
}

func (r *in) count() int {
	u, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.ok, r.b = false, nil
		return 1
	}
	r.b = r.b[n:]
	return int(u)
}

func (r *in) int() int32 {
	u := uint32(r.count())
	return int32(u>>1) ^ -int32(u&1)
}

func (r *in) long() int64 {
	var u uint64
	for i := range 9 {
		c := r.byte()
		if i == 8 {
			u |= uint64(c) << 56
			break
		}
		u |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			break
		}
	}
	return int64(u>>1) ^ -int64(u&1)
}

func (r *in) double() float64 { return math.Float64frombits(binary.LittleEndian.Uint64(r.take(8))) }

func (r *in) flagged() int {
	c := r.byte()
	n := int(c & 0x3f)
	if c&0x40 != 0 {
		n |= r.count() << 6
	}
	return n
}

func (r *in) text() string {
	r.ok = r.byte() == 1 && r.ok
	return r.string()
}

func (r *in) nullText() *string {
	if r.byte() == 0 {
		return nil
	}
	s := r.string()
	return &s
}

func (r *in) string() string {
	if len(r.b) > 0 && r.b[0] < 0x80 {
		return r.short()
	}
	n := r.flagged() - 1
	if n < 0 || n > len(r.b) {
		r.ok, r.b = false, nil
		return ""
	}
	size := 0
	for range n { // lengths count characters, and the streams have none beyond U+FFFF
		switch {
		case size >= len(r.b):
			r.ok = false
			return ""
		case r.b[size] < 0x80:
			size++
		case r.b[size] < 0xe0:
			size += 2
		default:
			size += 3
		}
	}
	return string(r.take(size))
}

func (r *in) short() string {
	for i, c := range r.b {
		if c >= 0x80 {
			b := make([]byte, 0, 64)
			b = append(b, r.take(i+1)...)
			b[i] &= 0x7f
			return string(b)
		}
	}
	r.ok, r.b = false, nil
	return ""
}

func (r *in) done(v any) (any, error) {
	if !r.ok || len(r.b) > 0 {
		return nil, errFloor
	}
	return v, nil
}

func decodeBid(src []byte) (any, error) {
	r, v := in{src, true}, &streams.NexmarkBid{}
	r.want("\x57\x01")
	v.Auction, v.Bidder, v.Channel = r.long(), r.long(), r.text()
	v.DateTime, v.Extra, v.Price, v.URL = r.long(), r.text(), r.long(), r.text()
	return r.done(v)
}

func decodeMyPojo(src []byte) (any, error) {
	r, v := in{src, true}, &streams.FlinkMyPojo{}
	r.want("\x57\x01")
	v.ID, v.Name = r.int(), r.text()
	r.want("\x01")
	v.OperationNames = make([]string, min(max(r.count()-1, 0), len(r.b)))
	for i := range v.OperationNames {
		v.OperationNames[i] = r.text()
	}
	r.want("\x01\x00" + arrayName + "\x01")
	v.Operations = make([]streams.FlinkMyOperation, min(max(r.count()-1, 0), len(r.b)))
	for i := range v.Operations {
		r.want("\x01\x01")
		if i == 0 {
			r.want(operationName)
		}
		r.want("\x01")
		v.Operations[i].ID, v.Operations[i].Name = r.int(), r.text()
	}
	v.OtherId1, v.OtherId2, v.OtherId3 = r.int(), r.int(), r.int()
	r.want("\x03")
	v.SomeObject = r.text()
	return r.done(v)
}

func decodeOrder(src []byte) (any, error) {
	r, v := in{src, true}, &streams.OrdersOrder{}
	r.want("\x57\x01\x01\x00" + addressName + "\x01")
	a := &v.Address
	a.City, a.Country, a.Region, a.Street, a.Zip = r.text(), r.text(), r.text(), r.text(), r.text()
	v.Coupon = r.nullText()
	v.Currency, v.CustomerID = r.text(), r.long()
	if r.byte() == 1 {
		d := r.double()
		v.Discount = &d
	}
	v.Gift = r.byte() == 1
	r.want("\x01\x01" + arrayListName + "\x01")
	v.Lines = make([]streams.OrdersOrderLine, min(max(r.flagged()-1, 0), len(r.b)))
	if len(v.Lines) > 0 {
		r.want("\x01\x02" + lineName + "\x00")
	}
	for i := range v.Lines {
		r.line(&v.Lines[i])
	}
	v.Note, v.OrderID, v.OrderTime = r.nullText(), r.long(), r.long()
	r.want("\x01")
	v.Payload = append([]byte(nil), r.take(r.count()-1)...)
	r.want("\x01")
	if s := r.count() - 1; s >= 0 && s < len(statuses) {
		v.Status = statuses[s]
	}
	v.StoreID, v.Total = r.int(), r.double()
	return r.done(v)
}

func (r *in) line(l *streams.OrdersOrderLine) {
	r.want("\x01")
	l.Quantity, l.Sku = r.int(), r.text()
	r.want("\x01\x01\x01")
	l.Tags = make([]string, min(max(r.flagged()-1, 0), len(r.b)))
	for i := range l.Tags {
		l.Tags[i] = r.text()
	}
	l.UnitPrice = r.double()
}
