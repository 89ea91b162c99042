package shop

import (
	"encoding/binary"
	"testing"

	"github.com/wirecost/wirecost/bench"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/schemas"
)

// Order is our own type: the fields of the schema, in its order, named by avro tags.
type Order struct {
	ID       int64  `avro:"id" json:"id" msgpack:"id" cbor:"id"`
	Customer string `avro:"customer" json:"customer" msgpack:"customer" cbor:"customer"`
	Lines    []Line `avro:"lines" json:"lines" msgpack:"lines" cbor:"lines"`
}

// Line is an element of Order.
type Line struct {
	SKU   string `avro:"sku" json:"sku" msgpack:"sku" cbor:"sku"`
	Count int32  `avro:"count" json:"count" msgpack:"count" cbor:"count"`
}

// mine is our own codec: two methods.
type mine struct{}

func (mine) Append(dst []byte, v any) ([]byte, error) {
	o := v.(*Order)
	dst = binary.AppendVarint(dst, o.ID)
	dst = append(binary.AppendUvarint(dst, uint64(len(o.Customer))), o.Customer...)
	dst = binary.AppendUvarint(dst, uint64(len(o.Lines)))
	for _, l := range o.Lines {
		dst = append(binary.AppendUvarint(dst, uint64(len(l.SKU))), l.SKU...)
		dst = binary.AppendVarint(dst, int64(l.Count))
	}
	return dst, nil
}

func (mine) Decode(src []byte, v any) error {
	text := func() string {
		n, w := binary.Uvarint(src)
		s := string(src[w : w+int(n)])
		src = src[w+int(n):]
		return s
	}
	o := v.(*Order)
	id, w := binary.Varint(src)
	src = src[w:]
	*o = Order{ID: id, Customer: text()}
	n, w := binary.Uvarint(src)
	src = src[w:]
	for range n {
		l := Line{SKU: text()}
		count, w := binary.Varint(src)
		l.Count, src = int32(count), src[w:]
		o.Lines = append(o.Lines, l)
	}
	return nil
}

func subject(b *testing.B) *harness.Subject {
	schema, err := schemas.Load("order.avsc", "")
	if err != nil {
		b.Fatal(err)
	}
	s, err := harness.SubjectOf(schema, []Order{
		{ID: 1, Customer: "ann", Lines: []Line{{"apple", 3}, {"pear", 1}}},
		{ID: 2, Customer: "bob", Lines: []Line{{"nut", 40}}},
		{ID: 3, Customer: "cy"},
		{ID: 4, Customer: "dee", Lines: []Line{{"apple", 1}}},
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// formats are the codecs that we compare: ours, and those that we could have instead.
func formats(b *testing.B) []codecs.Format {
	others, err := all.Find("avro,json,msgpack,pojo,gob")
	if err != nil {
		b.Fatal(err)
	}
	open := func(*schemas.Schema) (codecs.Codec, error) { return mine{}, nil }
	return append(others, codecs.Format{Name: "mine", New: open})
}

func BenchmarkCodec(b *testing.B)    { bench.Codecs(b, formats(b), subject(b)) }
func BenchmarkExchange(b *testing.B) { bench.Keyby(b, formats(b), subject(b), harness.Route{}) }
