package schemas

import (
	"strings"
	"testing"
)

// Which JSON is a default of which type, and what is said of what is none.
func TestDefaults(t *testing.T) {
	const (
		enum   = `{"type": "enum", "name": "E", "symbols": ["A", "B"]}`
		fixed  = `{"type": "fixed", "name": "F", "size": 2}`
		point  = `{"type": "record", "name": "P", "fields": [{"name": "x", "type": "int"}, {"name": "y", "type": ["null", "int"], "default": null}]}`
		ints   = `{"type": "array", "items": "int"}`
		counts = `{"type": "map", "values": "long"}`
	)
	for _, tt := range []struct{ typ, value, want string }{
		{`"null"`, `null`, ""},
		{`"null"`, `0`, "0 is no null"},
		{`"null"`, `[]`, "[] is no null"},
		{`"boolean"`, `true`, ""},
		{`"boolean"`, `"true"`, `"true" is no boolean`},
		{`"int"`, `-2147483648`, ""},
		{`"int"`, `2147483648`, "2147483648 is no int"},
		{`"int"`, `1.0`, "1.0 is no int"},
		{`"int"`, `1e3`, "1e3 is no int"},
		{`"int"`, `null`, "null is no int"},
		{`"long"`, `9223372036854775807`, ""},
		{`"long"`, `9223372036854775808`, "9223372036854775808 is no long"},
		{`"float"`, `1`, ""},
		{`"float"`, `"-Infinity"`, ""},
		{`"double"`, `1.5e300`, ""},
		{`"double"`, `"NaN"`, ""},
		{`"double"`, `"1.5"`, ""},
		{`"double"`, `" 2e5 "`, ""},
		{`"double"`, `"inf"`, `"inf" is no double`},
		{`"double"`, `"nan"`, `"nan" is no double`},
		{`"double"`, `"1_000"`, `"1_000" is no double`},
		{`"double"`, `""`, `"" is no double`},
		{`"double"`, `true`, `true is no double`},
		{`"string"`, `""`, ""},
		{`"string"`, `7`, "7 is no string"},
		{`"bytes"`, `"\u00ff"`, ""},
		{`"bytes"`, `[1]`, "[1] is no bytes"},
		{fixed, `"ÿ\u0000"`, ""},
		{fixed, `2`, "2 is no F"},
		{enum, `"B"`, ""},
		{enum, `1`, "1 is no E"},
		{ints, `[]`, ""},
		{ints, `[1, 2]`, ""},
		{ints, `[1, "2"]`, `[1]: "2" is no int`},
		{ints, `{}`, `{} is no array`},
		{counts, `{"a": 1}`, ""},
		{counts, `{"a": 1, "b": 1.5}`, `b: 1.5 is no long`},
		{counts, `[]`, `[] is no map`},
		{point, `{"x": 1}`, ""},
		{point, `{"x": 1, "y": 2, "z": 3}`, ""}, // what no field has, Java passes over
		{point, `{"y": 2}`, "field x is missing and has no default"},
		{point, `{"x": null}`, "x: null is no int"},
		{point, `[1]`, "[1] is no P"},
		{`["null", "int"]`, `null`, ""},
		{`["null", "int"]`, `3`, ""}, // of the second branch: Java 1.12 takes it
		{`["null", "int"]`, `"3"`, `"3" is no union`},
		{`["int", ` + point + `]`, `{"x": 5}`, ""},
		{`["int", ` + point + `]`, `{"P": {"x": 5}}`, `{"P": {"x": 5}} is no union`},
		{`[]`, `null`, `null is no union`},
	} {
		s, err := Parse("x.avsc", []byte(record(`{"name": "f", "type": `+strings.ReplaceAll(tt.typ, `"name": "`, `"namespace": "", "name": "`)+`, "default": `+tt.value+`}`)), "")
		if tt.want == "" {
			if err != nil || s.Warnings != nil {
				t.Errorf("%s of %s: got error %v, warnings %q", tt.value, tt.typ, err, s.Warnings)
			}
			continue
		}
		if want := "x.avsc:2: $.fields[0].default: default of field f: " + tt.want; err == nil || err.Error() != want {
			t.Errorf("%s of %s: got error %v, want %s", tt.value, tt.typ, err, want)
		}
	}
}

// A default is checked when all types are known, so that it may be of a type that is defined later.
func TestDefaultOfLaterType(t *testing.T) {
	const list = `{"type": "record", "name": "List", "fields": [{"name": "next", "type": ["null", "List"], "default": null}, {"name": "d", "type": ["List", "null"], "default": %}]}`
	for value, want := range map[string]string{
		`{"next": {"next": null}}`: "",
		`{}`:                       "", // d of it has its own default
		`{"next": 7}`:              `default of field d: {"next": 7} is no union`,
	} {
		_, err := Parse("x.avsc", []byte(strings.Replace(list, "%", value, 1)), "")
		if (err == nil) != (want == "") || err != nil && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got error %v, want %s", value, err, want)
		}
	}
}
