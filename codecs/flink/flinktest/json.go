package flinktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// An object is a JSON object with its members in order, which is that in which a HashMap is filled.
type object struct {
	keys   []string
	values map[string]any
}

func (o *object) get(key string) any {
	if o == nil {
		return nil
	}
	return o.values[key]
}

// text returns the string of a member, "" if there is none.
func (o *object) text(key string) string {
	s, _ := o.get(key).(string)
	return s
}

// only returns the one member of a tagged union.
func (o *object) only() (key string, value any) { return o.keys[0], o.values[o.keys[0]] }

// parseJSON reads one value: nil, bool, json.Number, string, []any or *object. What is no JSON is a fault of the test.
func parseJSON(text []byte) any {
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	v := parseValue(in)
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		panic("more than one value")
	}
	return v
}

func parseValue(in *json.Decoder) any {
	switch token := mustToken(in); token {
	case json.Delim('{'):
		o := &object{values: map[string]any{}}
		for in.More() {
			key := mustToken(in).(string)
			o.keys = append(o.keys, key)
			o.values[key] = parseValue(in)
		}
		mustToken(in)
		return o
	case json.Delim('['):
		list := []any{}
		for in.More() {
			list = append(list, parseValue(in))
		}
		mustToken(in)
		return list
	default:
		return token
	}
}

func mustToken(in *json.Decoder) json.Token {
	token, err := in.Token()
	if err != nil {
		panic(err)
	}
	return token
}
