package kryo_test

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	generated "github.com/wirecost/wirecost/schemas/streams/generated"
)

// The floors are what one would write by hand for a single class: the same bytes, no schema, no references but counted
// ones. Decoding checks lengths and class names, as any decoder must.

var floors = slices.Concat(floorsOf(kryo.Format, &plain), floorsOf(kryo.Registered, &registered), floorsOf(kryo.Flink1, &plain2), floorsOf(kryo.Flink1Registered, &registered2))

func floorsOf(f codecs.Format, d *dialect) []codectest.Floor {
	return []codectest.Floor{
		{Stream: "nexmark.Bid", Format: f, Encode: d.appendBid, Decode: d.decodeBid},
		{Stream: "flink.MyPojo", Format: f, Encode: d.appendMyPojo, Decode: d.decodeMyPojo},
		{Stream: "orders.Order", Format: f, Encode: d.appendOrder, Decode: d.decodeOrder},
	}
}

func TestFloors(t *testing.T) { codectest.Floors(t, floors...) }

func BenchmarkFloors(b *testing.B) { codectest.BenchFloors(b, floors...) }

// A dialect is what one of the formats writes otherwise than another: classes, the first time in a record and again, and
// what Kryo 2.24 does in its own way.
type dialect struct {
	old                       bool // Kryo 2.24: big-endian, lists with a plain count and a class for each element
	limit                     int  // of strings without a length
	operation, operationAgain string
	address, list, listAgain  string
	line, lineAgain           string // with what Kryo 5.6 writes behind it once for all elements
}

const (
	arrayName     = "\x01\x00[Lwirecost.flink.MyOperation\xbb\x01"
	operationName = "\x01\x01wirecost.flink.MyOperatio\xee"
	addressName   = "\x01\x00wirecost.orders.Addres\xf3\x01"
	arrayListName = "java.util.ArrayLis\xf4\x01"
	lineName      = "\x01\x02wirecost.orders.OrderLin\xe5"
)

