package row_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/row"
	generated "github.com/wirecost/wirecost/schemas/streams/generated"
)

// The floors are what one would write by hand for a single class: the same bytes, no schema, no check of what cannot be
// wrong. Decoding checks lengths, as any decoder must.

// The bytes of Flink 1.20 are the same for these streams: they have no list of nullable elements.

var floors = []codectest.Floor{
	{Stream: "nexmark.Bid", Format: row.Format, Encode: appendBidRow, Decode: decodeBidRow},
	{Stream: "flink.MyPojo", Format: row.Format, Encode: appendMyPojoRow, Decode: decodeMyPojoRow},
	{Stream: "orders.Order", Format: row.Format, Encode: appendOrder, Decode: decodeOrder},
	{Stream: "nexmark.Bid", Format: row.Tuple, Encode: appendBid, Decode: decodeBid},
	{Stream: "flink.MyPojo", Format: row.Tuple, Encode: appendMyPojo, Decode: decodeMyPojo},
	{Stream: "nexmark.Bid", Format: row.Flink1, Encode: appendBidRow, Decode: decodeBidRow},
	{Stream: "flink.MyPojo", Format: row.Flink1, Encode: appendMyPojoRow, Decode: decodeMyPojoRow},
	{Stream: "orders.Order", Format: row.Flink1, Encode: appendOrder, Decode: decodeOrder},
	{Stream: "nexmark.Bid", Format: row.TupleFlink1, Encode: appendBid, Decode: decodeBid},
	{Stream: "flink.MyPojo", Format: row.TupleFlink1, Encode: appendMyPojo, Decode: decodeMyPojo},
}

func TestFloors(t *testing.T) { codectest.Floors(t, floors...) }

func BenchmarkFloors(b *testing.B) { codectest.BenchFloors(b, floors...) }

