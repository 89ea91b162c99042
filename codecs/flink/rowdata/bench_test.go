package rowdata_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/rowdata"
	generated "github.com/wirecost/wirecost/schemas/streams/generated"
)

// The floors are what one would write by hand for a single record: the same bytes, no schema, no check of what cannot be
// wrong. Decoding checks lengths, offsets and text, as any decoder must. flink.MyPojo has a general union, so no row.

var floors = []codectest.Floor{
	{Stream: "nexmark.Bid", Format: rowdata.Format, Encode: appendBid, Decode: decodeBid},
	{Stream: "orders.Order", Format: rowdata.Format, Encode: appendOrder, Decode: decodeOrder},
}

func TestFloors(t *testing.T) { codectest.Floors(t, floors...) }

func BenchmarkFloors(b *testing.B) { codectest.BenchFloors(b, floors...) }

// put8 writes a slot.
func put8(dst []byte, at int, x uint64) { binary.LittleEndian.PutUint64(dst[at:], x) }

// putText writes a string to the slot at at, of the row at base, or behind dst.
func putText(dst []byte, base, at int, s string) []byte {
	if len(s) <= 7 {
		copy(dst[at:], s)
		dst[at+7] = 0x80 | byte(len(s))
		return dst
	}
	put8(dst, at, uint64(len(s))|uint64(len(dst)-base)<<32)
	dst = append(dst, s...)
	return append(dst, zeros[:-len(s)&7]...)
}

// putPart writes the slot of what was appended from start on.
func putPart(dst []byte, base, at, start int) []byte {
	put8(dst, at, uint64(len(dst)-start)|uint64(start-base)<<32)
	return dst
}

var zeros [256]byte

func prefixed(dst []byte, start int) []byte {
	binary.BigEndian.PutUint32(dst[start:], uint32(len(dst)-start-4))
	return dst
}

func appendBid(dst []byte, v any) []byte {
	r := v.(*generated.NexmarkBid)
	start := len(dst)
	base := start + 4
	dst = append(dst, zeros[:4+8+7*8]...)
	put8(dst, base+8, uint64(r.Auction))
	put8(dst, base+16, uint64(r.Bidder))
	put8(dst, base+24, uint64(r.Price))
	dst = putText(dst, base, base+32, r.Channel)
	dst = putText(dst, base, base+40, r.URL)
	put8(dst, base+48, uint64(r.DateTime))
	dst = putText(dst, base, base+56, r.Extra)
	return prefixed(dst, start)
}

func appendOrder(dst []byte, v any) []byte {
	r := v.(*generated.OrdersOrder)
	start := len(dst)
	base := start + 4
	dst = append(dst, zeros[:4+8+14*8]...)
	slot := func(i int) int { return base + 8 + 8*i }
	put8(dst, slot(0), uint64(r.OrderID))
	put8(dst, slot(1), uint64(r.OrderTime))
	put8(dst, slot(2), uint64(r.CustomerID))
	put8(dst, slot(3), uint64(uint32(r.StoreID)))
	dst = putText(dst, base, slot(4), r.Status)
	dst = putText(dst, base, slot(5), r.Currency)
	put8(dst, slot(6), math.Float64bits(r.Total))
	if r.Coupon == nil {
		dst[base+1] |= 1 << 7
	} else {
		dst = putText(dst, base, slot(7), *r.Coupon)
	}
	if r.Note == nil {
		dst[base+2] |= 1
	} else {
		dst = putText(dst, base, slot(8), *r.Note)
	}
	if r.Discount == nil {
		dst[base+2] |= 1 << 1
	} else {
		put8(dst, slot(9), math.Float64bits(*r.Discount))
	}
	if r.Gift {
		dst[slot(10)] = 1
	}
	at := len(dst)
	dst = append(dst, zeros[:8+5*8]...)
	dst = putText(dst, at, at+8, r.Address.Street)
	dst = putText(dst, at, at+16, r.Address.City)
	dst = putText(dst, at, at+24, r.Address.Region)
	dst = putText(dst, at, at+32, r.Address.Zip)
	dst = putText(dst, at, at+40, r.Address.Country)
	dst = putPart(dst, base, slot(11), at)
	at = len(dst)
	dst = putLines(dst, r.Lines)
	dst = putPart(dst, base, slot(12), at)
	if len(r.Payload) <= 7 {
		copy(dst[slot(13):], r.Payload)
		dst[slot(13)+7] = 0x80 | byte(len(r.Payload))
	} else {
		put8(dst, slot(13), uint64(len(r.Payload))|uint64(len(dst)-base)<<32)
		dst = append(append(dst, r.Payload...), zeros[:-len(r.Payload)&7]...)
	}
	return prefixed(dst, start)
}

// putArray begins an array of n elements of 8 bytes, of which the first is at the offset that it returns.
func putArray(dst []byte, n int) ([]byte, int) {
	base, head := len(dst), 4+(n+31)/32*4
	for size := (head + 8*n + 7) &^ 7; size > 0; size -= len(zeros) {
		dst = append(dst, zeros[:min(size, len(zeros))]...)
	}
	binary.LittleEndian.PutUint32(dst[base:], uint32(n))
	return dst, base + head
}

