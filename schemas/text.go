package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
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

// get returns the member named key of object t, or nil.
func (t *text) get(key string) *text {
	for _, m := range t.members {
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

// show returns t for an error: in one line, and only its beginning if it is long.
func (t *text) show() string {
	const most = 60
	line := []rune(strings.Join(strings.Fields(string(t.raw)), " "))
	if len(line) > most {
		return string(line[:most]) + "…"
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
}

// maxDepth bounds the nesting of schema text, and so the recursion over everything made from it.
const maxDepth = 500

// parseText reads src, which must hold one JSON value.
func parseText(src []byte) (*text, error) {
	root := &Path{step: "$"}
	r := &textReader{src: src, dec: json.NewDecoder(bytes.NewReader(src)), line: 1}
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
			return &ParseError{Pos: Pos{r.lineAt(begin), path}, Err: fmt.Errorf("%q stands twice", name)}
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