var (
	plain = dialect{
		limit: 32, operation: operationName, operationAgain: "\x01\x01", address: addressName,
		list: "\x01\x01" + arrayListName, listAgain: "\x01\x01\x01", line: lineName + "\x00",
	}
	registered = dialect{
		limit: 32, operation: "\x58", operationAgain: "\x58", address: "\x59\x01",
		list: "\x01\x00" + arrayListName, listAgain: "\x01\x00\x01", line: "\x5a\x00",
	}
	plain2 = dialect{
		old: true, limit: 63, operation: operationName, operationAgain: "\x01\x01", address: addressName,
		list: "\x01\x01" + arrayListName, listAgain: "\x01\x01\x01", line: lineName, lineAgain: "\x01\x02",
	}
	registered2 = dialect{
		old: true, limit: 63, operation: "\x58", operationAgain: "\x58", address: "\x59\x01",
		list: "\x01\x00" + arrayListName, listAgain: "\x01\x00\x01", line: "\x5a", lineAgain: "\x5a",
	}
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

func (d *dialect) putDouble(dst []byte, v float64) []byte {
	if d.old {
		return binary.BigEndian.AppendUint64(dst, math.Float64bits(v))
	}
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
}

func putFlagged(dst []byte, v uint32) []byte {
	if v < 0x40 {
		return append(dst, 0x80|byte(v))
	}
	return putCount(append(dst, 0xc0|byte(v&0x3f)), v>>6)
}

// putText writes a string and the mark before it.
func (d *dialect) putText(dst []byte, s string) []byte {
	dst = append(dst, 1)
	for i := range len(s) {
		if s[i] >= 0x80 {
			return putWide(dst, s)
		}
	}
	if len(s) < 2 || len(s) > d.limit {
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

func (d *dialect) putNullText(dst []byte, s *string) []byte {
	if s == nil {
		return append(dst, 0)
	}
	return d.putText(dst, *s)
}

func (d *dialect) appendBid(dst []byte, v any) []byte {
	r := v.(*generated.NexmarkBid)
	dst = putLong(append(dst, 0x57, 1), r.Auction)
	dst = putLong(dst, r.Bidder)
	dst = d.putText(dst, r.Channel)
	dst = putLong(dst, r.DateTime)
	dst = d.putText(dst, r.Extra)
	dst = putLong(dst, r.Price)
	return d.putText(dst, r.URL)
}

func (d *dialect) appendMyPojo(dst []byte, v any) []byte {
	r := v.(*generated.FlinkMyPojo)
	dst = putInt(append(dst, 0x57, 1), r.ID)
	dst = d.putText(dst, r.Name)
	dst = putCount(append(dst, 1), uint32(len(r.OperationNames))+1)
	for _, s := range r.OperationNames {
		dst = d.putText(dst, s)
	}
	dst = putCount(append(dst, arrayName...), uint32(len(r.Operations))+1)
	class := d.operation
	for i := range r.Operations {
		dst = append(dst, class...)
		class = d.operationAgain
		dst = d.putText(putInt(append(dst, 1), r.Operations[i].ID), r.Operations[i].Name)
	}
	dst = putInt(putInt(putInt(dst, r.OtherId1), r.OtherId2), r.OtherId3)
	return d.putText(append(dst, 3), r.SomeObject.(string))
}

func (d *dialect) appendOrder(dst []byte, v any) []byte {
	r := v.(*generated.OrdersOrder)
	dst = append(append(dst, 0x57, 1), d.address...)
	dst = d.putText(dst, r.Address.City)
	dst = d.putText(dst, r.Address.Country)
	dst = d.putText(dst, r.Address.Region)
	dst = d.putText(dst, r.Address.Street)
	dst = d.putText(dst, r.Address.Zip)
	dst = d.putNullText(dst, r.Coupon)
	dst = d.putText(dst, r.Currency)
	dst = putLong(dst, r.CustomerID)
	if r.Discount == nil {
		dst = append(dst, 0)
	} else {
		dst = d.putDouble(append(dst, 1), *r.Discount)
	}
	if r.Gift {
		dst = append(dst, 1)
	} else {
		dst = append(dst, 0)
	}
	dst = d.putLines(append(dst, d.list...), r.Lines)
	dst = d.putNullText(dst, r.Note)
	dst = putLong(putLong(dst, r.OrderID), r.OrderTime)
	dst = append(putCount(append(dst, 1), uint32(len(r.Payload))+1), r.Payload...)
	dst = append(dst, 1, status(r.Status)+1)
	return d.putDouble(putInt(dst, r.StoreID), r.Total)
}

func (d *dialect) putLines(dst []byte, lines []generated.OrdersOrderLine) []byte {
	switch {
	case d.old:
		dst = putCount(dst, uint32(len(lines)))
	case len(lines) == 0:
		return append(dst, 1)
	default:
		dst = putFlagged(dst, uint32(len(lines))+1)
	}
	class := d.line
	for i := range lines {
		l := &lines[i]
		dst = append(dst, class...)
		class = d.lineAgain
		dst = d.putText(putInt(append(dst, 1), l.Quantity), l.Sku)
		dst = d.putSize(append(dst, d.listAgain...), len(l.Tags))
		for _, s := range l.Tags {
			dst = d.putText(dst, s)
		}
		dst = d.putDouble(dst, l.UnitPrice)
	}
	return dst
}

// putSize writes the number of elements of a list of strings.
func (d *dialect) putSize(dst []byte, n int) []byte {
	switch {
	case d.old:
		return putCount(dst, uint32(n))
	case n < 0x3f:
		return append(dst, byte(n+1))
	}
	return putCount(append(dst, 0x40|byte((n+1)&0x3f)), uint32(n+1)>>6)
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
	*dialect
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

func (r *in) double() float64 {
	if r.old {
		return math.Float64frombits(binary.BigEndian.Uint64(r.take(8)))
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(r.take(8)))
}

// size reads the number of elements of a list, of which each has a byte at least.
func (r *in) size() int {
	if r.old {
		return min(r.count(), len(r.b))
	}
	return min(max(r.flagged()-1, 0), len(r.b))
}

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

func (d *dialect) decodeBid(src []byte) (any, error) {
	r, v := in{d, src, true}, &generated.NexmarkBid{}
	r.want("\x57\x01")
	v.Auction, v.Bidder, v.Channel = r.long(), r.long(), r.text()
	v.DateTime, v.Extra, v.Price, v.URL = r.long(), r.text(), r.long(), r.text()
	return r.done(v)
}

func (d *dialect) decodeMyPojo(src []byte) (any, error) {
	r, v := in{d, src, true}, &generated.FlinkMyPojo{}
	r.want("\x57\x01")
	v.ID, v.Name = r.int(), r.text()
	r.want("\x01")
	v.OperationNames = make([]string, min(max(r.count()-1, 0), len(r.b)))
	for i := range v.OperationNames {
		v.OperationNames[i] = r.text()
	}
	r.want(arrayName)
	v.Operations = make([]generated.FlinkMyOperation, min(max(r.count()-1, 0), len(r.b)))
	for i := range v.Operations {
		if i == 0 {
			r.want(d.operation)
		} else {
			r.want(d.operationAgain)
		}
		r.want("\x01")
		v.Operations[i].ID, v.Operations[i].Name = r.int(), r.text()
	}
	v.OtherId1, v.OtherId2, v.OtherId3 = r.int(), r.int(), r.int()
	r.want("\x03")
	v.SomeObject = r.text()
	return r.done(v)
}

func (d *dialect) decodeOrder(src []byte) (any, error) {
	r, v := in{d, src, true}, &generated.OrdersOrder{}
	r.want("\x57\x01")
	r.want(d.address)
	a := &v.Address
	a.City, a.Country, a.Region, a.Street, a.Zip = r.text(), r.text(), r.text(), r.text(), r.text()
	v.Coupon = r.nullText()
	v.Currency, v.CustomerID = r.text(), r.long()
	if r.byte() == 1 {
		d := r.double()
		v.Discount = &d
	}
	v.Gift = r.byte() == 1
	r.want(d.list)
	v.Lines = make([]generated.OrdersOrderLine, r.size())
	for i := range v.Lines {
		if i == 0 {
			r.want(d.line)
		} else {
			r.want(d.lineAgain)
		}
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

func (r *in) line(l *generated.OrdersOrderLine) {
	r.want("\x01")
	l.Quantity, l.Sku = r.int(), r.text()
	r.want(r.listAgain)
	l.Tags = make([]string, r.size())
	for i := range l.Tags {
		l.Tags[i] = r.text()
	}
	l.UnitPrice = r.double()
}
