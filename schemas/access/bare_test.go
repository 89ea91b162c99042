package access

import (
	"math"
	"testing"
)

// What a format that writes no branches gives back is printed without a tag, numbers as numbers and bytes as text.
func TestMarshalBare(t *testing.T) {
	typ := fieldType(t, `["null", "int", "string"]`)
	text, list := "p", []any{int8(1), nil}
	for _, tt := range []struct {
		in   any
		want string
		err  string
	}{
		{nil, `null`, ""},
		{int32(7), `{"int":7}`, ""},
		{"x", `{"string":"x"}`, ""},
		{int64(7), `7`, ""},
		{uint64(math.MaxUint64), `18446744073709551615`, ""},
		{int8(-1), `-1`, ""},
		{true, `true`, ""},
		{1.5, `1.5`, ""},
		{float32(0.1), `0.1`, ""},
		{math.NaN(), `"NaN"`, ""},
		{[]byte{0, 0xff, 'a'}, `"\u0000ÿa"`, ""},
		{[2]byte{1, 2}, `[1,2]`, ""},
		{&text, `"p"`, ""},
		{(*string)(nil), `null`, ""},
		{&list, `[1,null]`, ""},
		{[]any{"a", []any{}, map[string]any{}}, `["a",[],{}]`, ""},
		{map[any]any{"b": 1, "a": []byte("é")}, `{"a":"Ã©","b":1}`, ""},
		{map[string]*string{"k": nil}, `{"k":null}`, ""},
		{named("\xff"), `"ÿ"`, ""},
		{map[int]int{1: 2}, ``, "f: a key of a map is a int, not text"},
		{map[any]any{true: 1}, ``, "f: a key of a map is a bool, not text"},
		{[]any{1, []any{struct{ X int }{1}}}, ``, "f: [1]: [0]: a struct { X int } has no JSON form"},
		{map[string]any{"k": make(chan int)}, ``, "f: {k}: a chan int has no JSON form"},
		{complex(1, 2), ``, "f: a complex128 has no JSON form"},
	} {
		v := typ.New()
		r, err := typ.Ref(v)
		if err != nil {
			t.Fatal(err)
		}
		r.SetAny(tt.in)
		got, err := MarshalBare(typ, v)
		switch {
		case tt.err != "" && (err == nil || err.Error() != tt.err):
			t.Errorf("%T %v: got %s, error %v, want error %s", tt.in, tt.in, got, err, tt.err)
		case tt.err == "" && (err != nil || string(got) != `{"f":`+tt.want+`}`):
			t.Errorf("%T %v: got %s, error %v, want %s", tt.in, tt.in, got, err, tt.want)
		}
	}
	if _, err := MarshalBare(typ, 7); err == nil {
		t.Error("what is no record is printed")
	}
}

type named string

// A number is written as the shortest text that reads back as the same.
func TestFloatText(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0.0", 1: "1.0", -1: "-1.0", 1e6: "1000000.0", 9999999: "9999999.0", 1e7: "1e+07", 0.1: "0.1", 1e-7: "1e-07", 123456.789: "123456.789",
		math.MaxFloat64: "1.7976931348623157e+308", math.SmallestNonzeroFloat64: "5e-324", math.Inf(1): `"Infinity"`, math.Inf(-1): `"-Infinity"`, 1e21: "1e+21", 0.5: "0.5",
	} {
		if got := string(appendFloat(nil, f, 64)); got != want {
			t.Errorf("%v: got %s, want %s", f, got, want)
		}
	}
	if got := string(appendFloat(nil, math.Copysign(0, -1), 64)); got != "-0.0" {
		t.Errorf("negative zero: got %s", got)
	}
	for f, want := range map[float32]string{0.1: "0.1", 16777216: "1.6777216e+07", math.MaxFloat32: "3.4028235e+38"} {
		if got := string(appendFloat(nil, float64(f), 32)); got != want {
			t.Errorf("float %v: got %s, want %s", f, got, want)
		}
	}
}
