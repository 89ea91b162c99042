package avro_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/avro"
	generated "github.com/wirecost/wirecost/schemas/streams/generated"
)

// The floors are what one would write by hand for a single record: the same bytes, no schema, no check of what cannot be
// wrong. Decoding checks lengths and text, as any decoder must.

var floors = []codectest.Floor{
	{Stream: "nexmark.Bid", Format: avro.Format, Encode: appendBid, Decode: decodeBid},
	{Stream: "flink.MyPojo", Format: avro.Format, Encode: appendMyPojo, Decode: decodeMyPojo},
	{Stream: "orders.Order", Format: avro.Format, Encode: appendOrder, Decode: decodeOrder},
}

func TestFloors(t *testing.T) { codectest.Floors(t, floors...) }

func BenchmarkFloors(b *testing.B) { codectest.BenchFloors(b, floors...) }

func putText(dst []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...)
}
func putLong(dst []byte, v int64) []byte { return binary.BigEndian.AppendUint64(dst, uint64(v)) }
func putInt(dst []byte, v int32) []byte  { return binary.BigEndian.AppendUint32(dst, uint32(v)) }
func putDouble(dst []byte, v float64) []byte {
	return binary.BigEndian.AppendUint64(dst, math.Float64bits(v))
}

func appendBid(dst []byte, v any) []byte {
	r := v.(*generated.NexmarkBid)
	dst = putLong(dst, r.Auction)
	dst = putLong(dst, r.Bidder)
	dst = putLong(dst, r.Price)
	dst = putText(dst, r.Channel)
	dst = putText(dst, r.URL)
	dst = putLong(dst, r.DateTime)
	return putText(dst, r.Extra)
}

// putCount writes the number of items, of which there are some.
func putCount(dst []byte, n int) []byte { return binary.AppendUvarint(dst, uint64(n)) }

func putTexts(dst []byte, list []string) []byte {
	if len(list) == 0 {
		return append(dst, 0)
	}
	dst = putCount(dst, len(list))
	for _, s := range list {
		dst = putText(dst, s)
	}
	return append(dst, 0)
}

func appendMyPojo(dst []byte, v any) []byte {
	r := v.(*generated.FlinkMyPojo)
	dst = putText(putInt(dst, r.ID), r.Name)
	dst = putTexts(dst, r.OperationNames)
	if len(r.Operations) > 0 {
		dst = putCount(dst, len(r.Operations))
		for i := range r.Operations {
			o := &r.Operations[i]
			dst = putText(putInt(dst, o.ID), o.Name)
		}
	}
	dst = append(dst, 0)
	dst = putInt(putInt(putInt(dst, r.OtherId1), r.OtherId2), r.OtherId3)
	return putText(putInt(dst, 1), r.SomeObject.(string))
}

func appendOrder(dst []byte, v any) []byte {
	r := v.(*generated.OrdersOrder)
	dst = putLong(putLong(putLong(dst, r.OrderID), r.OrderTime), r.CustomerID)
	dst = putInt(putInt(dst, r.StoreID), status(r.Status))
	dst = putDouble(putText(dst, r.Currency), r.Total)
	dst = putNullText(putNullText(dst, r.Coupon), r.Note)
	if r.Discount == nil {
		dst = putInt(dst, 0)
	} else {
		dst = putDouble(putInt(dst, 1), *r.Discount)
	}
	if r.Gift {
		dst = append(dst, 1)
	} else {
		dst = append(dst, 0)
	}
	dst = putText(dst, r.Address.Street)
	dst = putText(dst, r.Address.City)
	dst = putText(dst, r.Address.Region)
	dst = putText(dst, r.Address.Zip)
	dst = putText(dst, r.Address.Country)
	if len(r.Lines) > 0 {
		dst = putCount(dst, len(r.Lines))
		for i := range r.Lines {
			l := &r.Lines[i]
			dst = putTexts(putDouble(putInt(putText(dst, l.Sku), l.Quantity), l.UnitPrice), l.Tags)
		}
	}
	dst = append(dst, 0)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(r.Payload)))
	return append(dst, r.Payload...)
}