func putText(dst []byte, s string) []byte {
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

func putLong(dst []byte, v int64) []byte { return binary.BigEndian.AppendUint64(dst, uint64(v)) }

func putInt(dst []byte, v int32) []byte { return binary.BigEndian.AppendUint32(dst, uint32(v)) }

func putDouble(dst []byte, v float64) []byte {
	return binary.BigEndian.AppendUint64(dst, math.Float64bits(v))
}

func appendBidRow(dst []byte, v any) []byte { return appendBid(append(dst, 0, 0), v) }

func appendBid(dst []byte, v any) []byte {
	r := v.(*generated.NexmarkBid)
	dst = putLong(putLong(putLong(dst, r.Auction), r.Bidder), r.Price)
	dst = putText(putText(dst, r.Channel), r.URL)
	return putText(putLong(dst, r.DateTime), r.Extra)
}

func appendMyPojoRow(dst []byte, v any) []byte {
	return putMyPojo(append(dst, 0, 0), v.(*generated.FlinkMyPojo), []byte{0})
}

func appendMyPojo(dst []byte, v any) []byte { return putMyPojo(dst, v.(*generated.FlinkMyPojo), nil) }

// putMyPojo puts mask before each operation.
func putMyPojo(dst []byte, r *generated.FlinkMyPojo, mask []byte) []byte {
	dst = putText(putInt(dst, r.ID), r.Name)
	dst = putInt(dst, int32(len(r.OperationNames)))
	for _, s := range r.OperationNames {
		dst = putText(dst, s)
	}
	dst = putInt(dst, int32(len(r.Operations)))
	for i := range r.Operations {
		o := &r.Operations[i]
		dst = putText(putInt(append(append(dst, 1), mask...), o.ID), o.Name)
	}
	dst = putInt(putInt(putInt(dst, r.OtherId1), r.OtherId2), r.OtherId3)
	s := r.SomeObject.(string)
	dst = append(append(dst, 3, 1), s...)
	dst[len(dst)-1] |= 0x80
	return dst
}

func appendOrder(dst []byte, v any) []byte {
	r := v.(*generated.OrdersOrder)
	at := len(dst)
	dst = append(dst, 0, 0)
	dst = putLong(putLong(putLong(dst, r.OrderID), r.OrderTime), r.CustomerID)
	dst = putInt(putInt(dst, r.StoreID), status(r.Status))
	dst = putDouble(putText(dst, r.Currency), r.Total)
	if r.Coupon == nil {
		dst[at+1] |= 0x40
	} else {
		dst = putText(dst, *r.Coupon)
	}
	if r.Note == nil {
		dst[at+1] |= 0x20
	} else {
		dst = putText(dst, *r.Note)
	}
	if r.Discount == nil {
		dst[at+1] |= 0x10
	} else {
		dst = putDouble(dst, *r.Discount)
	}
	dst = append(dst, 0, 0)
	if r.Gift {
		dst[len(dst)-2] = 1
	}
	a := &r.Address
	dst = putText(putText(putText(putText(putText(dst, a.Street), a.City), a.Region), a.Zip), a.Country)
	dst = putInt(dst, int32(len(r.Lines)))
	for i := range r.Lines {
		dst = putLine(append(dst, 0), &r.Lines[i])
	}
	dst = putInt(dst, int32(len(r.Payload)))
	return append(dst, r.Payload...)
}

func putLine(dst []byte, l *generated.OrdersOrderLine) []byte {
	dst = putDouble(putInt(putText(dst, l.Sku), l.Quantity), l.UnitPrice)
	dst = putInt(dst, int32(len(l.Tags)))
	for _, s := range l.Tags {
		dst = putText(dst, s)
	}
	return dst
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

func (r *in) byte(want byte) { r.ok = r.take(1)[0] == want && r.ok }
func (r *in) long() int64    { return int64(binary.BigEndian.Uint64(r.take(8))) }
func (r *in) int() int32     { return int32(binary.BigEndian.Uint32(r.take(4))) }
func (r *in) double() float64 {
	return math.Float64frombits(binary.BigEndian.Uint64(r.take(8)))
}

// count reads a number of elements, of which each has a byte at least.
func (r *in) count() int { return min(int(r.int()), len(r.b)) }

func (r *in) text() string {
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

func decodeBidRow(src []byte) (any, error) {
	r := in{src, true}
	r.byte(0)
	r.byte(0)
	return r.bid()
}

func decodeBid(src []byte) (any, error) {
	r := in{src, true}
	return r.bid()
}

func (r *in) bid() (any, error) {
	v := &generated.NexmarkBid{}
	v.Auction, v.Bidder, v.Price, v.Channel, v.URL = r.long(), r.long(), r.long(), r.text(), r.text()
	v.DateTime, v.Extra = r.long(), r.text()
	return r.done(v)
}

func decodeMyPojoRow(src []byte) (any, error) {
	r := in{src, true}
	r.byte(0)
	r.byte(0)
	return r.myPojo(true)
}

func decodeMyPojo(src []byte) (any, error) {
	r := in{src, true}
	return r.myPojo(false)
}

func (r *in) myPojo(masks bool) (any, error) {
	v := &generated.FlinkMyPojo{}
	v.ID, v.Name = r.int(), r.text()
	v.OperationNames = make([]string, r.count())
	for i := range v.OperationNames {
		v.OperationNames[i] = r.text()
	}
	v.Operations = make([]generated.FlinkMyOperation, r.count())
	for i := range v.Operations {
		r.byte(1)
		if masks {
			r.byte(0)
		}
		v.Operations[i].ID, v.Operations[i].Name = r.int(), r.text()
	}
	v.OtherId1, v.OtherId2, v.OtherId3 = r.int(), r.int(), r.int()
	b := append([]byte(nil), r.take(2 + 4)[2:]...)
	b[3] &= 0x7f
	v.SomeObject = string(b)
	return r.done(v)
}

func decodeOrder(src []byte) (any, error) {
	r, v := in{src, true}, &generated.OrdersOrder{}
	mask := r.take(2)
	r.ok = r.ok && mask[0] == 0 && mask[1]&^0x70 == 0
	v.OrderID, v.OrderTime, v.CustomerID, v.StoreID = r.long(), r.long(), r.long(), r.int()
	if s := r.int(); s >= 0 && int(s) < len(statuses) {
		v.Status = statuses[s]
	}
	v.Currency, v.Total = r.text(), r.double()
	if mask[1]&0x40 == 0 {
		s := r.text()
		v.Coupon = &s
	}
	if mask[1]&0x20 == 0 {
		s := r.text()
		v.Note = &s
	}
	if mask[1]&0x10 == 0 {
		d := r.double()
		v.Discount = &d
	}
	v.Gift = r.take(1)[0] == 1
	r.byte(0)
	a := &v.Address
	a.Street, a.City, a.Region, a.Zip, a.Country = r.text(), r.text(), r.text(), r.text(), r.text()
	v.Lines = make([]generated.OrdersOrderLine, r.count())
	for i := range v.Lines {
		r.byte(0)
		r.line(&v.Lines[i])
	}
	v.Payload = append([]byte(nil), r.take(int(r.int()))...)
	return r.done(v)
}

func (r *in) line(l *generated.OrdersOrderLine) {
	l.Sku, l.Quantity, l.UnitPrice = r.text(), r.int(), r.double()
	l.Tags = make([]string, r.count())
	for i := range l.Tags {
		l.Tags[i] = r.text()
	}
}