func putLines(dst []byte, lines []generated.OrdersOrderLine) []byte {
	base := len(dst)
	dst, at := putArray(dst, len(lines))
	for i := range lines {
		l, row := &lines[i], len(dst)
		dst = append(dst, zeros[:8+4*8]...)
		dst = putText(dst, row, row+8, l.Sku)
		put8(dst, row+16, uint64(uint32(l.Quantity)))
		put8(dst, row+24, math.Float64bits(l.UnitPrice))
		tags := len(dst)
		var tag int
		dst, tag = putArray(dst, len(l.Tags))
		for j, s := range l.Tags {
			dst = putText(dst, tags, tag+8*j, s)
		}
		dst = putPart(dst, row, row+32, tags)
		dst = putPart(dst, base, at+8*i, row)
	}
	return dst
}

var errFloor = errors.New("bad input")

// An in is a row or an array that the floors decode; ok turns false at the first fault.
type in struct {
	b    []byte
	next int
	ok   *bool
}

// row takes the row of n columns in b.
func row(b []byte, n int, ok *bool) in {
	if len(b) < 8+8*n {
		*ok, b = false, make([]byte, 8+8*n)
	}
	return in{b, 8 + 8*n, ok}
}

func (r *in) null(i int) bool { return r.b[(8+i)/8]>>(i%8)&1 != 0 }
func (r *in) long(i int) int64 {
	return int64(binary.LittleEndian.Uint64(r.b[8+8*i:]))
}
func (r *in) double(i int) float64 { return math.Float64frombits(uint64(r.long(i))) }

// part returns what the slot at at points to.
func (r *in) part(at int) []byte {
	n, off := int(binary.LittleEndian.Uint32(r.b[at:])), int(binary.LittleEndian.Uint32(r.b[at+4:]))
	end := off + (n+7)&^7
	if off != r.next || end > len(r.b) {
		*r.ok = false
		return nil
	}
	r.next = end
	return r.b[off : off+n]
}

func (r *in) bytes(at int) []byte {
	if mark := r.b[at+7]; mark >= 0x80 {
		return r.b[at : at+int(mark&7)]
	}
	return r.part(at)
}

func (r *in) text(at int) string {
	b := r.bytes(at)
	if !utf8.Valid(b) {
		*r.ok = false
	}
	return string(b)
}

func (r *in) column(i int) string { return r.text(8 + 8*i) }

func (r *in) done() {
	if r.next != len(r.b) {
		*r.ok = false
	}
}

// sized returns the row of n columns that src is.
func sized(src []byte, n int, ok *bool) in {
	if len(src) < 4 || int(binary.BigEndian.Uint32(src)) != len(src)-4 {
		*ok, src = false, make([]byte, 4)
	}
	return row(src[4:], n, ok)
}

// list returns the array in b and the number and place of its elements of 8 bytes.
func list(b []byte, ok *bool) (r in, n, at int) {
	if len(b) < 4 {
		*ok, b = false, make([]byte, 8)
	}
	n = int(binary.LittleEndian.Uint32(b))
	at = 4 + (n+31)/32*4
	end := (at + 8*n + 7) &^ 7
	if end > len(b) {
		*ok, n, end = false, 0, len(b)
	}
	return in{b, end, ok}, n, at
}

func decodeBid(src []byte) (any, error) {
	ok, v := true, &generated.NexmarkBid{}
	r := sized(src, 7, &ok)
	v.Auction, v.Bidder, v.Price = r.long(0), r.long(1), r.long(2)
	v.Channel, v.URL, v.DateTime, v.Extra = r.column(3), r.column(4), r.long(5), r.column(6)
	if r.done(); !ok {
		return nil, errFloor
	}
	return v, nil
}

var statuses = [...]string{"CREATED", "PAID", "PACKED", "SHIPPED", "DELIVERED", "RETURNED"}

func decodeOrder(src []byte) (any, error) {
	ok, v := true, &generated.OrdersOrder{}
	r := sized(src, 14, &ok)
	v.OrderID, v.OrderTime, v.CustomerID, v.StoreID = r.long(0), r.long(1), r.long(2), int32(r.long(3))
	b := r.bytes(8 + 8*4)
	for _, s := range statuses {
		if s == string(b) {
			v.Status = s
		}
	}
	v.Currency, v.Total, v.Coupon, v.Note = r.column(5), r.double(6), r.nullText(7), r.nullText(8)
	if !r.null(9) {
		d := r.double(9)
		v.Discount = &d
	}
	v.Gift = r.b[8+8*10] == 1
	in, a := row(r.part(8+8*11), 5, &ok), &v.Address
	a.Street, a.City, a.Region, a.Zip, a.Country = in.column(0), in.column(1), in.column(2), in.column(3), in.column(4)
	in.done()
	v.Lines = lines(r.part(8+8*12), &ok)
	v.Payload = append([]byte(nil), r.bytes(8+8*13)...)
	if r.done(); !ok {
		return nil, errFloor
	}
	return v, nil
}

func (r *in) nullText(i int) *string {
	if r.null(i) {
		return nil
	}
	s := r.column(i)
	return &s
}

func lines(b []byte, ok *bool) []generated.OrdersOrderLine {
	r, n, at := list(b, ok)
	v := make([]generated.OrdersOrderLine, n)
	for i := range v {
		in, l := row(r.part(at+8*i), 4, ok), &v[i]
		l.Sku, l.Quantity, l.UnitPrice = in.column(0), int32(in.long(1)), in.double(2)
		tags, n, at := list(in.part(8+8*3), ok)
		l.Tags = make([]string, n)
		for j := range l.Tags {
			l.Tags[j] = tags.text(at + 8*j)
		}
		tags.done()
		in.done()
	}
	r.done()
	return v
}