func putNullText(dst []byte, s *string) []byte {
	if s == nil {
		return putInt(dst, 0)
	}
	return putText(putInt(dst, 1), *s)
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

func (r *in) long() int64     { return int64(binary.BigEndian.Uint64(r.take(8))) }
func (r *in) int() int32      { return int32(binary.BigEndian.Uint32(r.take(4))) }
func (r *in) double() float64 { return math.Float64frombits(uint64(r.long())) }

func (r *in) text() string {
	b := r.take(int(r.int()))
	if !utf8.Valid(b) {
		r.ok = false
	}
	return string(b)
}

// count reads the number of items of at least least bytes.
func (r *in) count(least int) int {
	n, used := binary.Uvarint(r.b)
	if used <= 0 || n > uint64(len(r.b)/least) {
		r.ok = false
		return 0
	}
	r.b = r.b[used:]
	return int(n)
}

func (r *in) end(n int) {
	if n > 0 && r.take(1)[0] != 0 {
		r.ok = false
	}
}

func (r *in) texts() []string {
	list := make([]string, r.count(4))
	for i := range list {
		list[i] = r.text()
	}
	r.end(len(list))
	return list
}

func (r *in) done(v any) (any, error) {
	if !r.ok || len(r.b) > 0 {
		return nil, errFloor
	}
	return v, nil
}

func decodeBid(src []byte) (any, error) {
	r, v := in{src, true}, &generated.NexmarkBid{}
	v.Auction, v.Bidder, v.Price = r.long(), r.long(), r.long()
	v.Channel, v.URL, v.DateTime, v.Extra = r.text(), r.text(), r.long(), r.text()
	return r.done(v)
}

func decodeMyPojo(src []byte) (any, error) {
	r, v := in{src, true}, &generated.FlinkMyPojo{}
	v.ID, v.Name, v.OperationNames = r.int(), r.text(), r.texts()
	v.Operations = make([]generated.FlinkMyOperation, r.count(8))
	for i := range v.Operations {
		v.Operations[i].ID, v.Operations[i].Name = r.int(), r.text()
	}
	r.end(len(v.Operations))
	v.OtherId1, v.OtherId2, v.OtherId3 = r.int(), r.int(), r.int()
	r.ok = r.int() == 1 && r.ok
	v.SomeObject = r.text()
	return r.done(v)
}

func decodeOrder(src []byte) (any, error) {
	r, v := in{src, true}, &generated.OrdersOrder{}
	v.OrderID, v.OrderTime, v.CustomerID, v.StoreID = r.long(), r.long(), r.long(), r.int()
	if s := r.int(); s >= 0 && int(s) < len(statuses) {
		v.Status = statuses[s]
	}
	v.Currency, v.Total, v.Coupon, v.Note = r.text(), r.double(), r.nullText(), r.nullText()
	if r.there() {
		d := r.double()
		v.Discount = &d
	}
	v.Gift = r.take(1)[0] == 1
	a := &v.Address
	a.Street, a.City, a.Region, a.Zip, a.Country = r.text(), r.text(), r.text(), r.text(), r.text()
	v.Lines = make([]generated.OrdersOrderLine, r.count(17))
	for i := range v.Lines {
		l := &v.Lines[i]
		l.Sku, l.Quantity, l.UnitPrice, l.Tags = r.text(), r.int(), r.double(), r.texts()
	}
	r.end(len(v.Lines))
	v.Payload = append([]byte(nil), r.take(int(r.int()))...)
	return r.done(v)
}

// there reads which branch a union of null and another one is.
func (r *in) there() bool {
	i := r.int()
	r.ok = r.ok && (i == 0 || i == 1)
	return i == 1
}

func (r *in) nullText() *string {
	if !r.there() {
		return nil
	}
	s := r.text()
	return &s
}
