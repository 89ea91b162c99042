package harness

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/memcpy"
	"github.com/wirecost/wirecost/schemas"
)

const basket = `{"type": "record", "name": "Basket", "namespace": "shop", "fields": [
  {"name": "id", "type": "long"},
  {"name": "items", "type": {"type": "array", "items": {"type": "record", "name": "Item", "fields": [{"name": "sku", "type": "string"}]}}},
  {"name": "extra", "type": ["null", {"type": "map", "values": "Item"}]},
  {"name": "paid", "type": ["int", {"type": "record", "name": "Card", "fields": [{"name": "digits", "type": "string"}]}]}]}`

type ownBasket struct {
	ID    int64               `avro:"id"`
	Items []ownItem           `avro:"items"`
	Extra *map[string]ownItem `avro:"extra"`
	Paid  any                 `avro:"paid"`
}

type ownItem struct {
	SKU string `avro:"sku"`
}

type ownCard struct {
	Digits string `avro:"digits"`
}

func parse(t *testing.T, text string) *schemas.Schema {
	t.Helper()
	s, err := schemas.Parse("own.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A struct of the user's is measured as it is, records in unions included, and given as values or as pointers.
func TestSubjectOf(t *testing.T) {
	extra := map[string]ownItem{"a": {"pear"}}
	one := ownBasket{1, []ownItem{{"nut"}}, &extra, int32(5)}
	two := ownBasket{ID: 2, Paid: ownCard{"1234"}}
	for _, own := range []any{[]ownBasket{one, two, one}, []*ownBasket{&one, &two, &one}} {
		s, err := SubjectOf(parse(t, basket), own, ownCard{})
		if err != nil {
			t.Fatalf("%T: %v", own, err)
		}
		if len(s.Records) != 2 || fmt.Sprint(s.Key) != "[id]" || s.Type.New() == nil || reflect.TypeOf(s.Records[0]) != reflect.TypeFor[*ownBasket]() {
			t.Errorf("%T: got %d records of type %T and key %v, want 2 of *ownBasket and id", own, len(s.Records), s.Records[0], s.Key)
		}
		for _, f := range testLab.Formats[:2] { // memcpy, avro
			c, err := Bind(f, s)
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if err := c.Prove(); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
	}
}

// A struct that does not fit is an error that names the field.
func TestSubjectOfMisfits(t *testing.T) {
	const pair = `{"type": "record", "name": "Pair", "fields": [{"name": "a", "type": "long"}, {"name": "b", "type": "string"}]}`
	type fewer struct {
		B string `avro:"b"`
	}
	type more struct {
		A int64  `avro:"a"`
		C bool   `avro:"c"`
		B string `avro:"b"`
	}
	type wrongType struct {
		A int32  `avro:"a"`
		B string `avro:"b"`
	}
	type wrongOrder struct {
		B string `avro:"b"`
		A int64  `avro:"a"`
	}
	type untagged struct {
		A int64
		B string
	}
	type right struct {
		A int64  `avro:"a"`
		B string `avro:"b"`
	}
	for _, tt := range []struct {
		schema string
		own    any
		want   string
	}{
		{pair, []fewer{{}}, "Pair: harness.fewer has 1 of the 2 fields of record Pair: a is missing"},
		{pair, []more{{}}, "Pair: harness.more has the field C, which record Pair has not"},
		{pair, []wrongType{{}}, "Pair.a: the struct has A int32 `avro:\"a\"`, want type int64"},
		{pair, []wrongOrder{{}}, "Pair.a: the struct has B string `avro:\"b\"`, want type int64"},
		{pair, []untagged{{}}, "Pair.a: the struct has A int64 ``, want type int64"},
		{pair, []right{}, "Pair: no records"},
		{pair, []*right{{}, nil}, "Pair: record 1 is nil"},
		{pair, right{}, "Pair: want a slice of structs, got a harness.right"},
		{pair, []int{1}, "Pair: want a slice of structs, got a []int"},
		{pair, nil, "Pair: want a slice of structs, got a <nil>"},
		{basket, []ownBasket{{Paid: int32(1)}}, "paid|shop.Card: record shop.Card stands in a union, where its struct cannot be seen: pass a value of it"},
		{basket, []struct {
			ID    int64            `avro:"id"`
			Items []string         `avro:"items"`
			Extra map[string]int64 `avro:"extra"`
			Paid  any              `avro:"paid"`
		}{{}}, "shop.Basket.items[]: record shop.Item needs a struct"},
	} {
		if _, err := SubjectOf(parse(t, tt.schema), tt.own); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%T: got error %v, want %q", tt.own, err, tt.want)
		}
	}
	if _, err := SubjectOf(parse(t, basket), []ownBasket{{Paid: "text"}}, ownCard{}); err == nil || !strings.Contains(err.Error(), "paid") {
		t.Errorf("a union that holds none of its branches: got error %v, want one about paid", err)
	}
}

// A ring of any length is measured whole.
func TestBindRing(t *testing.T) {
	s, err := testLab.Subject(testData())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 3, 4, 7} {
		part := *s
		part.Records = s.Records[:n]
		b, err := Bind(memcpy.Format, &part)
		if n == 0 {
			if err == nil {
				t.Error("no records: got no error")
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range Ops {
			task, err := b.Task(op)
			if err != nil {
				t.Fatal(err)
			}
			if sum, err := task.Work(2 * n); sum != 2*b.Set || err != nil {
				t.Errorf("%s of %d records: %d B in two rings, want %d, %v", op, n, sum, 2*b.Set, err)
			}
		}
		hash, err := part.Hash(Route{Key: []string{"id"}})
		if err != nil {
			t.Fatal(err)
		}
		if sum, err := hash.Work(2 * n); sum != 2*hash.Set || err != nil {
			t.Errorf("hash of %d records: %d in two rings, want %d, %v", n, sum, 2*hash.Set, err)
		}
	}
}
