package json

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A dissector cuts between the tokens of a text, which is valid.
type dissector struct {
	codecs.Cutter
	src []byte
	dec *json.Decoder
}

// Dissect cuts src as [codecs.Dissector] says. Quotes, brackets, commas, colons and spaces are layout, of the value that
// they open, separate or close.
func (c *codec) Dissect(src []byte) ([]codecs.Part, error) {
	d := dissector{src: src, dec: json.NewDecoder(bytes.NewReader(src))}
	d.dec.UseNumber()
	err := check(src)
	if err == nil {
		err = d.value(codecs.UntaggedOf(c.typ.Node))
	}
	if err == nil {
		d.layout(len(src))
	}
	return d.Done(len(src), err)
}

// check reports why src is not one JSON value.
func check(src []byte) error {
	if !utf8.Valid(src) {
		return errUTF8
	}
	var raw json.RawMessage
	return json.Unmarshal(src, &raw)
}

// layout cuts the punctuation up to end.
func (d *dissector) layout(end int) {
	if at := d.At(); end > at {
		d.Cut(end, codecs.Layout, strings.Join(strings.Fields(string(d.src[at:end])), ""))
	}
}

// next returns the next token and where it begins and ends.
func (d *dissector) next() (tok json.Token, begin, end int, err error) {
	begin = int(d.dec.InputOffset())
	for begin < len(d.src) && strings.IndexByte(" \t\r\n,:", d.src[begin]) >= 0 {
		begin++
	}
	tok, err = d.dec.Token()
	return tok, begin, int(d.dec.InputOffset()), err
}

func (d *dissector) value(u codecs.Untagged) error {
	tok, begin, end, err := d.next()
	if err != nil {
		return err
	}
	switch tok := tok.(type) {
	case json.Delim:
		d.layout(end)
		if tok == '{' {
			return d.object(u)
		}
		if u.Is(schemas.Fixed) && !u.Is(schemas.Array) {
			if done, err := d.fixed(u, begin); done || err != nil {
				return err
			}
		}
		return d.array(u)
	case string:
		d.layout(begin + 1)
		d.Cut(end-1, codecs.Value, textOf(u, tok))
		d.layout(end)
	case nil:
		d.layout(begin)
		d.Cut(end, codecs.Null, "null")
	default:
		d.layout(begin)
		d.Cut(end, codecs.Value, literalText(u, string(d.src[begin:end])))
	}
	return nil
}

// literalText returns what a boolean or a number says.
func literalText(u codecs.Untagged, literal string) string {
	if v, err := strconv.ParseInt(literal, 10, 64); err == nil {
		return u.Text(schemas.Long, uint64(v), "")
	}
	return literal
}

// textOf returns what the string s says, which may be base64.
func textOf(u codecs.Untagged, s string) string {
	if u.Is(schemas.Bytes) && !u.Is(schemas.String) && !u.Is(schemas.Enum) {
		if b, err := base64.StdEncoding.DecodeString(s); err == nil {
			return u.Text(schemas.Bytes, 0, string(b))
		}
	}
	return access.ScalarJSON(schemas.String, 0, s)
}

func (d *dissector) object(u codecs.Untagged) error {
	for d.dec.More() {
		tok, begin, end, err := d.next()
		if err != nil {
			return err
		}
		if err := d.member(u, tok.(string), begin, end); err != nil {
			return err
		}
	}
	return d.close()
}

// member cuts a member of an object whose key stands from begin to end. It is a field, an entry of a map, or of no field,
// which a decoder passes.
func (d *dissector) member(u codecs.Untagged, key string, begin, end int) error {
	name, field := u.Field(key, true)
	value := func() error {
		d.layout(begin + 1)
		d.Cut(end-1, codecs.FieldName, key)
		return d.value(field)
	}
	if name != "" {
		return d.Field(name, value)
	}
	if !u.Is(schemas.Map) {
		return d.Entry(key, value)
	}
	err := d.Key(func() error {
		d.layout(begin + 1)
		d.Cut(end-1, codecs.Value, textOf(nil, key))
		return nil
	})
	if err != nil {
		return err
	}
	return d.Entry(key, func() error { return d.value(u.Items(schemas.Map)) })
}

func (d *dissector) array(u codecs.Untagged) error {
	for i := 0; d.dec.More(); i++ {
		if err := d.Element(i, func() error { return d.value(u.Items(schemas.Array)) }); err != nil {
			return err
		}
	}
	return d.close()
}

// fixed cuts the list that begins at begin as the one value that it is, if it is one of bytes.
func (d *dissector) fixed(u codecs.Untagged, begin int) (bool, error) {
	end := begin + bytes.IndexByte(d.src[begin:], ']')
	var list []uint16 // of []uint8 it would want base64
	if json.Unmarshal(d.src[begin:end+1], &list) != nil {
		return false, nil
	}
	value := make([]byte, len(list))
	for i, n := range list {
		if n > math.MaxUint8 {
			return false, nil
		}
		value[i] = byte(n)
	}
	for d.dec.More() {
		if _, err := d.dec.Token(); err != nil {
			return false, err
		}
	}
	d.Cut(end, codecs.Value, u.Text(schemas.Fixed, 0, string(value)))
	return true, d.close()
}

// close cuts the bracket at the end of an object or an array.
func (d *dissector) close() error {
	_, _, end, err := d.next()
	if err == nil {
		d.layout(end)
	}
	return err
}
