package schemas

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A text is one JSON value of a schema file with the place it stands at.
type text struct {
	pos     Pos
	raw     json.RawMessage
	token   json.Token // a string, json.Number, bool or nil, if the value has no parts
	delim   json.Delim // '{' or '[', or 0
	members []member   // of an object, in order
	items   []*text    // of an array
}

type member struct {
	key   string
	value *text
}

// get returns the member named key of object t, or nil. Of several it is the last, as in Java.
func (t *text) get(key string) *text {
	for _, m := range slices.Backward(t.members) {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// str returns t as a string.
func (t *text) str() (string, bool) {
	s, ok := t.token.(string)
	return s, ok && t.delim == 0
}

const mostShown = 60 // characters of a value in an error

// show returns t for an error: in one line, and only its beginning if it is long.
func (t *text) show() string {
	line := []rune(strings.Join(strings.Fields(string(t.raw)), " "))
	if len(line) > mostShown {
		return string(line[:mostShown]) + "…"
	}
	return string(line)
}

// A textReader reads JSON and keeps the line and path of each value.
type textReader struct {
	src   []byte
	dec   *json.Decoder
	line  int // of offset
	off   int // up to where lines were counted
	depth int // of the value being read
	warn  func(pos Pos, format string, args ...any)
}

// maxDepth bounds the nesting of schema text, and so the recursion over everything made from it.
const maxDepth = 500

// parseText reads src, which must hold one JSON value. It gives warn what is odd and no error.
func parseText(src []byte, warn func(pos Pos, format string, args ...any)) (*text, error) {
	root := &Path{step: "$"}
	r := &textReader{src: src, dec: json.NewDecoder(bytes.NewReader(src)), line: 1, warn: warn}
	r.dec.UseNumber()
	t, err := r.value(root)
	if err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); err != io.EOF {
		return nil, &ParseError{Pos: Pos{r.lineAt(int(r.dec.InputOffset())), root}, Err: fmt.Errorf("text after the schema")}
	}
	return t, nil
}

// lineAt returns the line of offset off, which never falls.
func (r *textReader) lineAt(off int) int {
	if off > r.off {
		r.line += bytes.Count(r.src[r.off:off], []byte{'\n'})
		r.off = off
	}
	return r.line
}

// next returns the next token and the offset it begins at.
func (r *textReader) next(path *Path) (json.Token, int, error) {
	begin := int(r.dec.InputOffset())
	for begin < len(r.src) && strings.IndexByte(" \t\r\n,:", r.src[begin]) >= 0 {
		begin++
	}
	line := r.lineAt(begin)
	tok, err := r.dec.Token()
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		err = fmt.Errorf("the text ends within a value")
	case err == nil:
		return tok, begin, nil
	}
	return nil, 0, &ParseError{Pos: Pos{line, path}, Err: err}
}

func (r *textReader) value(path *Path) (*text, error) {
	tok, begin, err := r.next(path)
	if err != nil {
		return nil, err
	}
	t := &text{pos: Pos{r.lineAt(begin), path}, token: tok}
	if r.depth++; r.depth > maxDepth {
		t.pos.Path = &Path{step: strings.ToValidUTF8(path.String()[:40], "") + "…"}
		return nil, errAt(t, "nested more than %d deep", maxDepth)
	}
	defer func() { r.depth-- }()
	t.delim, _ = tok.(json.Delim)
	switch t.delim {
	case '{':
		err = r.object(t, path)
	case '[':
		err = r.array(t, path)
	}
	t.raw = json.RawMessage(r.src[begin:r.dec.InputOffset()])
	return t, err
}

func (r *textReader) object(t *text, path *Path) error {
	seen := map[string]bool{}
	for r.dec.More() {
		key, begin, err := r.next(path)
		if err != nil {
			return err
		}
		name := key.(string)
		if seen[name] {
			r.warn(Pos{r.lineAt(begin), path}, "%q stands twice: the last one counts, as in Java", name)
		}
		seen[name] = true
		v, err := r.value(path.member(name))
		if err != nil {
			return err
		}
		t.members = append(t.members, member{name, v})
	}
	_, _, err := r.next(path)
	return err
}

func (r *textReader) array(t *text, path *Path) error {
	for r.dec.More() {
		v, err := r.value(path.element(len(t.items)))
		if err != nil {
			return err
		}
		t.items = append(t.items, v)
	}
	_, _, err := r.next(path)
	return err
}

// toUTF8 returns the text of a file in UTF-8, without a byte order mark. UTF-16 is found by its mark or, as Java does, by
// the zero in one of the first two bytes, the other being a bracket.
func toUTF8(src []byte) ([]byte, error) {
	const mark = "\ufeff"
	switch {
	case len(src) < 2:
		return src, nil
	case src[0] == 0xfe && src[1] == 0xff, src[0] == 0 && src[1] != 0:
		return fromUTF16(src, binary.BigEndian, mark)
	case src[0] == 0xff && src[1] == 0xfe, src[0] != 0 && src[1] == 0:
		return fromUTF16(src, binary.LittleEndian, mark)
	}
	return bytes.TrimPrefix(src, []byte(mark)), nil
}

func fromUTF16(src []byte, order binary.ByteOrder, mark string) ([]byte, error) {
	if len(src)%2 == 1 {
		return nil, errors.New("it is UTF-16, but of an odd number of bytes")
	}
	out := make([]byte, 0, len(src)/2)
	for i := 0; i < len(src); i += 2 {
		c := rune(order.Uint16(src[i:]))
		if utf16.IsSurrogate(c) && i+2 < len(src) {
			if pair := utf16.DecodeRune(c, rune(order.Uint16(src[i+2:]))); pair != utf8.RuneError {
				c, i = pair, i+2
			}
		}
		out = utf8.AppendRune(out, c) // half of a pair becomes U+FFFD, as in Java
	}
	return bytes.TrimPrefix(out, []byte(mark)), nil
}

// blankComments replaces // and /* */ comments outside strings with spaces, so that lines stay where they are.
func blankComments(src []byte) []byte {
	out := bytes.Clone(src)
	for i := 0; i < len(out); i++ {
		switch {
		case out[i] == '"':
			i = endOfString(out, i)
		case bytes.HasPrefix(out[i:], []byte("//")):
			i = blank(out, i, "\n")
		case bytes.HasPrefix(out[i:], []byte("/*")):
			i = blank(out, i, "*/")
		}
	}
	return out
}

// endOfString returns the index of the quote that ends the string which begins at i.
func endOfString(src []byte, i int) int {
	for i++; i < len(src) && src[i] != '"'; i++ {
		if src[i] == '\\' {
			i++
		}
	}
	return i
}

// blank overwrites the comment at i up to and including end, newlines excepted, and returns its last index. A comment
// that ends with the text ends there; one that has to be closed and is not is left as it is, for the parser to refuse.
func blank(src []byte, i int, end string) int {
	n := bytes.Index(src[i+2:], []byte(end))
	switch {
	case n < 0 && end == "\n":
		n = len(src) - i - 2 - len(end)
	case n < 0:
		return len(src)
	}
	last := i + 2 + n + len(end) - 1
	for j := i; j <= last && j < len(src); j++ {
		if src[j] != '\n' {
			src[j] = ' '
		}
	}
	return last
}
